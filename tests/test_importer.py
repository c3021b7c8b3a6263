"""Nothing is lost and nothing is doubled: posts become pages, once."""

import json
from dataclasses import replace

import pytest

from builders import NOON, a_comment, a_media, a_post, a_video
from fakes.camera import film as drawn_film
from fakes.importing import files, names, stamps
from fakes.source import FakeSource, hash_of, picture
from pelican_photos.errors import PhotosError
from pelican_photos.model import Unreadable
from pelican_photos.page import header_value


def test_a_post_becomes_a_page_beside_its_original(import_from, photos):
    report = import_from(FakeSource(a_post()))

    assert str(report) == "1 post: 1 new"
    assert names(photos) == [
        "photos/2024/2024-05-12-boats-at-dusk.jpg",
        "photos/2024/2024-05-12-boats-at-dusk.md",
    ]
    original = (photos / "photos/2024/2024-05-12-boats-at-dusk.jpg").read_bytes()
    assert original == picture(hash_of("https://cdn/1.jpg"))
    assert "Size: 8x10\n" in (photos / "photos/2024/2024-05-12-boats-at-dusk.md").read_text()


def test_a_video_without_a_poster_is_kept(import_from, photos):
    import_from(FakeSource(a_post(media=(a_video(picture=""),))))

    assert names(photos) == [
        "photos/2024/2024-05-12-boats-at-dusk.md",
        "photos/2024/2024-05-12-boats-at-dusk.mp4",
    ]


def test_a_film_without_a_poster_says_its_own_length_and_size(import_from, photos, tmp_path):
    film = drawn_film(tmp_path / "film.mp4").read_bytes()
    video = replace(a_video(1), picture="", duration=0.0, width=0, height=0)
    post = a_post(media=(video,))

    import_from(FakeSource(post, live=False, broken={"https://cdn/1.mp4": film}))

    text = (photos / "photos/2024/2024-05-12-boats-at-dusk.md").read_text()
    assert header_value(text, "Size") == "64x48"
    assert float(header_value(text, "Duration")) > 0
    assert str(import_from(FakeSource(post, live=False, broken={"https://cdn/1.mp4": film}))) == (
        "1 post: 1 unchanged"
    )


def test_a_second_import_changes_neither_a_byte_nor_a_time(import_from, photos):
    posts = [a_post("A", pictures=3), a_post("B", comment_count=1)]
    comments = {"instagram:B": (a_comment(),)}
    import_from(FakeSource(*posts, comments=comments))
    before, times = files(photos.parent), stamps(photos.parent)

    report = import_from(FakeSource(*posts, comments=comments))

    assert str(report) == "2 posts: 2 unchanged"
    assert files(photos.parent) == before
    assert stamps(photos.parent) == times


def test_a_known_post_asks_nothing_of_the_source(import_from):
    import_from(FakeSource(a_post()))
    again = FakeSource(a_post())

    import_from(again)

    assert again.asked == []


def test_two_posts_of_the_same_words_and_day_stay_two(import_from, photos):
    import_from(FakeSource(a_post("A"), a_post("B"), a_post("C")))

    assert len(list(photos.rglob("*.md"))) == 3


def test_the_latest_posts_are_found_behind_pinned_ones(import_from, photos):
    old = [a_post(f"old{n}", caption=f"Old {n}") for n in range(30)]
    import_from(FakeSource(*old))
    new = a_post("new", caption="New", published=NOON.replace(year=2025))

    report = import_from(FakeSource(*old[:3], new, *old[3:]), latest=True)

    assert report.count("new") == 1
    assert len(report.outcomes) == 3 + 1 + 12


def test_a_limit_counts_new_posts(import_from):
    posts = [a_post(f"P{n}", caption=f"Post {n}") for n in range(5)]

    assert str(import_from(FakeSource(*posts), limit=2)) == "2 posts: 2 new"
    assert str(import_from(FakeSource(*posts), limit=2)) == "4 posts: 2 new, 2 unchanged"


