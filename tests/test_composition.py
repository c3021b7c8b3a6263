"""What a post says ends on the right page, and only once."""

from builders import a_media, a_post, a_video
from pelican_photos.composition import Files, album_of, photo_of
from pelican_photos.model import Location, Person
from pelican_photos.page import read_page, write_page

FILES = Files("x.jpg", "", 8, 10)


def test_a_photo_alone_says_everything_itself():
    post = a_post(caption="Boats #sea", location=Location(name="Nazaré"), coauthors=("bob",))

    photo = photo_of(post, post.media[0], 0, "2024-05-12-boats", FILES)

    assert (photo.uid, photo.title, photo.tags) == ("instagram:CxYz", "Boats #sea", ("sea",))
    assert photo.content == "Boats \\#sea"
    assert photo.location == Location(name="Nazaré")
    assert (photo.album, photo.position) == ("", 0)


def test_in_an_album_the_caption_stays_with_the_album():
    post = a_post(caption="Boats #sea", media=(a_media(1, alt="One"), a_video(2, alt_auto="Two")))

    album, first, second = (
        album_of(post, "2024-05-12-boats"),
        photo_of(post, post.media[0], 1, "2024-05-12-boats", FILES),
        photo_of(post, post.media[1], 2, "2024-05-12-boats", FILES._replace(video="x.mp4")),
    )

    assert (album.content, album.tags) == ("Boats \\#sea", ("sea",))
    assert (first.content, first.tags, first.syndication) == ("", (), "")
    assert (first.slug, first.uid) == ("2024-05-12-boats-1", "instagram:CxYz#1")
    assert (first.album, first.position, first.alt) == ("2024-05-12-boats", 1, "One")
    assert (second.video, second.duration, second.alt_auto) == ("x.mp4", 1.5, "Two")
    assert second.title == "Boats #sea (2)"


def test_hostile_values_fold_to_what_a_header_can_hold():
    post = a_post(
        location=Location(name=" Two\nlines\u2028here ", latitude=1.0),
        coauthors=("bob\nStatus: draft", " ", "a;b"),
        music="\x00Song\r\nx",
        media=(
            a_media(
                alt="One\n\ntwo",
                people=(
                    Person(username="bob", x=0.5),
                    Person(username="a;b"),
                    Person(username=""),
                ),
            ),
        ),
    )

    photo = photo_of(post, post.media[0], 0, "2024-05-12-boats", FILES)

    assert photo.location == Location(name="Two lines here")
    assert photo.coauthors == ("bob Status: draft",)
    assert photo.music == "Song x"
    assert photo.alt == "One two"
    assert photo.people == (Person(username="bob"),)
    assert read_page(write_page(photo), photo.slug) == photo


def test_what_the_camera_noted_stands_on_the_photo():
    media = a_media(taken="2024-05-11 18:03:00", camera="Leica Q2")

    photo = photo_of(a_post(), media, 0, "s", FILES)

    assert (photo.taken, photo.camera) == ("2024-05-11 18:03:00", "Leica Q2")
    assert read_page(write_page(photo), "s") == photo


def test_a_capture_time_that_is_the_posts_own_is_not_repeated():
    assert photo_of(a_post(), a_media(taken="2024-05-12 12:00:00"), 0, "s", FILES).taken == ""


def test_where_the_camera_was_is_told_only_when_asked_and_never_for_a_named_place():
    home = Location(latitude=49.0, longitude=8.0, coarse=True)
    media = a_media(place=home)
    named = a_post(location=Location(name="Nazaré"))

    assert photo_of(a_post(), media, 0, "s", FILES).location is None
    assert photo_of(a_post(), media, 0, "s", FILES, with_place=True).location == home
    assert photo_of(named, media, 0, "s", FILES, with_place=True).location == named.location


def test_an_archived_post_is_hidden_and_somebody_elses_keeps_its_owner():
    archived = album_of(a_post(pictures=2, status="hidden", owner="me"), "s")
    saved = album_of(a_post(pictures=2, status="hidden", owner="bob", foreign=True), "s")

    assert (archived.status, archived.owner) == ("hidden", "")
    assert (saved.status, saved.owner) == ("hidden", "bob")
    assert read_page(write_page(saved), "s") == saved


def test_each_photo_of_somebody_elses_album_names_its_owner():
    post = a_post(pictures=2, owner="bob", foreign=True)

    assert photo_of(post, post.media[1], 2, "s", FILES).owner == "bob"
