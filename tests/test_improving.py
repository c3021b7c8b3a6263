"""A better file takes the place of a worse one, and nothing else ever does."""

import json
from dataclasses import replace

import pytest

from builders import a_media, a_post, a_video
from fakes.importing import names
from fakes.pictures import saved_scene
from fakes.source import FakeSource, cut_short
from pelican_photos.model import Edition
from pelican_photos.page import header_value

SLUG = "2024-05-12-boats-at-dusk"
SMALL, LARGE = saved_scene(108), saved_scene(144)


def live(code="CxYz", **changes):
    media = {"id": f"30{code}", "names": (f"1_{code}_n",)} | changes
    return a_post(code, media=(a_media(1, **media),), edition=Edition(3))


def exported(post):
    [media] = post.media
    media = replace(media, id="", picture="export.jpg", width=0)
    return replace(
        post, uid="instagram-export:17841400000000001", media=(media,), edition=Edition(1)
    )


def export(offered):
    return FakeSource(exported(live()), live=False, broken={"export.jpg": offered})


def stored(import_from, picture=SMALL):
    import_from(FakeSource(live(), broken={"https://cdn/1.jpg": picture}))


def size(photos, slug=SLUG):
    return header_value((photos / f"photos/2024/{slug}.md").read_text(), "Size")


class InPieces(FakeSource):
    """A source that gives a file in pieces of a kilobyte."""

    def fetch(self, address):
        for data in super().fetch(address):
            yield from (data[at : at + 1024] for at in range(0, len(data), 1024))


def test_a_smaller_picture_whose_first_bytes_do_not_say_so_replaces_nothing(import_from, photos):
    stored(import_from, LARGE)
    small = saved_scene(100, exif=b"Exif\0\0" + bytes(60_000))

    import_from(InPieces(exported(live()), live=False, broken={"export.jpg": small}))

    assert size(photos) == "144x108"


@pytest.mark.parametrize("broken", [SMALL, SMALL[:-400]], ids=["as large", "cannot be decoded"])
def test_a_live_picture_that_is_not_better_though_upstream_says_so_is_asked_for_once(
    import_from, photos, broken
):
    stored(import_from)
    post = live(width=1440, height=1080)
    import_from(FakeSource(post, broken={"https://cdn/1.jpg": broken}))
    again = FakeSource(post, broken={"https://cdn/1.jpg": broken})

    assert str(import_from(again)) == "1 post: 1 unchanged"

    assert again.asked == []
    assert size(photos) == "108x81"


def test_a_live_source_that_fails_is_asked_again_by_the_next_run_but_not_for_long(
    import_from, photos
):
    codes = "ABCDE"
    small = [live(code) for code in codes]
    large = [live(code, width=1440, height=1080) for code in codes]
    others = [live(f"{code}2") for code in codes]  # of which nothing is better upstream
    import_from(FakeSource(*small, *others, broken={"https://cdn/1.jpg": SMALL}))
    mixed = [post for pair in zip(large, others, strict=True) for post in pair]
    failing = FakeSource(*mixed, broken={"https://cdn/1.jpg": cut_short()})

    report = import_from(failing)

    assert failing.asked == ["https://cdn/1.jpg"] * 3
    assert str(report) == "10 posts: 10 unchanged"
    assert report.notes[0] == f"{SLUG}: no better file this time: 10 of 20 bytes came"
    assert import_from(FakeSource(*large, broken={"https://cdn/1.jpg": LARGE})).count("merged") == 5


def test_a_picture_of_an_earlier_version_of_the_ledger_is_improved_too(import_from, photos):
    stored(import_from)
    [entry] = (photos / "photos/.import").iterdir()
    said = json.loads(entry.read_text())
    del said["items"][0]["look"]
    entry.write_text(json.dumps(said))

    import_from(export(LARGE))

    assert size(photos) == "144x108"


def test_a_clone_without_originals_forgets_no_larger_picture(import_from, photos):
    stored(import_from)
    original = photos / f"photos/2024/{SLUG}.jpg"
    original.unlink()
    import_from(export(LARGE))
    assert size(photos) == "108x81"
    original.write_bytes(SMALL)

    import_from(export(LARGE))

    assert size(photos) == "144x108"


def test_an_original_that_another_page_shows_stays(import_from, photos):
    stored(import_from)
    page = photos / f"photos/2024/{SLUG}.md"
    page.with_name("again.md").write_text(page.read_text().replace("CxYz", "mine"))

    import_from(export(saved_scene(144, "WEBP")))

    assert {f"photos/2024/{SLUG}.{end}" for end in ("jpg", "webp")} <= set(names(photos))
    assert size(photos, "again") == "108x81"


SUBTITLES = b"1\n00:00:00,000 --> 00:00:01,000\nBoats\n"


def test_subtitles_come_along_and_their_absence_harms_no_video(import_from, photos):
    video = a_video(1, subtitles="1.srt")
    import_from(FakeSource(a_post(media=(video,)), live=False, broken={"1.srt": SUBTITLES}))
    report = import_from(
        FakeSource(
            a_post("B", caption="B", media=(video,)), live=False, broken={"1.srt": cut_short()}
        )
    )

    assert (photos / f"photos/2024/{SLUG}.srt").read_bytes() == SUBTITLES
    assert (
        header_value((photos / f"photos/2024/{SLUG}.md").read_text(), "Subtitles") == f"{SLUG}.srt"
    )
    assert report.outcomes == {"instagram:B": "new"}
    assert "without its subtitles" in report.reasons["instagram:B"]
