"""The same posts in the form of every year, as a zip, as several and as a folder."""

from datetime import UTC, datetime, timedelta

import pytest

from fakes.export_reading import bytes_of, only_post, posts, source
from fakes.instagram_export import (
    ERAS,
    FRENCH,
    TAKEN_AT,
    FakeExport,
    cdn_name,
    film,
    image,
    number_of,
    picture,
    video,
)
from pelican_photos.model import Edition, Location
from pelican_photos.sources.instagram_export import detect

JSON_ERAS = [era for era in ERAS if era != "html"]
MODERN = [2, 3, 4, 5]
AT = datetime.fromtimestamp(TAKEN_AT, UTC)


def an_export(era, **options):
    return (
        FakeExport(era, **options)
        .add("AAAAAAAAAA1", TAKEN_AT, "Café 🌸 à l’été\n\n#mer & <b>*sel*</b>", [image(1)])
        .add("BBBBBBBBBB2", TAKEN_AT + 61, "An album", [image(2), image(3), video(4)])
        .add("CCCCCCCCCC3", TAKEN_AT + 3661, "", [video(5)])
    )


FORMS = {
    "zip": lambda export, path: [export.zip(path / "a.zip")],
    "prefixed": lambda export, path: [export.zip(path / "a.zip", "instagram-someone-2026/")],
    "parts": lambda export, path: export.zips(path / "parts"),
    "folder": lambda export, path: [export.folder(path / "f")],
    "deep folder": lambda export, path: [export.folder(path / "f", "photos/media/someone")],
    "folder of zips": lambda export, path: [export.zips(path / "f")[0].parent],
    "folders": lambda export, path: [
        part.folder(path / f"f{number}") for number, part in enumerate(halves(export))
    ],
}


