"""One set of photos from all doors, as upstream has it now and as their owner left it."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from builders import NOON, a_media, a_post, a_video
from fakes.importing import files, names, stamps
from fakes.pictures import scene
from fakes.source import FakeSource, cut_short
from pelican_photos.model import Edition, Location, Person
from pelican_photos.page import header_value

LIVE, EXPORT = Edition(3), Edition(1, "2026-05-01T00:00:00+00:00")
UNSAID = frozenset({"location", "people", "alt", "alt_auto", "coauthors", "music", "syndication"})
SLUG = "2024-05-12-boats-at-dusk"


def jpeg(width, turn=None):
    """Draw the same picture at any size; turned, it is another one."""
    picture = scene(width, width * 3 // 4)
    file = io.BytesIO()
    (picture.transpose(turn) if turn is not None else picture).save(file, "JPEG", quality=90)
    return file.getvalue()


def live(*addresses, **changes):
    """A post as live Instagram shows it."""
    media = tuple(
        a_media(n, id=f"30{n}", names=(f"1_2_{n}_n",)) for n in range(1, 1 + len(addresses or "x"))
    )
    return a_post(**{"media": media, "edition": LIVE} | changes)


def exported(post, **changes):
    """The same post as an export tells it."""
    media = tuple(
        replace(media, id="", names=(f"1784140000000000{n}",), picture=f"export/{n}.jpg", width=0)
        for n, media in enumerate(post.media, start=1)
    )
    values = {
        "uid": "instagram-export:17841400000000001",
        "media": media,
        "location": None,
        "syndication": "",
        "silent": UNSAID,
        "edition": EXPORT,
    }
    return replace(post, **values | changes)


def page(photos, slug=SLUG):
    return next(photos.rglob(f"{slug}.md"))


def at_home(*posts, **options):
    return FakeSource(*posts, live=False, **options)


# Upstream's edits


def test_an_edit_upstream_flows_in_and_is_told(import_from, photos):
    import_from(FakeSource(a_post()))

    report = import_from(FakeSource(a_post(caption="Ships at dawn #sea")))

    text = page(photos).read_text()
    assert header_value(text, "Title") == "Ships at dawn #sea"
    assert text.endswith("Ships at dawn \\#sea\n")
    assert str(report) == "1 post: 1 merged"
    assert report.merged == {"instagram:CxYz": {SLUG: ("Title", "Tags", "Caption")}}
    assert (
        str(import_from(FakeSource(a_post(caption="Ships at dawn #sea")))) == "1 post: 1 unchanged"
    )


def test_the_owners_edit_stays_and_the_difference_is_told_once(import_from, photos):
    import_from(FakeSource(a_post()))
    mine = page(photos).read_text().replace("Title: Boats at dusk", "Title: Mine")
    page(photos).write_text(mine)

    report = import_from(FakeSource(a_post(caption="Ships")))

    assert header_value(page(photos).read_text(), "Title") == "Mine"
    assert report.kept["instagram:CxYz"] == {SLUG: ('Title: "Mine" stays; upstream has "Ships"',)}
    assert str(report) == "1 post: 1 merged, 1 with edits of yours kept"
    assert str(import_from(FakeSource(a_post(caption="Ships")))) == "1 post: 1 unchanged"


def test_an_edit_of_an_album_reaches_each_of_its_pages(import_from, photos):
    import_from(FakeSource(a_post(pictures=2)))
    media = (a_media(1, alt="First"), a_media(2))

    import_from(FakeSource(a_post(media=media, caption="Ships")))

    titles = [header_value(page(photos, s).read_text(), "Title") for s in (SLUG, f"{SLUG}-2")]
    assert titles == ["Ships", "Ships (2)"]
    assert header_value(page(photos, f"{SLUG}-1").read_text(), "Alt") == "First"


def test_a_moved_page_is_merged_where_it_lies(import_from, photos):
    import_from(FakeSource(a_post()))
    moved = photos / "photos/favourites/mine.md"
    moved.parent.mkdir()
    page(photos).rename(moved)

    import_from(FakeSource(a_post(caption="Ships")))

    assert header_value(moved.read_text(), "Title") == "Ships"
    assert list(photos.rglob("*.md")) == [moved]


def test_a_page_that_is_no_text_harms_no_other_post(import_from, photos):
    import_from(FakeSource(a_post(), a_post("B", caption="Other")))
    page(photos).write_bytes(page(photos).read_bytes() + b"\xff\xfe")

    report = import_from(FakeSource(a_post(caption="Ships"), a_post("B", caption="Others")))

    assert report.outcomes == {"instagram:CxYz": "pending", "instagram:B": "merged"}
    assert "is not in UTF-8" in report.reasons["instagram:CxYz"]


def test_a_dry_run_tells_what_would_be_merged_and_writes_nothing(import_from, photos):
    import_from(FakeSource(a_post()))
    before = stamps(photos.parent)

    report = import_from(FakeSource(a_post(caption="Ships")), dry_run=True)

    assert str(report) == "1 post: 1 merged"
    assert stamps(photos.parent) == before


# Other doors


@pytest.mark.parametrize("pictures", [1, 3])
def test_an_export_after_a_live_import_adds_no_photo(import_from, photos, pictures):
    post = live(*range(pictures))
    import_from(FakeSource(post))
    before = names(photos)

    report = import_from(at_home(exported(post)))

    assert names(photos) == before
    assert report.outcomes == {"instagram:CxYz": "unchanged"}
    again = stamps(photos.parent)
    source = at_home(exported(post))
    assert str(import_from(source)) == "1 post: 1 unchanged"
    assert stamps(photos.parent) == again
    assert not [asked for asked in source.asked if asked.endswith(".jpg")]


@pytest.mark.parametrize("pictures", [1, 3])
def test_a_live_import_after_an_export_adds_what_the_export_lacked(import_from, photos, pictures):
    place, bob = Location(name="Nazaré"), Person(username="bob")
    post = live(*range(pictures), location=place)
    post = replace(post, media=tuple(replace(m, alt="Boats", people=(bob,)) for m in post.media))
    import_from(at_home(exported(post, media=tuple(
        replace(m, alt="", people=()) for m in exported(post).media
    ))))  # fmt: skip
    before = names(photos)

    report = import_from(FakeSource(post))

    assert names(photos) == before
    assert report.outcomes == {"instagram-export:17841400000000001": "merged"}
    assert header_value(page(photos).read_text(), "Location") == "Nazaré"
    assert header_value(page(photos).read_text(), "Syndication") == post.syndication
    photo = page(photos, SLUG if pictures == 1 else f"{SLUG}-{pictures}").read_text()
    assert (header_value(photo, "Alt"), header_value(photo, "People")) == ("Boats", "bob")
    assert str(import_from(FakeSource(post))) == "1 post: 1 unchanged"


def test_an_older_word_never_replaces_a_better_one(import_from, photos):
    import_from(FakeSource(live(caption="Boats at dusk, edited")))
    before = files(photos / "photos/2024")

    import_from(at_home(exported(live(caption="Boats at dusk, edited"), caption="Boats at dusk",
                                 published=NOON - timedelta(seconds=3))))  # fmt: skip

    assert {n: d for n, d in files(photos / "photos/2024").items() if n in before} == before


def test_of_two_exports_the_newer_one_speaks(import_from, photos):
    post = exported(live(), caption="Newer")
    older = replace(post, caption="Older", edition=Edition(1, "2020-01-01T00:00:00+00:00"))
    import_from(at_home(older))
    assert str(import_from(at_home(post))) == "1 post: 1 merged"

    assert str(import_from(at_home(older))) == "1 post: 1 unchanged"
    assert page(photos, "2024-05-12-older").read_text().endswith("\nNewer\n")


def test_what_may_be_one_of_two_is_told_and_not_imported(import_from, photos):
    import_from(FakeSource(live(), live(uid="instagram:B")))
    before = names(photos)

    report = import_from(at_home(exported(live())))

    assert names(photos) == before
    assert report.incomplete
    [reason] = report.reasons.values()
    assert f"{SLUG}, {SLUG}-" in reason
    assert import_from(at_home(exported(live())), as_new=True).count("new") == 1


def test_a_post_that_was_deleted_here_stays_away_whichever_door_it_comes_through(
    import_from, photos
):
    import_from(FakeSource(live()))
    page(photos).unlink()

    report = import_from(at_home(exported(live())))

    assert str(report) == "1 post: 1 deleted by you and left so"
    assert list(photos.rglob("*.md")) == []


def test_a_picture_that_one_door_refuses_comes_through_another(import_from, photos):
    post = live(media=(a_media(1, alt="Boats"),))
    import_from(FakeSource(post, broken={"https://cdn/1.jpg": cut_short()}))
    assert names(photos) == []

    report = import_from(at_home(exported(post)))

    assert report.outcomes == {"instagram:CxYz": "completed"}
    assert header_value(page(photos).read_text(), "Alt") == "Boats"


def test_a_lost_ledger_is_made_again_from_the_pages(import_from, photos):
    post = live()
    import_from(FakeSource(post))
    before = files(photos)
    for entry in (photos / "photos/.import").iterdir():
        entry.unlink()

    assert str(import_from(FakeSource(post))) == "1 post: 1 unchanged"
    assert files(photos) == before


# Better files


def test_a_larger_picture_replaces_a_smaller_one_which_is_kept_aside(import_from, photos):
    post = live()
    import_from(FakeSource(post, broken={"https://cdn/1.jpg": jpeg(108)}))

    report = import_from(at_home(exported(post), broken={"export/1.jpg": jpeg(144)}))

    assert page(photos).with_suffix(".jpg").read_bytes() == jpeg(144)
    assert header_value(page(photos).read_text(), "Size") == "144x108"
    assert report.merged == {"instagram:CxYz": {SLUG: ("Original", "Size")}}
    [kept] = (photos.parent / ".photos/replaced").iterdir()
    assert kept.read_bytes() == jpeg(108)
    again = stamps(photos.parent)
    import_from(at_home(exported(post), broken={"export/1.jpg": jpeg(144)}))
    import_from(FakeSource(post, broken={"https://cdn/1.jpg": jpeg(108)}))
    assert stamps(photos.parent) == again


def test_a_larger_picture_of_another_kind_takes_its_place_on_the_page(import_from, photos):
    post = live()
    import_from(FakeSource(post, broken={"https://cdn/1.jpg": jpeg(108)}))
    large = io.BytesIO()
    scene(144, 108).save(large, "WEBP", lossless=True)

    import_from(at_home(exported(post), broken={"export/1.jpg": large.getvalue()}))

    assert names(photos) == [f"photos/2024/{SLUG}.md", f"photos/2024/{SLUG}.webp"]
    assert header_value(page(photos).read_text(), "Original") == f"{SLUG}.webp"


@pytest.mark.parametrize(
    "offered", [jpeg(100), jpeg(144, Image.Transpose.FLIP_LEFT_RIGHT), b"rubbish"]
)
def test_what_is_not_larger_or_not_the_same_replaces_nothing(import_from, photos, offered):
    post = live()
    import_from(FakeSource(post, broken={"https://cdn/1.jpg": jpeg(108)}))
    before = files(photos / "photos/2024")

    import_from(at_home(exported(post), broken={"export/1.jpg": offered}))

    assert files(photos / "photos/2024") == before
    source = at_home(exported(post), broken={"export/1.jpg": offered})
    import_from(source)
    assert "export/1.jpg" not in source.asked


def test_a_picture_of_the_owners_own_is_never_replaced(import_from, photos):
    post = live()
    import_from(FakeSource(post, broken={"https://cdn/1.jpg": jpeg(108)}))
    page(photos).with_suffix(".jpg").write_bytes(jpeg(96))

    report = import_from(at_home(exported(post), broken={"export/1.jpg": jpeg(144)}))

    assert page(photos).with_suffix(".jpg").read_bytes() == jpeg(96)
    assert "your picture stays" in report.kept["instagram:CxYz"][SLUG][0]


def test_a_video_of_an_export_gets_its_poster_from_instagram(import_from, photos):
    post = a_post(media=(a_video(1, id="301"),), edition=LIVE)
    import_from(at_home(exported(post, media=(replace(post.media[0], picture="", id=""),))))
    assert names(photos) == [f"photos/2024/{SLUG}.md", f"photos/2024/{SLUG}.mp4"]

    import_from(FakeSource(post))

    assert f"photos/2024/{SLUG}.jpg" in names(photos)
    assert header_value(page(photos).read_text(), "Original") == f"{SLUG}.jpg"


# Whose it is


def test_a_post_of_somebody_else_never_changes_the_owners(import_from, photos):
    import_from(FakeSource(a_post()))
    saved = a_post(caption="Other", foreign=True, status="hidden", owner="bob")

    assert str(import_from(FakeSource(saved, whole=False))) == "1 post: 1 unchanged"
    assert header_value(page(photos).read_text(), "Status") == ""


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_post_that_was_deleted_here_takes_no_other_one_of_the_same_words_with_it(
    import_from, photos, dry_run
):
    post = live()
    import_from(FakeSource(post))
    page(photos).unlink()
    twins = [
        exported(live(), uid=f"instagram-export:1784140000000000{n}", media=(
            a_media(n, picture=f"export/{n}.jpg"),
        ), published=NOON + timedelta(seconds=n))
        for n in (1, 2)
    ]  # fmt: skip

    report = import_from(at_home(*twins), dry_run=dry_run)

    assert list(report.outcomes.values()) == ["deleted", "new"]
