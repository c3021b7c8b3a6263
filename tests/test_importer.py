"""Nothing is lost, nothing is doubled, and what the owner did stays done."""

import json
from dataclasses import replace

import pytest

from builders import NOON, a_comment, a_media, a_post, a_video
from fakes.source import FakeSource, cut_short, hash_of, picture
from pelican_photos.errors import CommentsError, PhotosError, SourceError
from pelican_photos.importer import Wish, import_posts
from pelican_photos.ledger import Ledger
from pelican_photos.library import Library
from pelican_photos.model import Unreadable
from pelican_photos.report import Report
from pelican_photos.storing import Site


@pytest.fixture
def run(photos):
    """Import from a source as a new process would."""

    def run(source, **wish):
        report = Report()
        library = Library(photos, "photos")
        ledger = Ledger(library.folder / ".import")
        site = Site(library=library, ledger=ledger, raw=photos.parent / ".photos" / "raw")
        try:
            import_posts(source, site, Wish(**wish), report, lambda *_: None)
        finally:
            run.reports.append(report)
        return report

    run.reports = []
    return run


def files(folder):
    """Give every file below a folder with its bytes."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def stamps(folder):
    return {file: file.stat().st_mtime_ns for file in folder.rglob("*")}


def names(folder):
    return sorted(name for name in files(folder) if ".import" not in name)


def test_a_post_becomes_a_page_beside_its_original(run, photos):
    report = run(FakeSource(a_post()))

    assert str(report) == "1 post: 1 new"
    assert names(photos) == [
        "photos/2024/2024-05-12-boats-at-dusk.jpg",
        "photos/2024/2024-05-12-boats-at-dusk.md",
    ]
    original = (photos / "photos/2024/2024-05-12-boats-at-dusk.jpg").read_bytes()
    assert original == picture(hash_of("https://cdn/1.jpg"))
    assert "Size: 8x10\n" in (photos / "photos/2024/2024-05-12-boats-at-dusk.md").read_text()


def test_an_album_has_a_page_for_itself_and_one_for_each_photo(run, photos):
    run(FakeSource(a_post(media=(a_media(1), a_video(2)))))

    assert names(photos) == [
        "photos/2024/2024-05-12-boats-at-dusk-1.jpg",
        "photos/2024/2024-05-12-boats-at-dusk-1.md",
        "photos/2024/2024-05-12-boats-at-dusk-2.jpg",
        "photos/2024/2024-05-12-boats-at-dusk-2.md",
        "photos/2024/2024-05-12-boats-at-dusk-2.mp4",
        "photos/2024/2024-05-12-boats-at-dusk.md",
    ]


def test_a_video_without_a_poster_is_kept(run, photos):
    run(FakeSource(a_post(media=(a_video(picture=""),))))

    assert names(photos) == [
        "photos/2024/2024-05-12-boats-at-dusk.md",
        "photos/2024/2024-05-12-boats-at-dusk.mp4",
    ]


def test_a_second_import_changes_neither_a_byte_nor_a_time(run, photos):
    posts = [a_post("A", pictures=3), a_post("B", comment_count=1)]
    comments = {"instagram:B": (a_comment(),)}
    run(FakeSource(*posts, comments=comments))
    before, times = files(photos.parent), stamps(photos.parent)

    report = run(FakeSource(*posts, comments=comments))

    assert str(report) == "2 posts: 2 unchanged"
    assert files(photos.parent) == before
    assert stamps(photos.parent) == times


def test_a_known_post_asks_nothing_of_the_source(run):
    run(FakeSource(a_post()))
    again = FakeSource(a_post())

    run(again)

    assert again.asked == []


def test_an_edited_page_keeps_its_edits(run, photos):
    run(FakeSource(a_post()))
    page = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    page.write_text("Title: Mine\nUid: instagram:CxYz\nDate: 2024-05-12\nOriginal: x.jpg\n")

    run(FakeSource(a_post(caption="Edited upstream")))

    assert page.read_text().startswith("Title: Mine\n")


def test_a_page_that_its_owner_broke_is_still_that_photos_page(run, photos):
    run(FakeSource(a_post()))
    page = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    broken = page.read_text().replace("Date: ", "Date: some day in ")
    page.write_text(broken)

    assert str(run(FakeSource(a_post()))) == "1 post: 1 unchanged"
    assert page.read_text() == broken


def test_a_deleted_page_stays_deleted(run, photos):
    run(FakeSource(a_post()))
    (photos / "photos/2024/2024-05-12-boats-at-dusk.md").unlink()

    report = run(FakeSource(a_post()))

    assert str(report) == "1 post: 1 deleted by you and left so"
    assert names(photos) == ["photos/2024/2024-05-12-boats-at-dusk.jpg"]


def test_a_deleted_album_with_something_pending_stays_deleted_too(run, photos):
    post = a_post(pictures=2)
    run(FakeSource(post, broken={"https://cdn/2.jpg": cut_short()}))
    for page in photos.rglob("*.md"):
        page.unlink()

    assert not run(FakeSource(post)).incomplete
    assert not list(photos.rglob("*.md"))
    assert str(run(FakeSource(post))) == "1 post: 1 deleted by you and left so"


def test_a_moved_page_is_found_by_its_uid(run, photos):
    run(FakeSource(a_post()))
    moved = photos / "photos" / "favourites" / "boats.md"
    moved.parent.mkdir()
    (photos / "photos/2024/2024-05-12-boats-at-dusk.md").rename(moved)

    assert str(run(FakeSource(a_post()))) == "1 post: 1 unchanged"
    assert list(photos.rglob("*.md")) == [moved]


def test_a_medium_that_fails_is_pending_and_repaired_with_a_fresh_address(run, photos):
    posts = [a_post("A", pictures=3), a_post("B")]
    whole = FakeSource(*posts)
    report = run(FakeSource(*posts, broken={"https://cdn/2.jpg": cut_short()}))
    assert str(report) == "2 posts: 1 new, 1 pending"
    assert report.incomplete
    assert report.reasons == {"instagram:A": "10 of 20 bytes came"}
    assert not [name for name in names(photos) if "part" in name]

    report = run(whole)

    assert str(report) == "2 posts: 1 completed, 1 unchanged"
    assert whole.asked == ["refresh instagram:A", "https://cdn/2.jpg"]


@pytest.mark.parametrize(
    "rubbish", [b"<html>Log in</html>", picture(1)[:200], b"\xff\xd8\xff", b"GIF89a", b"\0"]
)
def test_what_is_not_a_whole_picture_is_never_placed(run, photos, rubbish):
    report = run(FakeSource(a_post(), broken={"https://cdn/1.jpg": rubbish}))

    assert report.incomplete
    assert names(photos) == []


def test_an_expired_address_is_asked_anew_in_the_same_run(run):
    source = FakeSource(a_post(pictures=2), expired=("https://cdn/1.jpg", "https://cdn/2.jpg"))

    assert str(run(source)) == "1 post: 1 new"
    assert source.asked.count("refresh instagram:CxYz") == 1


def test_a_post_that_is_deleted_upstream_while_pending_is_given_up_but_kept(run, photos):
    post = a_post(pictures=2)
    run(FakeSource(post, broken={"https://cdn/2.jpg": cut_short()}))

    report = run(FakeSource(missing=("instagram:CxYz",)))

    assert str(report) == "1 post: 1 gone upstream"
    assert not report.incomplete
    assert len(list(photos.rglob("*.md"))) == 2
    assert str(run(FakeSource(post))) == "1 post: 1 completed"


def test_a_disturbed_run_ends_in_the_same_bytes_as_an_undisturbed_one(run, photos, tmp_path):
    posts = [a_post(code, pictures=n) for code, n in (("A", 1), ("B", 2), ("C", 1), ("D", 3))]
    faults = {f"https://cdn/{n}.jpg": cut_short() for n in (1, 2)}
    with pytest.raises(SourceError):
        run(FakeSource(*posts[:2], SourceError("blocked"), broken=faults))
    run(FakeSource(*posts))
    run(FakeSource(*posts))
    disturbed = files(photos)
    for file in sorted(photos.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()

    run(FakeSource(*posts))

    assert files(photos) == disturbed


def test_a_page_written_just_before_the_ledger_was_killed_is_taken_over(run, photos):
    run(FakeSource(a_post()))
    before = files(photos)
    entry = next((photos / "photos/.import").iterdir())
    entry.write_text(json.dumps(pending(json.loads(entry.read_text()))))

    source = FakeSource(a_post())
    run(source)

    assert "https://cdn/1.jpg" not in source.asked
    assert files(photos) == before


def pending(entry):
    nothing = {"original": "", "sha256": "", "video": "", "video_sha256": "", "reason": ""}
    return {**entry, "items": [{"state": "pending", **nothing}]}


def test_two_posts_of_the_same_words_and_day_stay_two(run, photos):
    run(FakeSource(a_post("A"), a_post("B"), a_post("C")))

    assert len(list(photos.rglob("*.md"))) == 3


def test_a_file_that_lies_there_already_is_never_overwritten(run, photos):
    mine = photos / "photos" / "2024" / "2024-05-12-boats-at-dusk.jpg"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")

    run(FakeSource(a_post()))

    assert mine.read_bytes() == b"mine"
    assert len(list(photos.rglob("*.md"))) == 1


def test_comments_are_merged_and_never_deleted(run, photos):
    old, new = a_comment(1, answers=(a_comment(3),)), a_comment(2)
    run(FakeSource(a_post(comment_count=2), comments={"instagram:CxYz": (old,)}))

    report = run(FakeSource(a_post(comment_count=3), comments={"instagram:CxYz": (new,)}))

    assert report.commented == 1
    text = (photos / "photos/2024/2024-05-12-boats-at-dusk.comments.json").read_text()
    assert [comment["id"] for comment in json.loads(text)] == ["1", "2"]
    assert json.loads(text)[0]["answers"][0]["id"] == "3"


def test_half_an_emoji_anywhere_harms_nothing(run, photos):
    half = "a \ud83d b"
    post = a_post(caption=half, comment_count=1, music=half, media=(a_media(alt=half),))
    comments = {"instagram:CxYz": (a_comment(text=half),)}

    run(FakeSource(post, comments=comments))

    assert str(run(FakeSource(post, comments=comments))) == "1 post: 1 unchanged"
    [page] = photos.rglob("*.md")
    assert "Alt: a \ufffd b\n" in page.read_text()


def test_comments_are_asked_for_only_when_their_number_changed(run):
    source = FakeSource(a_post(comment_count=1), comments={"instagram:CxYz": (a_comment(),)})
    run(source)
    run(source)

    assert source.asked.count("comments instagram:CxYz") == 1


def test_comments_that_cannot_be_had_are_missing_and_said_so(run):
    posts = [a_post(f"P{n}", caption=f"Post {n}", comment_count=1) for n in range(6)]
    silent = {post.uid: CommentsError("no answer") for post in posts}
    source = FakeSource(*posts, comments=silent)

    report = run(source)

    assert str(report) == "6 posts: 6 new, 6 without their comments"
    assert report.incomplete
    assert sum(asked.startswith("comments") for asked in source.asked) == 3

    there = {post.uid: (a_comment(),) for post in posts}
    assert str(run(FakeSource(*posts, comments=there))) == (
        "6 posts: 6 unchanged, 6 with new comments"
    )


def test_comments_can_be_left_out(run):
    source = FakeSource(a_post(comment_count=1))

    run(source, comments=False)

    assert "comments instagram:CxYz" not in source.asked


def test_the_latest_posts_are_found_behind_pinned_ones(run, photos):
    old = [a_post(f"old{n}", caption=f"Old {n}") for n in range(30)]
    run(FakeSource(*old))
    new = a_post("new", caption="New", published=NOON.replace(year=2025))

    report = run(FakeSource(*old[:3], new, *old[3:]), latest=True)

    assert report.count("new") == 1
    assert len(report.outcomes) == 3 + 1 + 12


def test_a_limit_counts_new_posts(run):
    posts = [a_post(f"P{n}", caption=f"Post {n}") for n in range(5)]

    assert str(run(FakeSource(*posts), limit=2)) == "2 posts: 2 new"
    assert str(run(FakeSource(*posts), limit=2)) == "4 posts: 2 new, 2 unchanged"


def test_a_dry_run_writes_nothing_and_fetches_nothing(run, photos):
    source = FakeSource(a_post("A"), a_post("B"))

    report = run(source, dry_run=True)

    assert str(report) == "2 posts: 2 new"
    assert source.asked == []
    assert files(photos.parent) == {}


def test_a_post_that_nobody_understands_harms_no_other_and_keeps_its_raw_answer(run, photos):
    odd = Unreadable(uid="instagram:Odd", reason="it has no date", raw={"code": "Odd"})

    report = run(FakeSource(odd, a_post()))

    assert str(report) == "2 posts: 1 new, 1 not understood"
    assert report.incomplete
    raw = list((photos.parent / ".photos/raw").glob("instagram-Odd*"))
    assert json.loads(raw[0].read_text()) == {"code": "Odd"}
    assert str(run(FakeSource(a_post("Odd", caption="Odd")))) == "1 post: 1 new"


def test_the_raw_answer_is_kept_byte_for_byte_in_meaning(run, photos):
    raw = {"code": "CxYz", "caption": {"text": "Boats \ud83d"}, "unknown": [1, None]}

    run(FakeSource(a_post(raw=raw)))

    [file] = (photos.parent / ".photos/raw").iterdir()
    assert json.loads(file.read_text()) == raw


def test_a_hostile_caption_cannot_forge_a_key(run, photos):
    run(FakeSource(a_post(caption="Title\u2028Status: draft\nTemplate: album\n\n---\nUid: x")))

    [page] = photos.rglob("*.md")
    header = page.read_text().split("\n\n")[0]
    assert [line.split(":")[0] for line in header.split("\n")] == [
        *("Title", "Date", "Template", "Uid", "Original", "Size", "Syndication"),
    ]


def test_what_a_killed_run_left_is_swept(run, photos):
    folder = photos / "photos" / "2024"
    folder.mkdir(parents=True)
    (folder / ".x.jpg.123.photos-part").write_bytes(b"half")

    run(FakeSource(a_post()))

    assert not list(folder.glob(".*"))


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(run, photos):
    (photos / "photos").write_text("a file where the folder should be")

    with pytest.raises(PhotosError, match="cannot be written"):
        run(FakeSource(a_post()))


def test_dates_are_kept_to_the_second_in_utc(run, photos):
    run(FakeSource(replace(a_post(), published=NOON.replace(second=59, microsecond=5))))

    [page] = photos.rglob("*.md")
    assert "Date: 2024-05-12 12:00:59+00:00\n" in page.read_text()


def test_one_post_that_cannot_be_read_stops_no_other(run, photos):
    odd = Unreadable(uid="instagram:Odd", reason="no address of video 1")
    run(FakeSource(odd, a_post("A", caption="A")))

    report = run(FakeSource(odd, a_post("A", caption="A"), a_post("B", caption="B")))

    assert str(report) == "3 posts: 1 new, 1 unchanged, 1 not understood"


def test_gone_is_believed_only_after_the_whole_source_was_read(run):
    post = a_post(pictures=2)
    run(FakeSource(post, broken={"https://cdn/2.jpg": cut_short()}))

    silent = FakeSource(post, missing=("instagram:CxYz",))  # its single posts answer nothing
    assert str(run(silent)) == "1 post: 1 completed"

    other = a_post("Other", caption="Another", pictures=2)
    run(FakeSource(other, post, broken={"https://cdn/2.jpg": cut_short()}))
    few = FakeSource(*(a_post(f"N{n}", caption=f"N{n}") for n in range(3)), missing=(other.uid,))
    assert run(few, limit=1).outcomes[other.uid] == "pending"
    assert run(few).outcomes[other.uid] == "gone"


def test_many_pending_posts_are_not_asked_for_one_by_one(run):
    posts = [a_post(f"P{n}", caption=f"Post {n}") for n in range(40)]
    run(FakeSource(*posts, broken={"https://cdn/1.jpg": cut_short()}))
    source = FakeSource(*posts)

    assert str(run(source)) == "40 posts: 40 completed"
    assert sum(asked.startswith("refresh") for asked in source.asked) == 12


def test_a_picture_of_the_owners_with_a_reserved_name_is_left_alone(run, photos):
    run(FakeSource(a_post(), broken={"https://cdn/1.jpg": cut_short()}))
    mine = photos / "photos/2024/2024-05-12-boats-at-dusk.jpg"
    mine.parent.mkdir(exist_ok=True)
    mine.write_bytes(b"mine")

    report = run(FakeSource(a_post(), a_post("B", caption="Behind it")))

    assert mine.read_bytes() == b"mine"
    assert report.outcomes == {"instagram:CxYz": "pending", "instagram:B": "new"}
    assert "is there already and is another one" in report.reasons["instagram:CxYz"]


def test_a_page_of_the_owners_with_a_reserved_name_ends_no_run(run, photos):
    run(FakeSource(a_post(), broken={"https://cdn/1.jpg": cut_short()}))
    mine = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("Title: Mine\nUid: mine\nDate: 2024-05-12\nOriginal: mine.jpg\n")

    report = run(FakeSource(a_post(), a_post("B", caption="Behind it")))

    assert report.outcomes == {"instagram:CxYz": "pending", "instagram:B": "new"}


def test_a_year_that_lies_on_another_disk_is_found(run, photos, tmp_path):
    run(FakeSource(a_post(pictures=2)))
    elsewhere = tmp_path / "elsewhere"
    (photos / "photos/2024").rename(elsewhere)
    (photos / "photos/2024").symlink_to(elsewhere)
    (elsewhere / "loop").symlink_to(photos)

    assert str(run(FakeSource(a_post(pictures=2)))) == "1 post: 1 unchanged"


def an_album(*ids: str):
    media = (a_media(int(number), id=number) for number in ids)
    return a_post(media=tuple(media))


def test_a_photo_removed_upstream_leaves_the_others_in_their_places(run, photos):
    run(FakeSource(an_album("1", "2", "3", "4"), broken={"https://cdn/3.jpg": cut_short()}))

    run(FakeSource(an_album("1", "2", "4")))

    stored = sorted(file.name for file in photos.rglob("*.jpg"))
    assert [name[-5] for name in stored] == ["1", "2", "4"]
    assert not run(FakeSource(an_album("1", "2", "4"))).incomplete


def test_a_pending_photo_is_found_at_its_new_place(run, photos):
    run(FakeSource(an_album("1", "2", "3", "4"), broken={"https://cdn/4.jpg": cut_short()}))

    run(FakeSource(an_album("1", "3", "4")))

    last = photos / "photos/2024/2024-05-12-boats-at-dusk-4.jpg"
    assert last.read_bytes() == picture(hash_of("https://cdn/4.jpg"))


def test_an_album_that_changed_without_ids_is_left_alone(run, photos):
    run(FakeSource(a_post(pictures=4), broken={"https://cdn/4.jpg": cut_short()}))

    report = run(FakeSource(a_post(pictures=3)))

    assert report.reasons["instagram:CxYz"] == "its album has changed upstream"
    assert len(list(photos.rglob("*.jpg"))) == 3


def test_a_lost_ledger_is_made_anew_from_the_pages(run, photos):
    posts = [a_post("A", pictures=3), a_post("B", caption="Another")]
    run(FakeSource(*posts))
    before = files(photos)
    for entry in (photos / "photos/.import").iterdir():
        entry.unlink()

    report = run(FakeSource(*posts))

    assert str(report) == "2 posts: 2 unchanged"
    assert files(photos) == before


def test_a_photo_that_was_pending_follows_an_album_that_moved(run, photos):
    run(FakeSource(a_post(pictures=2), broken={"https://cdn/2.jpg": cut_short()}))
    moved = photos / "photos/trips/dusk.md"
    moved.parent.mkdir()
    (photos / "photos/2024/2024-05-12-boats-at-dusk.md").rename(moved)

    run(FakeSource(a_post(pictures=2)))

    assert "Album: dusk\n" in (photos / "photos/trips/dusk-2.md").read_text()


def test_a_clone_without_originals_gets_them_back_when_asked(run, photos):
    posts = [a_post("A", pictures=2), a_post("B", caption="Another", media=(a_video(),))]
    run(FakeSource(*posts))
    before = files(photos)
    for original in [*photos.rglob("*.jpg"), *photos.rglob("*.mp4")]:
        original.unlink()

    assert str(run(FakeSource(*posts))) == "2 posts: 2 unchanged"
    assert str(run(FakeSource(*posts), missing=True)) == "2 posts: 2 completed"
    assert files(photos) == before


def test_a_clone_without_ledger_and_originals_is_restored(run, photos):
    run(FakeSource(a_post(pictures=2)))
    before = files(photos)
    for file in [*photos.rglob("*.jpg"), *(photos / "photos/.import").iterdir()]:
        file.unlink()

    run(FakeSource(a_post(pictures=2)))

    assert files(photos) == before


def test_comments_that_nobody_can_read_end_no_run(run, photos):
    posts = [a_post("A", caption="A", comment_count=1), a_post("B", caption="B", comment_count=1)]
    there = {post.uid: (a_comment(),) for post in posts}
    run(FakeSource(*posts, comments=there))
    broken = photos / "photos/2024/2024-05-12-a.comments.json"
    broken.write_text("<<<<<<< HEAD")
    more = [replace(post, comment_count=2) for post in posts]
    both = {post.uid: (a_comment(), a_comment(2)) for post in posts}

    report = run(FakeSource(*more, comments=both))

    assert str(report) == ("2 posts: 2 unchanged, 1 with new comments, 1 without their comments")
    assert broken.read_text() == "<<<<<<< HEAD"


def test_comments_of_a_renamed_page_are_fetched_anew(run, photos):
    post, there = a_post(comment_count=1), {"instagram:CxYz": (a_comment(),)}
    run(FakeSource(post, comments=there))
    page = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    page.rename(page.with_name("dusk.md"))

    run(FakeSource(post, comments=there))

    assert page.with_name("dusk.comments.json").is_file()


def test_a_limit_holds_when_everything_goes_wrong(run):
    posts = [a_post(f"P{n}", caption=f"Post {n}") for n in range(9)]
    source = FakeSource(*posts, broken={"https://cdn/1.jpg": cut_short()})

    run(source, limit=2)

    assert source.asked.count("https://cdn/1.jpg") == 2


def test_an_album_with_expired_addresses_is_asked_for_once(run):
    post = a_post(pictures=20)
    source = FakeSource(post, expired=tuple(media.picture for media in post.media))

    assert str(run(source)) == "1 post: 1 new"
    assert source.asked.count("refresh instagram:CxYz") == 1


def test_a_page_without_its_uid_is_not_taken_for_deleted(run, photos):
    run(FakeSource(a_post()))
    page = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    page.write_text(page.read_text().replace("Uid: ", "Old-Uid: "))

    assert str(run(FakeSource(a_post()))) == "1 post: 1 unchanged"


def test_an_album_whose_page_was_deleted_is_deleted(run, photos):
    post, there = a_post(pictures=2, comment_count=1), {"instagram:CxYz": (a_comment(),)}
    run(FakeSource(post, comments=there))
    (photos / "photos/2024/2024-05-12-boats-at-dusk.md").unlink()

    assert str(run(FakeSource(post, comments=there))) == "1 post: 1 deleted by you and left so"
    assert not list(photos.rglob("*-1.comments.json"))


def test_two_pages_with_one_uid_are_said(run, photos):
    run(FakeSource(a_post()))
    page = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    page.with_name("copy.md").write_text(page.read_text())
    library = Library(photos, "photos")

    assert library.find("instagram:CxYz") == page
    assert "has the Uid of 2024-05-12-boats-at-dusk.md" in library.problems[0]
