"""Pictures and videos come whole, from Instagram's hosts, without the account's cookies."""

import re

import pytest

from fakes.instagram import FakeInstagram, Fault, sample_profile
from fakes.instagram_posts import mp4
from pelican_photos.errors import MediaError, MediaExpired, RateLimited
from pelican_photos.sources.instagram import Instagram
from pelican_photos.sources.instagram_download import Downloads


@pytest.fixture
def instagram(monkeypatch):
    with FakeInstagram(sample_profile(23)) as fake:
        for name, value in fake.environ.items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.fixture
def paused():
    return []


@pytest.fixture
def source(instagram, paused):
    with Instagram.open(
        notice=lambda _: None, session=instagram.session_file(), delay=0, pause=paused.append
    ) as opened:
        yield opened


@pytest.fixture
def downloads(instagram, paused):
    opened = Downloads(user_agent="Browser/1", pause=paused.append)
    yield opened
    opened.close()


def a_video(instagram, content):
    """Give the name of a video, which has this content from now on."""
    files = next(post.files for post in instagram.profile.posts if post.media["video_versions"])
    name = next(name for name in files if name.endswith(".mp4"))
    files[name] = lambda: content
    return name


def addresses_of(post):
    return [address for item in post.media for address in (item.picture, item.video) if address]


def an_address(instagram, name=""):
    name = name or next(iter(instagram.profile.posts[0].files))
    return instagram._sign(name, "")


def test_every_file_comes_byte_for_byte(instagram, source):
    for post, held in zip(source.posts(), instagram.profile.posts, strict=True):
        fetched = [b"".join(source.fetch(address)) for address in addresses_of(post)]
        assert fetched == held.originals()


def test_a_file_costs_one_request_and_brings_no_cookies_along(instagram, source):
    post = next(source.posts())
    files = [b"".join(source.fetch(address)) for address in addresses_of(post)]

    downloads = [request for request in instagram.requests if request.kind == "cdn"]
    assert len(downloads) == len(files)
    assert all("cookie" not in request.headers for request in downloads)
    assert all("authorization" not in request.headers for request in downloads)
    assert all("Mozilla" in request.headers["user-agent"] for request in downloads)


@pytest.mark.parametrize("fault", ["truncated", "reset", "empty", "500", "503"])
def test_a_file_that_never_comes_whole_is_refused_after_three_tries(
    instagram, downloads, paused, fault
):
    instagram.inject(Fault(fault, cdn=1, times=0))
    with pytest.raises(MediaError, match="go on later") as caught:
        list(downloads.fetch(an_address(instagram)))

    assert not isinstance(caught.value, MediaExpired)
    assert instagram.count("cdn") == 3
    assert paused == [1.0, 4.0]


@pytest.mark.parametrize("fault", ["truncated", "reset", "empty", "500", "503"])
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("size", [600, 300_000])
def test_a_file_that_comes_at_the_next_try_is_whole(instagram, downloads, fault, times, size):
    name = a_video(instagram, mp4("a video", size))
    instagram.inject(Fault(fault, cdn=1, times=times))

    fetched = b"".join(downloads.fetch(an_address(instagram, name)))
    assert fetched == mp4("a video", size)


@pytest.mark.parametrize("size", [300_000, 600])
def test_a_file_that_changes_between_two_tries_is_refused(instagram, downloads, size):
    name = a_video(instagram, mp4("a video", 300_000))
    instagram.inject(Fault("truncated", cdn=1))
    pieces = downloads.fetch(an_address(instagram, name))
    next(pieces)
    a_video(instagram, mp4("another video", size))

    with pytest.raises(MediaError, match="changed while it was fetched"):
        list(pieces)


@pytest.mark.parametrize("fault", ["expired", "403", "404"])
def test_a_refused_address_has_expired(instagram, downloads, fault):
    instagram.inject(Fault(fault, cdn=1))
    with pytest.raises(MediaExpired, match="address is refused"):
        list(downloads.fetch(an_address(instagram)))

    assert instagram.count("cdn") == 1


def test_an_address_past_its_own_date_is_not_even_asked_for(instagram, source):
    code = instagram.profile.posts[0].code
    instagram.stale.add(code)
    post = next(source.posts())
    with pytest.raises(MediaExpired, match="has expired"):
        list(source.fetch(post.media[0].picture))

    assert instagram.count("cdn") == 0
    fresh = source.refresh(post.uid)
    fetched = b"".join(source.fetch(fresh.media[0].picture))
    assert fetched == instagram.profile.posts[0].originals()[0]


