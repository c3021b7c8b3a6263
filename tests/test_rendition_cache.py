import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from PIL import Image

from fakes.originals import SMALL, Site, files, leftovers
from pelican_photos.errors import PhotosError


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "site")


@pytest.mark.parametrize("damage", ["gone", "cut short", "empty"])
def test_a_spoilt_rendition_is_made_again(site, damage):
    path = site.add("a.jpg")
    first, _ = site.build()
    spoilt = first[path].renditions[1].file
    if damage == "gone":
        spoilt.unlink()
    else:
        os.truncate(spoilt, 0 if damage == "empty" else 40)

    second, encoder = site.build()

    assert encoder.sizes == {"a.jpg": 1}
    assert second == first
    assert Image.open(io.BytesIO(spoilt.read_bytes())).size == (80, 60)


@pytest.mark.parametrize("then", [{}, {"steps": ("60h",)}])
def test_a_rendition_that_somebody_edited_in_the_output_is_made_again(site, tmp_path, then):
    """A hard link: the file on the shelf is the same, and still a whole picture."""
    path = site.add("a.jpg")
    first, _ = site.build()
    site.build(quality=90)
    edited = first[path].renditions[1].file
    content = edited.read_bytes()
    (tmp_path / "served.webp").hardlink_to(edited)
    Image.new("RGB", (80, 60), "red").save(tmp_path / "served.webp")
    assert edited.read_bytes() != content

    second, encoder = site.build(**then)

    assert encoder.sizes == {"a.jpg": 1}
    assert edited.read_bytes() == content
    assert second[path].renditions[-1] == first[path].renditions[1]


@pytest.mark.parametrize("remembered", [True, False])
@pytest.mark.parametrize("lost", range(4))
def test_a_rendition_that_is_lost_comes_back_byte_for_byte(site, lost, remembered):
    path = site.add("a.jpg", size=(240, 180))
    first, _ = site.build(steps=("24h", "32h", "60h", "120h"))
    file = first[path].renditions[lost].file
    content = file.read_bytes()
    file.unlink()
    if not remembered:
        for index in site.cache.glob("*.sqlite3"):
            index.unlink()

    second, encoder = site.build(steps=("24h", "32h", "60h", "120h"))

    assert encoder.sizes == {"a.jpg": 1}
    assert file.read_bytes() == content
    assert second == first


@pytest.mark.parametrize(("before", "after"), [(SMALL, SMALL[1:]), (SMALL[1:], SMALL)])
def test_the_colour_is_that_of_a_build_from_nothing_after_other_sizes(site, before, after):
    for seed in range(20):
        site.add(f"{seed}.png", seed)
    site.build(steps=before)
    changed, _ = site.build(steps=after)
    shutil.rmtree(site.cache)
    expected, _ = site.build(steps=after)

    assert [it.colour for it in changed.values()] == [it.colour for it in expected.values()]


@pytest.mark.parametrize("damage", ["text", "middle", "empty", "other tables", "gone"])
def test_a_corrupt_index_is_rebuilt_and_its_renditions_are_found_again(site, damage):
    for seed in range(30):
        site.add(f"{seed}.png", seed, size=(80, 64))
    first, _ = site.build()
    [index] = site.cache.glob("*.sqlite3")
    content = index.read_bytes()
    if damage == "gone":
        index.unlink()
    elif damage == "other tables":
        index.unlink()
        with closing(sqlite3.connect(index)) as connection:
            connection.execute("CREATE TABLE originals (something, different)")
    else:
        middle = content[:4096] + b"\xff" * (len(content) - 4096)
        index.write_bytes({"text": b"not an index", "middle": middle, "empty": b""}[damage])

    second, encoder = site.build()
    third, nothing = site.build()

    assert [entry.renditions for entry in second.values()] == [
        entry.renditions for entry in first.values()
    ]
    assert set(encoder.sizes.values()) <= {0}  # decoded for their colours, and not encoded
    assert third == second
    assert not nothing.sizes


def test_an_interrupted_build_keeps_what_is_done(site):
    for seed in range(12):
        site.add(f"{seed:02}.jpg", seed)

    def interrupt(done, total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        site.build(progress=interrupt, pause=0.1)
    done = len(list(site.cache.rglob("*.webp"))) // 2
    _, encoder = site.build()

    assert 4 <= done < 12
    assert len(encoder.sizes) <= 12 - 4
    assert leftovers(site.cache) == []


BUILD = """
import sys
from pathlib import Path
from pelican_photos.renditions import Renditions
root = Path(sys.argv[1])
cache = Renditions(root / ".cache" / "photos", steps=("30h", "60h"), quality=78, workers=2)
def progress(done, total):
    print(done, flush=True)
rendered = cache.render(sorted((root / "content" / "photos").iterdir()), progress)
assert not any(entry.problem for entry in rendered.values())
"""


def start_build(site, script=BUILD):
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script, site.root],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_killed_build_loses_nothing_that_was_done(site):
    for seed in range(60):
        site.add(f"{seed:02}.jpg", seed, size=(640, 480))
    with start_build(site) as build:
        for _ in range(30):
            build.stdout.readline()
        build.send_signal(signal.SIGKILL)
    before = files(site.cache / "renditions")

    rendered, encoder = site.build()

    large = [entry.renditions[1].file for entry in rendered.values()]
    kept = [path for path in large if path in before]
    assert len(kept) >= 30
    assert all(path.stat().st_ino == before[path] for path in kept)
    # What the build had no time to note is decoded again, for its colour.
    assert len(encoder.sizes) <= 60 - 25
    assert sum(encoder.sizes.values()) <= 2 * 60 - len(kept)


@pytest.mark.slow
def test_two_builds_at_once_do_not_disturb_each_other(site):
    for seed in range(40):
        site.add(f"{seed:02}.jpg", seed)

    builds = [start_build(site), start_build(site)]
    answers = [build.communicate(timeout=60) for build in builds]

    assert [build.returncode for build in builds] == [0, 0], answers
    _, encoder = site.build()
    assert not encoder.sizes
    assert leftovers(site.cache) == []


def test_what_a_killed_build_left_half_written_is_swept_away(site):
    site.add("a.jpg")
    unfinished = site.cache / "renditions" / "unfinished"
    unfinished.mkdir(parents=True)
    old, fresh = unfinished / "old", unfinished / "fresh"
    for path in (old, fresh):
        path.write_bytes(b"RIFF")
    os.utime(old, (time.time() - 90_000,) * 2)

    site.build()

    assert leftovers(site.cache) == [fresh]


def test_a_full_disk_is_one_sentence_and_leaves_no_half_file(site):
    site.add("a.jpg", size=(640, 480))
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"
        + BUILD.replace("60h", "480h").replace("78", "95")
    )

    _, errors = start_build(site, script).communicate(timeout=60)

    assert "PhotosError" in errors.splitlines()[-1]
    assert "cannot be stored: File too large; free some space" in errors.splitlines()[-1]
    assert leftovers(site.cache) == []
    assert all(path.stat().st_size < 40_000 for path in site.cache.rglob("*.webp"))


def test_a_cache_that_cannot_be_written_is_one_sentence(site):
    site.add("a.jpg")
    site.cache.parent.mkdir()
    site.cache.write_text("a file where a folder should be")

    with pytest.raises(PhotosError, match="choose another folder in PHOTOS_CACHE"):
        site.build()
