"""Page files are found below a folder, and it is known where nobody could look."""

import os
import shutil

import pytest

from builders import a_photo, an_album
from pelican_photos.errors import PageError
from pelican_photos.library import Library
from pelican_photos.page_files import page_files

TRIP = an_album("trip", status="skip")
OF_THE_TRIP = a_photo("trip-1", album="trip", position=1)


def away(folder):
    """Make a link to a disk that is not there now."""
    (folder / "own").symlink_to(folder / "disk" / "own")
    return folder / "own"


def with_a_dot(folder):
    (folder / "own.old").symlink_to(folder / "disk" / "own")
    return folder / "own.old"


def closed(folder):
    """Make a folder that the system does not open by its path, whoever asks: it is too deep."""
    name = "own" * 80
    place = os.open(folder, os.O_RDONLY)
    for _ in range(20):
        os.mkdir(name, dir_fd=place)
        inner = os.open(name, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = inner
    os.close(place)
    return folder / name


@pytest.fixture(autouse=True)
def _swept(tmp_path):
    """Leave no folder behind that nobody can look into: other tests look around."""
    yield
    shutil.rmtree(tmp_path)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos" / "2024").mkdir(parents=True)
    return tmp_path / "photos"


def test_pages_are_found_in_folders_and_through_links(folder, tmp_path):
    (tmp_path / "far").mkdir()
    (folder / "2024" / "far").symlink_to(tmp_path / "far")
    names = ["a.md", "2024/b.md", "2024/far/c.md", "2024/d.txt", "2024/.e.md", ".f/g.md"]
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()

    found = page_files(folder)

    assert found.files == [str(folder / name) for name in ("2024/b.md", "2024/far/c.md", "a.md")]
    assert found.unlisted == {}


def test_a_site_without_photos_has_no_pages(tmp_path):
    assert page_files(tmp_path / "photos") == ([], {})


@pytest.mark.parametrize("shut", [away, with_a_dot, closed])
def test_what_nobody_could_look_into_is_named(folder, shut):
    place = shut(folder)

    [(named, why)] = page_files(folder).unlisted.items()

    assert named.startswith(str(place))
    assert why in ("it is a link that leads nowhere", "File name too long")


def test_photos_on_a_disk_that_is_away_are_not_taken_for_none(tmp_path):
    (tmp_path / "media").symlink_to(tmp_path / "disk")
    library = Library(tmp_path, "media/photos")

    assert list(library.stored()) == []
    assert library.problems == ["media cannot be looked into: it is a link that leads nowhere"]
    with pytest.raises(PageError, match="media cannot be looked into"):
        library.find("instagram:another")


@pytest.mark.parametrize("shut", [away, with_a_dot, closed])
def test_what_is_hidden_may_be_closed(folder, shut):
    (folder / ".trash").mkdir()
    shut(folder / ".trash")

    assert page_files(folder) == ([], {})


def test_a_missing_picture_behind_a_link_is_none_of_it(folder):
    (folder / "2024" / "boats.jpg").symlink_to(folder / "annexed")

    assert page_files(folder).unlisted == {}


@pytest.mark.parametrize("shut", [away, with_a_dot, closed])
def test_photos_wait_while_the_page_of_their_album_may_be_out_of_sight(tmp_path, shut):
    library = Library(tmp_path, "photos")
    for page in (a_photo("boats"), OF_THE_TRIP):
        library.add(page).with_suffix(".jpg").touch()
    shut(tmp_path / "photos")

    assert [path for path, _ in library.originals()] == ["photos/2024/boats.jpg"]
    [problem] = library.problems
    assert problem.startswith("photos/own")
    assert "cannot be looked into" in problem

    library.add(TRIP)
    assert [path for path, _ in library.originals()] == ["photos/2024/boats.jpg"]


def test_an_album_beside_its_photo_says_who_may_see_it_whatever_else_is_closed(tmp_path):
    library = Library(tmp_path, "photos")
    for page in (an_album("trip"), OF_THE_TRIP):
        library.add(page)
    away(tmp_path / "photos")

    assert [path for path, _ in library.originals()] == ["photos/2024/trip-1.jpg"]


def test_no_photo_is_taken_for_new_while_its_page_may_be_out_of_sight(tmp_path):
    library = Library(tmp_path, "photos")
    library.add(a_photo("boats"))
    away(tmp_path / "photos")

    with pytest.raises(PageError, match="not known which photos are here"):
        Library(tmp_path, "photos").find("instagram:another")
