"""What failed is pending, and the next run completes it."""

import io
import json
from dataclasses import replace

import pytest

from builders import a_media, a_post, a_video
from fakes.importing import files, names
from fakes.pictures import noise
from fakes.source import FakeSource, cut_short, picture
from pelican_photos.errors import SourceError
from pelican_photos.model import Edition


def test_a_medium_that_fails_is_pending_and_repaired_with_a_fresh_address(import_from, photos):
    posts = [a_post("A", pictures=3), a_post("B")]
    whole = FakeSource(*posts)
    report = import_from(FakeSource(*posts, broken={"https://cdn/2.jpg": cut_short()}))
    assert str(report) == "2 posts: 1 new, 1 pending"
    assert report.incomplete
    assert report.reasons == {"instagram:A": "10 of 20 bytes came"}
    assert not [name for name in names(photos) if "part" in name]

    report = import_from(whole)

    assert str(report) == "2 posts: 1 completed, 1 unchanged"
    assert whole.asked == ["refresh instagram:A", "https://cdn/2.jpg"]


@pytest.mark.parametrize(
    "rubbish", [b"<html>Log in</html>", picture(1)[:200], b"\xff\xd8\xff", b"GIF89a", b"\0"]
)
def test_what_is_not_a_whole_picture_is_never_placed(import_from, photos, rubbish):
    report = import_from(FakeSource(a_post(), broken={"https://cdn/1.jpg": rubbish}))

    assert report.incomplete
    assert names(photos) == []


def test_an_expired_address_is_asked_anew_in_the_same_run(import_from):
    source = FakeSource(a_post(pictures=2), expired=("https://cdn/1.jpg", "https://cdn/2.jpg"))

    assert str(import_from(source)) == "1 post: 1 new"
    assert source.asked.count("refresh instagram:CxYz") == 1


