"""An album keeps its photos in their places, whatever becomes of some of them."""

from builders import a_comment, a_media, a_post, a_video
from fakes.importing import names
from fakes.source import FakeSource, cut_short, hash_of, picture
from pelican_photos.page import header_value


def an_album(*ids: str):
    media = (a_media(int(number), id=number) for number in ids)
    return a_post(media=tuple(media))


def test_an_album_has_a_page_for_itself_and_one_for_each_photo(import_from, photos):
    import_from(FakeSource(a_post(media=(a_media(1), a_video(2)))))

    assert names(photos) == [
        "photos/2024/2024-05-12-boats-at-dusk-1.jpg",
        "photos/2024/2024-05-12-boats-at-dusk-1.md",
        "photos/2024/2024-05-12-boats-at-dusk-2.jpg",
        "photos/2024/2024-05-12-boats-at-dusk-2.md",
        "photos/2024/2024-05-12-boats-at-dusk-2.mp4",
        "photos/2024/2024-05-12-boats-at-dusk.md",
    ]


def test_a_photo_removed_upstream_leaves_the_others_in_their_places(import_from, photos):
    import_from(FakeSource(an_album("1", "2", "3", "4"), broken={"https://cdn/3.jpg": cut_short()}))

    report = import_from(FakeSource(an_album("1", "2", "4")))

    assert report.reasons == {"instagram:CxYz": "removed from its album upstream"}
    stored = sorted(file.name for file in photos.rglob("*.jpg"))
    assert [name[-5] for name in stored] == ["1", "2", "4"]
    assert str(import_from(FakeSource(an_album("1", "2", "4")))) == "1 post: 1 unchanged"


def test_a_pending_photo_is_found_at_its_new_place(import_from, photos):
    import_from(FakeSource(an_album("1", "2", "3", "4"), broken={"https://cdn/4.jpg": cut_short()}))

    import_from(FakeSource(an_album("1", "3", "4")))

    last = photos / "photos/2024/2024-05-12-boats-at-dusk-4.jpg"
    assert last.read_bytes() == picture(hash_of("https://cdn/4.jpg"))


def test_an_album_that_changed_without_ids_is_left_alone(import_from, photos):
    import_from(FakeSource(a_post(pictures=4), broken={"https://cdn/4.jpg": cut_short()}))

    report = import_from(FakeSource(a_post(pictures=3)))

    assert report.reasons["instagram:CxYz"] == "its album has changed upstream"
    assert len(list(photos.rglob("*.jpg"))) == 3


def test_a_photo_that_was_pending_follows_an_album_that_moved(import_from, photos):
    import_from(FakeSource(a_post(pictures=2), broken={"https://cdn/2.jpg": cut_short()}))
    moved = photos / "photos/trips/dusk.md"
    moved.parent.mkdir()
    (photos / "photos/2024/2024-05-12-boats-at-dusk.md").rename(moved)

    import_from(FakeSource(a_post(pictures=2)))

    assert "Album: dusk\n" in (photos / "photos/trips/dusk-2.md").read_text()


def test_an_album_with_expired_addresses_is_asked_for_once(import_from):
    post = a_post(pictures=20)
    source = FakeSource(post, expired=tuple(media.picture for media in post.media))

    assert str(import_from(source)) == "1 post: 1 new"
    assert source.asked.count("refresh instagram:CxYz") == 1


def test_an_album_whose_page_was_deleted_is_deleted(import_from, photos):
    post, there = a_post(pictures=2, comment_count=1), {"instagram:CxYz": (a_comment(),)}
    import_from(FakeSource(post, comments=there))
    (photos / "photos/2024/2024-05-12-boats-at-dusk.md").unlink()

    assert (
        str(import_from(FakeSource(post, comments=there))) == "1 post: 1 deleted by you and left so"
    )
    assert not list(photos.rglob("*-1.comments.json"))


def test_a_deleted_album_with_something_pending_stays_deleted_too(import_from, photos):
    post = a_post(pictures=2)
    import_from(FakeSource(post, broken={"https://cdn/2.jpg": cut_short()}))
    for page in photos.rglob("*.md"):
        page.unlink()

    assert not import_from(FakeSource(post)).incomplete
    assert not list(photos.rglob("*.md"))
    assert str(import_from(FakeSource(post))) == "1 post: 1 deleted by you and left so"


def test_a_photo_that_left_its_album_before_one_door_opened_comes_through_another(
    import_from, photos
):
    media = tuple(a_media(n, names=(f"1_{n}_n",)) for n in (1, 2, 3))
    import_from(FakeSource(a_post(media=media[1:])))
    export = FakeSource(a_post(uid="instagram-export:17841400000000001", media=media), live=False)

    report = import_from(export)

    assert report.outcomes == {"instagram:CxYz": "completed"}
    page = photos / "photos/2024/2024-05-12-boats-at-dusk-3.md"
    assert header_value(page.read_text(), "Uid") == "instagram:CxYz#3"
    assert str(import_from(export)) == "1 post: 1 unchanged"
    assert str(import_from(FakeSource(a_post(media=media[1:])))) == "1 post: 1 unchanged"
    page.unlink()
    assert str(import_from(export)) == "1 post: 1 unchanged"
    assert not page.exists()