def test_an_address_whose_host_has_forgotten_it_can_be_refreshed(instagram, source):
    post = next(source.posts())
    instagram.expire()
    with pytest.raises(MediaExpired):
        list(source.fetch(post.media[0].picture))

    assert b"".join(source.fetch(source.refresh(post.uid).media[0].picture))


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("html", "something else came"),
        ("login", "something else came"),
        ("packed", "packed"),
        ("bad_request", r"unexpected answer \(400\)"),
    ],
)
def test_whatever_is_no_picture_is_refused(instagram, downloads, fault, sentence):
    instagram.inject(Fault(fault, cdn=1))
    with pytest.raises(MediaError, match=sentence):
        list(downloads.fetch(an_address(instagram)))


def test_without_a_delay_a_broken_download_is_tried_again_at_once(instagram, source, paused):
    post = next(source.posts())
    instagram.inject(Fault("reset", cdn=1, times=2))

    assert b"".join(source.fetch(post.media[0].picture))
    assert set(paused) <= {0}


def test_a_page_that_calls_itself_a_picture_is_refused(instagram, downloads):
    post = instagram.profile.posts[0]
    name = next(iter(post.files))
    post.files[name] = lambda: b"\n <html><body>Log in</body></html>"
    with pytest.raises(MediaError, match="a page came"):
        list(downloads.fetch(an_address(instagram, name)))


def test_a_busy_host_ends_the_run(instagram, downloads):
    instagram.inject(Fault("429", cdn=1, retry_after="60"))
    with pytest.raises(RateLimited) as caught:
        list(downloads.fetch(an_address(instagram)))

    assert caught.value.retry_at is not None


@pytest.mark.parametrize(
    "address",
    [
        "http://scontent.cdninstagram.com/a.jpg",
        "https://elsewhere.example/a.jpg",
        "https://cdninstagram.com.elsewhere.example/a.jpg",
        "https://evilcdninstagram.com/a.jpg",
        "https://scontent.cdninstagram.com:8443/a.jpg",
        "https://someone@scontent.cdninstagram.com/a.jpg",
        "https://elsewhere.example\\@scontent.cdninstagram.com/a.jpg",
        "https://elsewhere.example#@scontent.cdninstagram.com/a.jpg",
        "https://elsewhere.example?@scontent.cdninstagram.com/a.jpg",
        "https://scontent.cdninstagram.com/a.jpg\r\nHost: elsewhere.example",
        "https://scontent.cdninstagram.com/a b.jpg",
        "https://scontent.cdninstagram.com",
        "https://127.0.0.1/a.jpg",
        "https://[::1]/a.jpg",
        "file:///etc/passwd",
        "//scontent.cdninstagram.com/a.jpg",
        "cdn:a.jpg",
        "",
    ],
)
def test_an_address_that_is_not_instagrams_is_refused_unasked(instagram, downloads, address):
    with pytest.raises(MediaError, match="not one of Instagram's"):
        list(downloads.fetch(address))

    assert not instagram.requests


@pytest.mark.parametrize(
    "location",
    [
        "https://elsewhere.example/a.jpg",
        "http://scontent.cdninstagram.com/a.jpg",
        "//elsewhere.example/a.jpg",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_away_from_instagram_is_not_followed(instagram, downloads, location):
    instagram.inject(Fault("redirect", cdn=1, location=location))
    with pytest.raises(MediaError, match="not one of Instagram's"):
        list(downloads.fetch(an_address(instagram)))

    assert instagram.count("cdn") == 1


def test_a_redirect_to_nowhere_is_refused(instagram, downloads):
    instagram.inject(Fault("redirect", cdn=1, location="https://[broken/a.jpg"))
    with pytest.raises(MediaError, match="redirected to nowhere"):
        list(downloads.fetch(an_address(instagram)))


def test_a_redirect_within_instagram_is_followed_but_not_for_ever(instagram, downloads):
    address = an_address(instagram)
    instagram.inject(Fault("redirect", cdn=1, location=address))
    assert b"".join(downloads.fetch(address))

    instagram.inject(Fault("redirect", cdn=1, location=address, times=0))
    with pytest.raises(MediaError, match="redirected too often"):
        list(downloads.fetch(address))


def test_a_message_never_shows_the_signature_of_an_address(instagram, downloads):
    instagram.inject(Fault("503", cdn=1, times=0))
    address = an_address(instagram)
    with pytest.raises(MediaError) as caught:
        list(downloads.fetch(address))

    assert "oh=" not in str(caught.value)
    assert re.search(r"oh=(\w+)", address)[1] not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_abandoned_download_leaves_nothing_open(instagram, downloads):
    pieces = downloads.fetch(an_address(instagram))
    next(pieces)
    pieces.close()


def test_an_address_without_a_date_is_asked_for(instagram, downloads):
    with pytest.raises(MediaExpired, match="address is refused"):
        list(downloads.fetch("https://scontent.cdninstagram.com/v/1_2_n.jpg?oe=later"))

    assert instagram.count("cdn") == 1


def test_without_a_network_nothing_comes(instagram, downloads, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with pytest.raises(MediaError, match="no answer"):
        list(downloads.fetch(an_address(instagram)))
