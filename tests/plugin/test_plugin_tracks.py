"""A video with an .srt beside its page is shown with captions."""

import pytest

from builders import a_photo
from fakes.site import Built, Site
from pelican_photos.library import Library
from pelican_photos.model import Location

SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello <b>you</b>\n\nnot a cue\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    """A site with a film that has subtitles, and films whose subtitles cannot be used."""
    site = Site(tmp_path_factory.mktemp("tracks"), DEFAULT_LANG="pt")
    site.add(
        a_photo("film", video="film.mp4", subtitles="words.srt"),
        a_photo("draft", video="draft.mp4", subtitles="words.srt", status="draft"),
        a_photo("lost", video="lost.mp4", subtitles="lost.srt"),
        a_photo("huge", video="huge.mp4", subtitles="huge.srt"),
        a_photo("empty", video="empty.mp4", subtitles="empty.srt"),
        a_photo("still", subtitles="words.srt"),
        a_photo("far", location=Location(name="Far", latitude=1.23456, longitude=2, coarse=True)),
    )
    site.write("photos/2024/words.srt", SRT)
    site.write("photos/2024/empty.srt", "\n")
    site.write("photos/2024/huge.srt", SRT * 90_000)
    return site


@pytest.fixture(scope="module")
def built(site) -> Built:
    return site.build()


def test_a_film_has_its_captions_beside_its_page(built):
    track = built.page("photos/2024/film/").one("track")

    address = "https://example.org/photos/2024/film/film.vtt"
    assert (track.get("kind"), track.get("srclang"), track.get("src")) == (
        "captions",
        "pt",
        address,
    )
    assert track.get("label")
    assert built.text(address) == ("WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello <b>you</b>\n")


def test_captions_that_are_there_are_not_written_again(site, built):
    file = built.file("photos/2024/film/film.vtt")
    before = file.stat().st_mtime_ns, file.stat().st_ino

    site.build()

    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


def test_a_drafts_captions_lie_with_the_draft(built):
    assert built.has("drafts/photos/2024/draft/draft.vtt")


def test_what_cannot_be_used_is_said_and_the_film_goes_without(built):
    for name in ("lost", "huge", "empty"):
        assert built.page(f"photos/2024/{name}/").one("video")
        assert not built.page(f"photos/2024/{name}/").all("track")
    assert not built.page("photos/2024/still/").all("track")

    said = "\n".join(built.log.said())
    assert "words.srt: 1 of its subtitles cannot be read and are left out" in said
    assert "lost.srt cannot be read: No such file or directory" in said
    assert "huge.srt is too large for subtitles" in said
    assert "empty.srt holds no subtitles that can be read" in said


def test_the_srt_itself_is_neither_built_nor_published(site, built):
    assert not list(built.folder.rglob("*.srt"))
    assert not any(key.endswith(".srt") for key, _ in Library(site.content, "photos").originals())
    assert (site.content / "photos" / "2024" / "words.srt").read_text() == SRT


def test_a_coarse_place_is_a_name_on_the_page_and_no_pin(built):
    (entry,) = built.microformats("photos/2024/far/")["items"]

    assert entry["properties"]["location"] == ["Far"]
    assert "1.23456" not in built.text("photos/2024/far/")