def test_a_dry_run_writes_nothing_and_fetches_nothing(import_from, photos):
    source = FakeSource(a_post("A"), a_post("B"))

    report = import_from(source, dry_run=True)

    assert str(report) == "2 posts: 2 new"
    assert source.asked == []
    assert files(photos.parent) == {}


def test_half_an_emoji_anywhere_harms_nothing(import_from, photos):
    half = "a \ud83d b"
    post = a_post(caption=half, comment_count=1, music=half, media=(a_media(alt=half),))
    comments = {"instagram:CxYz": (a_comment(text=half),)}

    import_from(FakeSource(post, comments=comments))

    assert str(import_from(FakeSource(post, comments=comments))) == "1 post: 1 unchanged"
    [page] = photos.rglob("*.md")
    assert "Alt: a \ufffd b\n" in page.read_text()


def test_a_post_that_nobody_understands_harms_no_other_and_keeps_its_raw_answer(
    import_from, photos
):
    odd = Unreadable(uid="instagram:Odd", reason="it has no date", raw={"code": "Odd"})

    report = import_from(FakeSource(odd, a_post()))

    assert str(report) == "2 posts: 1 new, 1 not understood"
    assert report.incomplete
    raw = list((photos.parent / ".photos/raw").glob("instagram-Odd*"))
    assert json.loads(raw[0].read_text()) == {"code": "Odd"}
    report = import_from(FakeSource(a_post("Odd", caption="Odd"), a_post()))

    assert str(report) == "2 posts: 1 new, 1 unchanged"


def test_a_post_without_a_picture_is_said_and_comes_when_it_has_one(import_from, photos):
    assert str(import_from(FakeSource(a_post(media=())))) == "1 post: 1 not understood"

    assert str(import_from(FakeSource(a_post()))) == "1 post: 1 new"
    assert len(list(photos.rglob("*.jpg"))) == 1


def test_one_post_that_cannot_be_read_stops_no_other(import_from, photos):
    odd = Unreadable(uid="instagram:Odd", reason="no address of video 1")
    import_from(FakeSource(odd, a_post("A", caption="A")))

    report = import_from(FakeSource(odd, a_post("A", caption="A"), a_post("B", caption="B")))

    assert str(report) == "3 posts: 1 new, 1 unchanged, 1 not understood"


def test_the_raw_answer_is_kept_byte_for_byte_in_meaning(import_from, photos):
    raw = {"code": "CxYz", "caption": {"text": "Boats \ud83d"}, "unknown": [1, None]}

    import_from(FakeSource(a_post(raw=raw)))

    [file] = (photos.parent / ".photos/raw").iterdir()
    assert json.loads(file.read_text()) == raw


def test_a_hostile_caption_cannot_forge_a_key(import_from, photos):
    import_from(
        FakeSource(a_post(caption="Title\u2028Status: draft\nTemplate: album\n\n---\nUid: x"))
    )

    [page] = photos.rglob("*.md")
    header = page.read_text().split("\n\n")[0]
    assert [line.split(":")[0] for line in header.split("\n")] == [
        *("Title", "Date", "Template", "Uid", "Original", "Size", "Syndication"),
    ]


def test_what_a_killed_run_left_is_swept(import_from, photos):
    folder = photos / "photos" / "2024"
    folder.mkdir(parents=True)
    (folder / ".x.jpg.123.photos-part").write_bytes(b"half")

    import_from(FakeSource(a_post()))

    assert not list(folder.glob(".*"))


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(import_from, photos):
    (photos / "photos").write_text("a file where the folder should be")

    with pytest.raises(PhotosError, match="cannot be written"):
        import_from(FakeSource(a_post()))


def test_dates_are_kept_to_the_second_in_utc(import_from, photos):
    import_from(FakeSource(replace(a_post(), published=NOON.replace(second=59, microsecond=5))))

    [page] = photos.rglob("*.md")
    assert "Date: 2024-05-12 12:00:59+00:00\n" in page.read_text()
