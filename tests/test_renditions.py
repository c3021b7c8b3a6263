import io
import os
import shutil

import pytest
from PIL import Image

from fakes import pictures
from fakes.originals import SMALL, Site, files
from fakes.pictures import save
from pelican_photos import images
from pelican_photos.renditions import Renditions


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "site")


# Rendering


def test_each_original_gets_its_renditions_in_the_order_of_the_originals(site):
    paths = [site.add(f"{name}.jpg", seed) for seed, name in enumerate("cabd")]

    rendered, _ = site.build(*paths)

    assert list(rendered) == paths
    for entry in rendered.values():
        assert (entry.width, entry.height, entry.problem) == (160, 120, "")
        assert [(r.width, r.height) for r in entry.renditions] == [(40, 30), (80, 60)]
        for rendition in entry.renditions:
            assert Image.open(io.BytesIO(rendition.file.read_bytes())).size == (
                rendition.width,
                rendition.height,
            )
            assert site.cache in rendition.file.parents


def test_a_name_is_the_height_and_a_hash_of_all_that_made_it(site):
    one, other = site.add("a.jpg", 1), site.add("b.jpg", 2)
    first, _ = site.build()
    finer, _ = site.build(quality=90)

    names = [entry.renditions[0].name for entry in (first[one], first[other], finer[one])]

    assert len(set(names)) == 3
    assert all(name.startswith("30-") and len(name) == len("30-1a2b3c4d.webp") for name in names)


def test_the_same_picture_under_many_names_is_no_conflict(site):
    path = site.add("0.jpg")
    for number in range(1, 8):
        shutil.copy(path, site.photos / f"{number}.jpg")

    rendered, _ = site.build(workers=4)

    assert len({(entry.colour, entry.renditions) for entry in rendered.values()}) == 1


@pytest.mark.parametrize("name", ["a\0b.jpg", "a" * 300 + ".jpg", "caf\udce9.jpg", "new\nline.jpg"])
def test_a_strange_name_is_a_problem_at_most(site, name):
    path = site.photos / name

    rendered, _ = site.build(path)

    assert rendered[path].problem


def test_a_turned_original_is_measured_as_it_is_seen(site):
    path = save(site.photos / "a.jpg", pictures.scene(160, 120), orientation=6)

    rendered, _ = site.build()

    assert (rendered[path].width, rendered[path].height) == (160, 120)


def test_progress_counts_what_had_to_be_looked_at(site):
    for seed in range(3):
        site.add(f"{seed}.jpg", seed)
    told = []
    site.build(progress=lambda done, total: told.append((done, total)))
    site.build(progress=lambda done, total: told.append((done, total)))

    assert told == [(1, 3), (2, 3), (3, 3)]


def test_no_more_pictures_are_in_memory_than_there_are_workers(site):
    for seed in range(12):
        site.add(f"{seed}.jpg", seed)

    _, encoder = site.build(workers=3)

    assert encoder.most_at_once <= 3


def test_one_corrupt_file_is_reported_and_harms_no_other(site):
    paths = [site.add(f"{seed}.jpg", seed) for seed in range(5)]
    pictures.truncated(paths[2], paths[2])

    rendered, _ = site.build()

    assert [bool(entry.problem) for entry in rendered.values()] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert "2.jpg is truncated or corrupt" in rendered[paths[2]].problem
    assert rendered[paths[2]].renditions == ()
    assert all(len(rendered[path].renditions) == 2 for path in paths if path != paths[2])


def test_a_mended_file_is_no_problem_any_more(site):
    path = site.add("a.jpg")
    whole = path.read_bytes()
    pictures.truncated(path, path)
    site.build()
    path.write_bytes(whole)

    rendered, _ = site.build()

    assert rendered[path].problem == ""


# Doing nothing twice


def test_a_second_build_encodes_nothing_and_writes_nothing(site):
    for seed in range(4):
        site.add(f"{seed}.jpg", seed)
    first, encoder = site.build()
    before = files(site.cache)

    second, again = site.build()

    assert sum(encoder.sizes.values()) == 8
    assert not again.sizes
    assert second == first
    assert files(site.cache) == before


def test_a_second_build_opens_no_original(site):
    path = site.add("a.jpg")
    first, _ = site.build()
    status = path.stat()
    with path.open("r+b") as file:  # same inode, same size, same time: only reading would tell
        file.write(bytes(status.st_size))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    second, encoder = site.build()

    assert second == first
    assert not encoder.sizes


def test_only_what_was_added_is_encoded(site):
    site.add("a.jpg", 1)
    site.build()
    site.add("b.jpg", 2)

    _, encoder = site.build()

    assert encoder.sizes == {"b.jpg": 2}


def test_a_replacement_with_an_older_time_is_noticed(site):
    path = site.add("a.jpg", 1)
    first, _ = site.build()
    replacement = site.add("b.jpg", 2)
    os.utime(replacement, (1_000_000_000, 1_000_000_000))
    replacement.replace(path)

    second, encoder = site.build()

    assert encoder.sizes == {"a.jpg": 2}
    assert second[path].renditions != first[path].renditions