def halves(export):
    """Two unzipped parts: one with what says, one with what shows."""
    for wanted in (True, False):
        part = FakeExport(None)
        for name, data in export.members():
            if name.endswith((".json", ".html")) == wanted:
                part.write(name, data)
        yield part


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("era", ERAS)
def test_every_form_of_every_year_gives_the_same_posts(tmp_path, era, form):
    export = source(FORMS[form](an_export(era), tmp_path), tmp_path)

    found = sorted(export.posts(), key=lambda post: post.published)

    whole = {"html": timedelta(minutes=1)}.get(era, timedelta(seconds=1))
    assert [(post.caption, len(post.media)) for post in found] == [
        ("Café 🌸 à l’été\n\n#mer & <b>*sel*</b>", 1),
        ("An album", 3),
        ("", 1),
    ]
    expected = [AT, AT + timedelta(seconds=61), AT + timedelta(seconds=3661)]
    assert [post.published for post in found] == [at - (at - AT) % whole for at in expected]
    assert [bytes_of(export, post) for post in found] == [
        [picture(1)],
        [picture(2), picture(3), film(4)],
        [film(5)],
    ]
    assert [medium.kind for medium in found[1].media] == ["image", "image", "video"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("era", ERAS)
def test_every_form_is_known_for_an_export(tmp_path, era, form):
    assert any(map(detect, FORMS[form](an_export(era), tmp_path)))


@pytest.mark.parametrize("era", [1, 2, 3, 4, "html"])
def test_without_a_permalink_a_post_is_known_by_its_first_medium(tmp_path, era):
    export = FakeExport(era).add(items=[image(1), image(2)])
    name = export.uri(export.samples[0], image(1)).rpartition("/")[2].removesuffix(".jpg")

    post = only_post(export, tmp_path)

    assert post.uid == f"instagram-export:{name if era == 1 else number_of(cdn_name(1))}"
    assert post.syndication == ""
    assert "syndication" in post.silent


@pytest.mark.parametrize("era", MODERN)
def test_a_medium_has_every_name_by_which_another_source_may_know_it(tmp_path, era):
    post = only_post(FakeExport(era).add(items=[image(7)]), tmp_path)

    assert post.media[0].names == (number_of(cdn_name(7)), cdn_name(7))


def test_the_uid_is_the_same_in_each_year_since_2021(tmp_path):
    uids = {only_post(FakeExport(era).add(), tmp_path).uid for era in (2, 3, 4, "html")}

    assert len(uids) == 1


@pytest.mark.parametrize("era", MODERN)
def test_what_the_camera_knew_is_kept_with_its_medium(tmp_path, era):
    exif = {
        "latitude": 49.25,
        "longitude": 8.4,
        "lens_make": "Acme",
        "lens_model": "Phone 3 back camera",
        "software": "16.1",
        "date_time_original": "2023:06:04 15:51:36",
    }

    medium = only_post(FakeExport(era).add(exif=exif), tmp_path).media[0]

    assert medium.taken == "2023-06-04 15:51:36"
    assert medium.camera == "Acme Phone 3 back camera"
    assert medium.place == Location(latitude=49.25, longitude=8.4)
    assert medium.file_size == len(picture(1))


@pytest.mark.parametrize("era", MODERN)
def test_a_video_has_its_subtitles_and_no_poster(tmp_path, era):
    export = FakeExport(era).add(items=[video(1)]).write("media/subtitles/1.srt", "1\n")
    export.samples[0].medium_changes = {
        "media_metadata": {"video_metadata": {"subtitles": {"uri": "media/subtitles/1.srt"}}}
    }

    reader = source(export, tmp_path)
    (post,) = reader.posts()

    (medium,) = post.media
    assert (medium.kind, medium.picture, medium.file_size) == ("video", "", len(film(1)))
    assert b"".join(reader.fetch(medium.subtitles)) == b"1\n"


@pytest.mark.parametrize("era", ERAS)
def test_a_post_is_signed_with_the_time_of_its_export(tmp_path, era):
    assert only_post(FakeExport(era).add(), tmp_path).edition == Edition(
        1, "2026-05-01T10:00:02+00:00"
    )


@pytest.mark.parametrize("era", ERAS)
def test_an_export_is_silent_of_what_it_never_says(tmp_path, era):
    silent = only_post(FakeExport(era).add(), tmp_path).silent

    assert {"owner", "coauthors", "people", "alt", "comment_count", "width"} <= silent
    assert silent.isdisjoint({"caption", "published", "media", "status", "edition"})
    assert ("taken" in silent) == (era in (1, "html"))


def test_the_oldest_exports_name_a_place(tmp_path):
    post = only_post(FakeExport(1).add(place="Nazaré"), tmp_path)

    assert post.location == Location(name="Nazaré")
    assert "location" not in post.silent


@pytest.mark.parametrize("labels", [None, FRENCH])
def test_the_detailed_file_adds_the_permalink_and_the_place(tmp_path, labels):
    options = {"labels": labels} if labels else {}
    export = FakeExport(5, **options).add("AbCdEfGhIj1", place="Nazaré")

    post = only_post(export, tmp_path)

    assert post.uid == "instagram:AbCdEfGhIj1"
    assert post.syndication == "https://www.instagram.com/p/AbCdEfGhIj1/"
    assert post.location == Location(name="Nazaré")
    assert post.silent.isdisjoint({"syndication", "location"})


@pytest.mark.parametrize("era", JSON_ERAS)
def test_what_upstream_said_is_kept_with_the_file_it_stood_in(tmp_path, era):
    post = only_post(FakeExport(era).add(caption="Été"), tmp_path)

    assert post.raw["file"].endswith("media.json" if era == 1 else "posts_1.json")
    assert "Été" in str(post.raw)
    assert ("detailed" in post.raw) == (era == 5)


@pytest.mark.parametrize("era", MODERN)
@pytest.mark.parametrize(("role", "status"), [("reel", ""), ("igtv", ""), ("other", "")])
def test_reels_and_igtv_and_other_content_are_posts(tmp_path, era, role, status):
    export = FakeExport(era).add(items=[video(1)], role=role, caption="Moving")

    post = only_post(export, tmp_path)

    assert (post.caption, post.status) == ("Moving", status)


@pytest.mark.parametrize("era", MODERN)
def test_archived_posts_are_hidden(tmp_path, era):
    assert only_post(FakeExport(era).add(role="archived"), tmp_path).status == "hidden"


@pytest.mark.parametrize("era", [1, *MODERN])
def test_stories_are_counted_and_come_hidden_when_they_are_wanted(tmp_path, era):
    export = FakeExport(era).add("A").add("B", TAKEN_AT + 9, "Story", [image(2)], role="story")
    without, wanted = source(export, tmp_path), source(export, tmp_path, stories=True)

    assert [post.caption for post in without.posts()] == ["Boats at dusk"]
    assert without.skipped == {"story items": 1}
    assert {post.caption: post.status for post in wanted.posts()} == {
        "Boats at dusk": "",
        "Story": "hidden",
    }
    assert wanted.skipped == {}


@pytest.mark.parametrize("era", MODERN)
def test_what_was_recently_deleted_never_comes(tmp_path, era):
    export = FakeExport(era).add("A").add("B", items=[image(2)], role="deleted")
    reader = source(export, tmp_path, stories=True)

    assert len(list(reader.posts())) == 1
    assert reader.skipped == {"recently deleted posts": 1}


def test_pictures_of_direct_messages_never_come(tmp_path):
    export = FakeExport(1).add("A").add("B", items=[image(2)], role="direct")
    reader = source(export, tmp_path)

    assert len(list(reader.posts())) == 1
    assert reader.skipped == {"pictures of direct messages": 1}


@pytest.mark.parametrize("era", [1, *MODERN])
def test_the_newest_picture_of_the_profile_is_offered(tmp_path, era):
    export = FakeExport(era).add("A")
    for number, at in ((2, 5), (3, TAKEN_AT), (4, 500)):
        export.add("B", at, "", [image(number)], role="profile")
    reader = source(export, tmp_path)

    assert b"".join(reader.fetch(reader.profile_picture().picture)) == picture(3)


def test_many_files_of_posts_are_one_list(tmp_path):
    export = FakeExport(4, per_file=2)
    for number in range(25):
        export.add("A", TAKEN_AT + number, f"Post {number}", [image(number)])

    assert [post.caption for post in posts(export, tmp_path)] == [f"Post {n}" for n in range(25)]
