"""AVIF beside WebP: made when it is wanted, offered where it is smaller."""

import hashlib
import json
import os
import sqlite3
from contextlib import closing

import PIL
import pytest
from PIL import Image, features

from fakes.originals import Site, files

STEPS = ("30h", "300h")  # of the pictures drawn here the larger is worth an AVIF
SIZE = (480, 360)
BOTH = ("avif", "webp")


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "site")


def build(site, *originals, formats=BOTH, **recipe):
    return site.build(*originals, steps=STEPS, formats=formats, **recipe)


def renditions_of(site):
    return files(site.cache / "renditions")


def shown(rendition):
    with Image.open(rendition.file) as image:
        image.load()
        return image.format, image.size


def rows(site):
    """Read what the index remembers of pictures, newest last."""
    with closing(sqlite3.connect(*site.cache.glob("*.sqlite3"))) as index:
        return [json.loads(row) for (row,) in index.execute("SELECT facts FROM pictures")]


def test_an_avif_stands_beside_the_webp_of_its_size(site):
    path = site.add("a.jpg", size=SIZE)

    rendered, encoder = build(site)

    small, large = rendered[path].renditions
    [avif] = rendered[path].alternatives
    assert encoder.sizes == {"a.jpg": 3}
    assert (avif.width, avif.height) == (large.width, large.height) == (400, 300)
    assert shown(avif) == ("AVIF", (400, 300))
    assert avif.file.stat().st_size < large.file.stat().st_size
    assert avif.name.startswith("300-")
    assert avif.name.endswith(".avif")
    assert [r.file.suffix for r in (small, large)] == [".webp", ".webp"]


def test_an_avif_that_is_not_smaller_is_not_offered_and_not_made_again(site):
    path = site.photos / "plain.png"
    Image.new("RGB", SIZE, "navy").save(path)

    rendered, encoder = build(site)
    again, nothing = build(site)

    assert encoder.sizes == {"plain.png": 3}
    assert rendered[path].alternatives == ()
    assert again == rendered
    assert not nothing.sizes


def test_a_second_build_encodes_nothing(site):
    for seed in range(3):
        site.add(f"{seed}.jpg", seed, size=SIZE)
    first, _ = build(site)
    before = files(site.cache)

    second, encoder = build(site)

    assert second == first
    assert not encoder.sizes
    assert files(site.cache) == before


def test_avif_comes_to_a_cache_of_webp_without_touching_it(site):
    path = site.add("a.jpg", size=SIZE)
    alone, _ = build(site, formats=("webp",))
    before = renditions_of(site)

    both, encoder = build(site)

    assert encoder.sizes == {"a.jpg": 1}
    assert both[path].renditions == alone[path].renditions
    assert both[path].colour == alone[path].colour
    assert before.items() <= renditions_of(site).items()


@pytest.mark.parametrize("began_with", [BOTH, ("webp",)])
def test_without_avif_again_nothing_is_encoded_and_none_is_offered(site, began_with):
    path = site.add("a.jpg", size=SIZE)
    build(site, formats=began_with)
    both, _ = build(site)

    alone, encoder = build(site, formats=("webp",))

    assert not encoder.sizes
    assert alone[path].alternatives == ()
    assert alone[path].renditions == both[path].renditions


def test_the_order_of_the_formats_does_not_matter(site):
    site.add("a.jpg", size=SIZE)
    first, _ = build(site)

    second, encoder = build(site, formats=("webp", "avif"))

    assert second == first
    assert not encoder.sizes


def test_webp_alone_is_named_and_remembered_as_it_is(site):
    """Whoever changes this makes the renditions of every site anew, and names them anew."""
    path = site.add("a.jpg", size=SIZE)
    build(site, formats=("webp",))

    [[width, height, _, *renditions, _]] = rows(site)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    libwebp = features.version("webp")
    maker = (
        f"quality 78 3 Pillow {PIL.__version__} libwebp {libwebp} method 2, 4 up to 190000 pixels"
    )

    assert (width, height) == SIZE
    assert [(wide, high, key) for wide, high, _, key in renditions] == [
        (*size, hashlib.sha256(f"{digest} {made_from} {maker}".encode()).hexdigest())
        for size, made_from in (((40, 30), "40x30 400x300"), ((400, 300), "400x300"))
    ]


@pytest.mark.parametrize("damage", ["gone", "cut short", "empty"])
def test_a_spoilt_avif_is_made_again(site, damage):
    path = site.add("a.jpg", size=SIZE)
    first, _ = build(site)
    [avif] = first[path].alternatives
    if damage == "gone":
        avif.file.unlink()
    else:
        os.truncate(avif.file, 0 if damage == "empty" else avif.file.stat().st_size - 1)

    second, encoder = build(site)

    assert encoder.sizes == {"a.jpg": 1}
    assert second == first
    assert shown(avif) == ("AVIF", (400, 300))


@pytest.mark.parametrize("cut", [0, 4, 40, -1])
def test_without_an_index_a_whole_avif_is_found_again_and_a_cut_one_is_not(site, cut):
    path = site.add("a.jpg", size=SIZE)
    first, _ = build(site)
    [avif] = first[path].alternatives
    for index in site.cache.glob("*.sqlite3"):
        index.unlink()
    if cut:
        os.truncate(avif.file, cut % avif.file.stat().st_size)

    second, encoder = build(site)

    # It is always decoded again, for its colour.
    assert encoder.sizes == {"a.jpg": 1 if cut else 0}
    assert second[path].renditions == first[path].renditions
    assert second[path].alternatives == first[path].alternatives
    assert shown(avif) == ("AVIF", (400, 300))


def test_a_clone_without_originals_shows_the_webp_that_it_has(site):
    path = site.add("a.jpg", size=SIZE)
    alone, _ = build(site, formats=("webp",))
    path.unlink()

    both, encoder = build(site, path)

    assert both == alone
    assert not encoder.sizes


def test_a_clone_without_originals_offers_no_avif_that_is_not_wanted(site):
    path = site.add("a.jpg", size=SIZE)
    both, _ = build(site)
    path.unlink()

    alone, _ = build(site, path, formats=("webp",))

    assert both[path].alternatives
    assert alone[path].alternatives == ()
    assert alone[path].renditions == both[path].renditions