def test_a_new_time_alone_encodes_nothing(site):
    path = site.add("a.jpg")
    first, _ = site.build()
    os.utime(path, (1_000_000_000, 1_000_000_000))

    second, encoder = site.build()

    assert second == first
    assert not encoder.sizes


def test_a_renamed_original_is_not_encoded_again(site):
    path = site.add("a.jpg")
    first, _ = site.build()
    moved = path.rename(site.photos / "b.jpg")

    second, encoder = site.build()

    assert second[moved] == first[path]
    assert not encoder.sizes


def test_another_quality_makes_everything_again_and_the_old_one_is_still_there(site):
    for seed in range(3):
        site.add(f"{seed}.jpg", seed)
    first, _ = site.build()

    _, finer = site.build(quality=90)
    back, encoder = site.build()

    assert finer.sizes == {"0.jpg": 2, "1.jpg": 2, "2.jpg": 2}
    assert not encoder.sizes
    assert back == first


def test_one_more_step_makes_that_size_and_those_that_are_made_from_it(site):
    path = site.add("a.jpg")
    first, _ = site.build()

    smaller, encoder = site.build(steps=("20h", *SMALL))
    assert encoder.sizes == {"a.jpg": 1}
    assert smaller[path].renditions[1:] == first[path].renditions

    larger, encoder = site.build(steps=(*SMALL, "100h"))
    assert encoder.sizes == {"a.jpg": 3}
    assert not {each.name for each in larger[path].renditions} & {
        each.name for each in first[path].renditions
    }


def test_whatever_the_cache_held_before_a_name_stands_for_the_same_bytes(site, tmp_path):
    """Sites are built on several machines, and a rendition is never asked for twice."""
    site.add("a.jpg", size=(240, 180))
    for steps in (("24h",), ("24h", "60h"), ("24h", "60h", "120h"), ("40h", "120h")):
        site.build(steps=steps)
    grown = {file.name: file.read_bytes() for file in site.cache.rglob("*.webp")}

    for number, steps in enumerate((("24h", "60h", "120h"), ("40h", "120h"), ("24h",))):
        fresh = Renditions(tmp_path / f"fresh-{number}", steps=steps, quality=78)
        for rendered in fresh.render(site.originals()).values():
            for each in rendered.renditions:
                assert each.file.read_bytes() == grown[each.file.name]


# Without originals, on other machines, in bad company


def test_a_clone_without_originals_gets_what_the_cache_holds(site):
    site.add("a.jpg")
    first, _ = site.build()
    [path] = site.originals()
    path.unlink()

    second, encoder = site.build(path)

    assert second == first
    assert not encoder.sizes


def test_a_clone_without_originals_makes_do_with_an_older_recipe(site):
    path = site.add("a.jpg")
    first, _ = site.build()
    path.unlink()

    second, _ = site.build(path, quality=90)

    assert second == first


def test_of_several_older_recipes_the_newest_that_is_whole_is_shown(site):
    path = site.add("a.jpg")
    first, _ = site.build(quality=70)
    second, _ = site.build(quality=80)
    newest, _ = site.build(quality=85)
    path.unlink()

    shown = []
    for lost in (newest, second, first):
        [entry] = site.build(path, quality=90)[0].values()
        shown.append(entry)
        lost[path].renditions[0].file.unlink()

    assert shown == [newest[path], second[path], first[path]]
    assert "is missing" in site.build(path, quality=90)[0][path].problem


def test_a_missing_original_that_was_never_seen_is_a_problem(site):
    path = site.photos / "gone.jpg"

    rendered, _ = site.build(path)

    assert "gone.jpg is missing" in rendered[path].problem
    assert rendered[path].renditions == ()


def test_the_cache_moves_to_another_machine(site, tmp_path):
    site.add("a.jpg")
    first, _ = site.build()
    other = Site(tmp_path / "elsewhere" / "clone")
    shutil.copytree(site.root, other.root, dirs_exist_ok=True)
    [copied] = other.originals()

    with_originals, encoder = other.build()
    copied.unlink()
    without, _ = other.build(copied)

    assert not encoder.sizes
    assert with_originals == without
    assert [r.name for r in without[copied].renditions] == [
        r.name for entry in first.values() for r in entry.renditions
    ]
    assert other.cache in without[copied].renditions[0].file.parents


def test_a_file_that_cannot_be_opened_is_a_problem_of_its_own(site):
    site.add("a.jpg")
    (site.photos / "b.jpg").mkdir()

    rendered, _ = site.build()

    assert [entry.problem for entry in rendered.values()] == [
        "",
        f"{site.photos / 'b.jpg'} cannot be read: Is a directory",
    ]


def test_an_original_that_changes_while_it_is_read_is_not_filed_under_a_wrong_name(site):
    path = site.add("a.jpg", 1)
    other = site.add("b.jpg", 2)

    def encode(path, sizes, **how):
        other.replace(path)
        return images.encode(path, sizes, **how)

    cache = Renditions(site.cache, steps=SMALL, quality=78, encode=encode)
    rendered = cache.render([path])

    assert "changed while it was read" in rendered[path].problem
    assert not list(site.cache.rglob("*.webp"))
