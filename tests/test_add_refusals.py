"""What is not added, or only when it is wanted all the same: duplicates, ruins, too many."""

from datetime import UTC, datetime

import pytest
from PIL import Image

from builders import a_media, a_post
from fakes import camera, pictures
from fakes.adding import AddingSite
from fakes.importing import imported
from fakes.source import FakeSource
from pelican_photos.errors import ImageError, SettingsError


@pytest.fixture
def site(tmp_path):
    return AddingSite(tmp_path / "site")


def test_a_file_that_is_on_the_site_is_refused_with_its_page(site, card):
    file = camera.photo(card / "a.jpg", words="Boats")
    site.add(file)
    before = site.text()

    for anyway in (False, True):
        with pytest.raises(SettingsError) as refused:
            site.add(file, anyway=anyway)
        assert "is on the site already: content/photos/2024/2024-05-12-boats.md" in str(
            refused.value
        )
    assert site.text() == before


def test_a_file_that_is_in_an_album_here_is_refused_too(site, card):
    files = [camera.photo(card / f"{n}.jpg", n) for n in (1, 2)]
    site.add(*files, caption="Harbour")

    with pytest.raises(SettingsError, match=r"2024-05-12-harbour-2\.md"):
        site.add(files[1])


def test_among_separate_files_those_that_are_here_are_left_out(site, card):
    files = [camera.photo(card / f"{n}.jpg", n) for n in (1, 2)]
    site.add(files[0])

    said = site.add(*files, separately=True)

    assert "1.jpg is on the site already" in said
    assert len(site.pages()) == 2


@pytest.mark.parametrize("zone", ["Nowhere/Else", "../../etc/passwd", "Europe"])
def test_a_time_zone_that_is_none_is_named(tmp_path, card, zone):
    site = AddingSite(tmp_path / "other", TIMEZONE=zone)

    with pytest.raises(SettingsError, match=r"TIMEZONE is .* should be a name like Europe/Lisbon"):
        site.add(camera.photo(card / "a.jpg"))


def test_the_same_file_twice_is_refused(site, card):
    file = camera.photo(card / "a.jpg")
    (card / "b.jpg").write_bytes(file.read_bytes())

    with pytest.raises(SettingsError, match="are the same"):
        site.add(file, card / "b.jpg")
    assert site.pages() == {}


def test_what_looks_alike_is_refused_unless_it_is_wanted(site, card):
    site.add(camera.photo(card / "a.jpg", words="Boats"))
    smaller = camera.photo(card / "b.jpg", size=(90, 68), words="Boats")

    with pytest.raises(SettingsError, match=r"b\.jpg looks like content/.*; --anyway adds it"):
        site.add(smaller)
    site.add(smaller, anyway=True)

    assert len(site.pages()) == 2
    assert len(site.originals()) == 2


def test_what_was_deleted_comes_back_only_when_it_is_wanted(site, card):
    file = camera.photo(card / "a.jpg", words="Boats")
    site.add(file)
    uid = site.page().uid
    for left in site.photos.rglob("*boats*"):
        left.unlink()

    with pytest.raises(SettingsError, match="and you deleted it; --anyway"):
        site.add(file)
    site.add(file, anyway=True)

    assert site.page().uid == f"{uid}-2"
    assert site.ledger().get(uid) is not None


def test_an_unreadable_file_among_good_ones_stops_all_of_them(site, card):
    good = camera.photo(card / "a.jpg", 1)
    bad = pictures.truncated(card / "b.jpg", camera.photo(card / "c.jpg", 2))

    with pytest.raises(ImageError, match=r"b\.jpg is truncated"):
        site.add(good, bad)
    assert not site.photos.exists()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path.write_text("words"), "is of no kind that is known here"),
        (lambda path: path.touch(), "is empty"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: Image.new("RGB", (8, 8)).save(path, "TIFF"), "is of no kind"),
        (lambda path: path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(99)), "was cut short"),
        (lambda path: path.symlink_to("nowhere"), "cannot be read"),
    ],
)
def test_what_is_no_picture_or_film_is_refused_in_one_line(site, card, make, why):
    make(card / "a\n\x1b[31m.jpg")

    with pytest.raises(SettingsError, match=why) as refused:
        site.add(camera.photo(card / "good.jpg"), card / "a\n\x1b[31m.jpg")
    assert "\n" not in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_more_than_an_album_holds_is_refused_with_a_way_out(site, card):
    files = [camera.plain(card / f"{n}.png", n, (16, 16)) for n in range(21)]

    with pytest.raises(SettingsError, match=r"21 files: an album holds 20 at most; .*--separately"):
        site.add(*files)
    site.add(*files, separately=True)
    assert len(site.pages()) == 21


def test_a_poster_without_a_film_is_refused(site, card):
    with pytest.raises(SettingsError, match="there are 0 films"):
        site.add(camera.photo(card / "a.jpg"), posters=(card / "a.jpg",))


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["nowhere.jpg"], 2, "photostream: "),
        (["a.jpg", "--date", "soon"], 2, "photostream: --date 'soon': should read like"),
        (["a.jpg", "--publish"], 2, "photostream: "),
    ],
)
def test_a_mistake_is_one_line_and_a_status(site, words, status, sentence):
    camera.photo(site.root / "a.jpg")
    ended = site.command(*words)

    assert ended.returncode == status
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1
    assert not site.photos.exists()


def test_a_file_is_never_taken_for_a_post_that_it_resembles(site, card, tmp_path):
    """One that Instagram gave, of the same second, with the same words and nearly the same look."""
    file = camera.photo(card / "a.jpg", words="Boats")
    smaller = camera.photo(tmp_path / "small.jpg", size=(120, 90), taken="")
    moment = datetime(2024, 5, 12, 17, 3, tzinfo=UTC)
    post = a_post(published=moment, caption="Boats", media=(a_media(picture="https://cdn/1.jpg"),))
    source = FakeSource(post, broken={"https://cdn/1.jpg": smaller.read_bytes()})
    imported(site.root / "content", source)

    with pytest.raises(SettingsError, match="looks like"):
        site.add(file)
    site.add(file, anyway=True)

    uids = {page.uid for page in site.pages().values()}
    assert len(uids) == 2
    assert post.uid in uids
