import os
import shutil

import pytest

from fakes.originals import SMALL, Site
from pelican_photos.errors import PhotosError
from pelican_photos.renditions import Renditions


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "site")


@pytest.fixture
def cache(site):
    return Renditions(site.cache, steps=SMALL, quality=78)


@pytest.fixture
def rendition(site, cache):
    return cache.render([site.add("a.jpg")])[site.photos / "a.jpg"].renditions[0]


def test_a_rendition_is_linked_and_not_copied(cache, rendition, tmp_path):
    target = tmp_path / "output" / "photos" / rendition.name
    cache.link(rendition, target)
    before = target.parent.stat().st_mtime_ns
    cache.link(rendition, target)

    assert target.samefile(rendition.file)
    assert target.parent.stat().st_mtime_ns == before
    assert target.stat().st_mode & 0o044 == rendition.file.stat().st_mode & 0o044
    assert [path.name for path in target.parent.iterdir()] == [rendition.name]


def test_what_is_not_the_rendition_is_replaced(cache, rendition, tmp_path):
    target = tmp_path / rendition.name
    target.write_bytes(b"\0" * rendition.file.stat().st_size)

    cache.link(rendition, target)

    assert target.samefile(rendition.file)


def test_a_copy_of_the_rendition_is_left_alone(cache, rendition, tmp_path):
    target = tmp_path / rendition.name
    shutil.copyfile(rendition.file, target)
    before = target.stat().st_ino

    cache.link(rendition, target)

    assert target.stat().st_ino == before


def test_where_links_fail_it_is_copied(cache, rendition, another_disk):
    folder = another_disk / "output"

    cache.link(rendition, folder / rendition.name)

    assert (folder / rendition.name).read_bytes() == rendition.file.read_bytes()
    assert len(list(folder.iterdir())) == 1


def test_a_target_that_cannot_be_written_is_named(cache, rendition, tmp_path):
    (tmp_path / "output").write_text("a file where a folder should be")

    with pytest.raises(PhotosError, match="cannot be written: "):
        cache.link(rendition, tmp_path / "output" / rendition.name)


def test_what_is_known_and_linked_is_looked_at_once(site, cache, monkeypatch, tmp_path):
    """A call to the system takes longer than all else that there is to do."""
    path = site.add("a.jpg")

    def build(cache):
        for rendition in cache.render([path])[path].renditions:
            cache.link(rendition, f"{tmp_path}/output/{rendition.name}")

    build(cache)
    looked_at, stat = [], os.stat

    def counting(file, *words, **options):
        looked_at.append(str(file)[-4:])
        return stat(file, *words, **options)

    monkeypatch.setattr(os, "stat", counting)
    build(Renditions(site.cache, steps=SMALL, quality=78))

    assert looked_at.count(".jpg") == 1
    assert looked_at.count("webp") == 2 * len(SMALL)