def test_a_disturbed_run_ends_in_the_same_bytes_as_an_undisturbed_one(
    import_from, photos, tmp_path
):
    posts = [a_post(code, pictures=n) for code, n in (("A", 1), ("B", 2), ("C", 1), ("D", 3))]
    faults = {f"https://cdn/{n}.jpg": cut_short() for n in (1, 2)}
    with pytest.raises(SourceError):
        import_from(FakeSource(*posts[:2], SourceError("blocked"), broken=faults))
    import_from(FakeSource(*posts))
    import_from(FakeSource(*posts))
    disturbed = files(photos)
    for file in sorted(photos.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()

    import_from(FakeSource(*posts))

    assert files(photos) == disturbed


def pending(entry):
    nothing = {"original": "", "sha256": "", "video": "", "video_sha256": "", "reason": ""}
    return {**entry, "items": [{"state": "pending", **nothing}]}


def test_a_page_written_just_before_the_ledger_was_killed_is_taken_over(import_from, photos):
    import_from(FakeSource(a_post()))
    before = files(photos)
    entry = next((photos / "photos/.import").iterdir())
    entry.write_text(json.dumps(pending(json.loads(entry.read_text()))))

    source = FakeSource(a_post())
    import_from(source)

    assert "https://cdn/1.jpg" not in source.asked
    assert files(photos) == before


def test_a_post_that_is_deleted_upstream_while_pending_is_given_up_but_kept(import_from, photos):
    post = a_post(pictures=2)
    import_from(FakeSource(post, broken={"https://cdn/2.jpg": cut_short()}))

    report = import_from(FakeSource(missing=("instagram:CxYz",)))

    assert str(report) == "1 post: 1 gone upstream"
    assert not report.incomplete
    assert len(list(photos.rglob("*.md"))) == 2
    other = a_post("B", caption="B")
    again = FakeSource(other)
    assert str(import_from(again)) == "1 post: 1 new"
    assert "refresh instagram:CxYz" not in again.asked
    report = import_from(FakeSource(post, other))
    assert str(report) == "2 posts: 1 completed, 1 unchanged"


def test_gone_is_believed_only_after_the_whole_source_was_read(import_from):
    post = a_post(pictures=2)
    import_from(FakeSource(post, broken={"https://cdn/2.jpg": cut_short()}))

    silent = FakeSource(post, missing=("instagram:CxYz",))  # its single posts answer nothing
    assert str(import_from(silent)) == "1 post: 1 completed"

    other = a_post("Other", caption="Another", pictures=2)
    import_from(FakeSource(other, post, broken={"https://cdn/2.jpg": cut_short()}))
    few = FakeSource(*(a_post(f"N{n}", caption=f"N{n}") for n in range(3)), missing=(other.uid,))
    assert import_from(few, limit=1).outcomes[other.uid] == "pending"
    assert import_from(few).outcomes[other.uid] == "gone"


def test_many_pending_posts_are_not_asked_for_one_by_one(import_from):
    posts = [a_post(f"P{n}", caption=f"Post {n}") for n in range(40)]
    import_from(FakeSource(*posts, broken={"https://cdn/1.jpg": cut_short()}))
    source = FakeSource(*posts)

    assert str(import_from(source)) == "40 posts: 40 completed"
    assert sum(asked.startswith("refresh") for asked in source.asked) == 12


def test_a_limit_holds_when_everything_goes_wrong(import_from):
    posts = [a_post(f"P{n}", caption=f"Post {n}") for n in range(9)]
    source = FakeSource(*posts, broken={"https://cdn/1.jpg": cut_short()})

    import_from(source, limit=2)

    assert source.asked.count("https://cdn/1.jpg") == 2


def test_a_lost_ledger_is_made_anew_from_the_pages(import_from, photos):
    posts = [a_post("A", pictures=3), a_post("B", caption="Another")]
    import_from(FakeSource(*posts))
    before = files(photos)
    for entry in (photos / "photos/.import").iterdir():
        entry.unlink()

    report = import_from(FakeSource(*posts))

    assert str(report) == "2 posts: 2 unchanged"
    assert files(photos) == before


def test_a_clone_without_originals_gets_them_back_when_asked(import_from, photos):
    posts = [a_post("A", pictures=2), a_post("B", caption="Another", media=(a_video(),))]
    import_from(FakeSource(*posts))
    before = files(photos)
    for original in [*photos.rglob("*.jpg"), *photos.rglob("*.mp4")]:
        original.unlink()

    assert str(import_from(FakeSource(*posts))) == "2 posts: 2 unchanged"
    assert str(import_from(FakeSource(*posts), missing=True)) == "2 posts: 2 completed"
    assert files(photos) == before


def test_a_clone_without_ledger_and_originals_is_restored(import_from, photos):
    import_from(FakeSource(a_post(pictures=2)))
    before = files(photos)
    for file in [*photos.rglob("*.jpg"), *(photos / "photos/.import").iterdir()]:
        file.unlink()

    import_from(FakeSource(a_post(pictures=2)))

    assert files(photos) == before


def test_a_page_keeps_its_word_when_its_photo_left_the_album_upstream(import_from, photos):
    first, second = a_media(1, id="1"), a_media(2, id="2")
    import_from(FakeSource(a_post(media=(first, second))))
    before = files(photos)
    for original in photos.rglob("*-2.jpg"):
        original.unlink()

    import_from(FakeSource(a_post(media=(first,))), missing=True)

    assert len(list(photos.rglob("*.md"))) == 3
    assert set(before) - set(files(photos)) == {"photos/2024/2024-05-12-boats-at-dusk-2.jpg"}
    assert not import_from(FakeSource(a_post(media=(first,)))).incomplete


@pytest.mark.parametrize("first", ["live", "export"])
def test_what_another_door_brought_while_it_was_pending_is_not_brought_again(
    import_from, photos, first
):
    """With another caption by then, and no picture to compare, nobody could tell that it was it."""
    file = io.BytesIO()
    noise(90, 80).save(file, "JPEG")
    whole, broken = {"https://cdn/1.jpg": file.getvalue()}, {"https://cdn/1.jpg": cut_short()}
    post = a_post("A", caption="")
    edited = replace(post, caption="Boats")
    exported = replace(
        post,
        uid="instagram-export:17841400000000001",
        media=(a_media(1, id="", names=("17841400000000001",)),),
        syndication="",
        edition=Edition(1, "2025-01-01T00:00:00+00:00"),
    )
    if first == "live":
        import_from(FakeSource(post, broken=broken))
        import_from(FakeSource(replace(exported, caption="Boats"), live=False, broken=whole))
        last = FakeSource(edited, broken=whole)
    else:
        import_from(FakeSource(exported, live=False, broken=broken))
        import_from(FakeSource(edited, broken=whole))
        last = FakeSource(exported, live=False, broken=whole)
    assert len(list(photos.rglob("*.md"))) == 1

    report = import_from(last)

    assert not report.incomplete
    assert len(list(photos.rglob("*.md"))) == 1
    assert str(import_from(last)) == "1 post: 1 unchanged"
