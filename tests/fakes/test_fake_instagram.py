"""The fake is as honest as what it stands for: unmodified Instaloader takes it for Instagram."""

import os
import signal
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path

import instaloader
import pytest
import requests
from PIL import Image

from fakes.instagram import FakeInstagram, Fault, sample_profile
from fakes.instagram_posts import code_of, jpeg, mp4, pk_of

FETCH = """
import requests, sys
with requests.get(sys.argv[1], timeout=60) as answer:
    print(len(answer.content))
"""


@pytest.fixture
def instagram(monkeypatch):
    with FakeInstagram(sample_profile(40)) as fake:
        for name, value in fake.environ.items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.fixture
def loader(instagram):
    loader = instaloader.Instaloader(sleep=False, quiet=True, max_connection_attempts=1)
    yield loader
    loader.close()


def test_plain_instaloader_logs_in_and_reads_everything(instagram, loader):
    loader.load_session_from_file("someone", str(instagram.session_file()))
    assert loader.test_login() == "someone"

    profile = instaloader.Profile.own_profile(loader.context)
    posts = list(profile.get_posts())
    assert profile.mediacount == 40
    assert [post.shortcode for post in posts] == [post.code for post in instagram.profile.posts]


def test_plain_instaloader_reads_anonymously(instagram, loader):
    profile = instaloader.Profile.from_username(loader.context, "someone")

    assert [post.shortcode for post in profile.get_posts()] == [
        post.code for post in instagram.profile.posts
    ]


def test_plain_instaloader_reads_what_its_account_saved(instagram, loader):
    instagram.saved = instagram.profile.posts[3:30]
    loader.load_session_from_file("someone", str(instagram.session_file()))
    own = instaloader.Profile.own_profile(loader.context)

    saved = list(own.get_saved_posts())

    assert [post.shortcode for post in saved] == [post.code for post in instagram.saved]
    assert {post.owner_username for post in saved} == {"someone", "bob"}
    assert saved[0].caption == instagram.saved[0].media["caption"]["text"]


def test_a_share_link_leads_where_it_was_told(instagram):
    instagram.shares["BAx"] = "https://www.instagram.com/p/CxYz_12-bCd/"
    share = "https://www.instagram.com/share/reel/BAx"

    assert requests.get(share, allow_redirects=False, timeout=9).is_redirect
    assert requests.get(f"{share}y", allow_redirects=False, timeout=9).status_code == 404


def test_plain_instaloader_downloads_what_is_held(instagram, loader):
    post = instagram.profile.posts[4]
    found = instaloader.Post.from_shortcode(loader.context, post.code)

    assert loader.context.get_raw(found.url).content == post.originals()[0]


def test_the_sample_is_the_same_each_time_and_no_two_pictures_are_alike():
    first, second = sample_profile(40), sample_profile(40)

    assert [post.media for post in first.posts] == [post.media for post in second.posts]
    files = [content for post in first.posts for content in post.originals()]
    assert len(set(files)) == len(files) > 60
    assert len({post.media["pk"] for post in first.posts}) == 40


def test_the_sample_has_valid_pictures_of_the_size_it_says():
    for post in sample_profile(40).posts:
        items = post.media["carousel_media"] or [post.media]
        for item in items:
            name = item["image_versions2"]["candidates"][0]["url"].removeprefix("cdn:")
            with Image.open(BytesIO(post.files[name]())) as picture:
                picture.load()
                assert picture.size == (item["original_width"], item["original_height"])


@pytest.mark.parametrize("count", [0, 1, 5, 23, 40, 100])
def test_the_sample_may_have_any_size(count):
    assert len(sample_profile(count).posts) == count


def test_a_code_and_its_number_are_a_pair():
    for post in sample_profile(40).posts:
        assert pk_of(post.code) == int(post.media["pk"])
        assert code_of(int(post.media["pk"])) == post.code
        assert instaloader.Post.mediaid_to_shortcode(pk_of(post.code)) == post.code


def test_pictures_and_videos_look_like_what_they_are():
    assert jpeg("a", 64, 64)[:2] == b"\xff\xd8"
    assert mp4("a")[4:8] == b"ftyp"


def test_a_fault_strikes_the_request_it_names_and_no_other(instagram):
    instagram.inject(Fault("503", api=2, times=2))
    statuses = [requests.get("https://www.instagram.com/someone/").status_code for _ in range(5)]

    assert statuses == [200, 503, 503, 200, 200]


def test_an_address_dies_when_it_is_told_to(instagram):
    address = instagram._sign(next(iter(instagram.profile.posts[0].files)), "")
    alive = requests.get(address).status_code
    instagram.expire()

    assert (alive, requests.get(address).status_code) == (200, 403)


def test_it_answers_several_at_once(instagram):
    names = [name for post in instagram.profile.posts for name in post.files][:40]
    fetched = {}

    def fetch(name):
        fetched[name] = requests.get(instagram._sign(name, "")).content

    threads = [threading.Thread(target=fetch, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert fetched == {name: instagram.bytes_of(name) for name in names}
    assert sorted(request.number for request in instagram.requests) == [*range(1, 41)]


def test_a_process_can_be_killed_in_the_middle_of_a_download(instagram):
    address = instagram._sign(next(iter(instagram.profile.posts[0].files)), "")
    instagram.inject(Fault("stall", cdn=1))
    command = [sys.executable, "-c", FETCH, address]
    environ = {**os.environ, **instagram.environ}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as process:
        assert instagram.wait_for_stall()
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert process.stdout.read() == b""

    again = subprocess.run(command, env=environ, capture_output=True, check=True)
    assert int(again.stdout) > 0


def test_it_leaves_nothing_behind():
    with FakeInstagram() as instagram:
        folder = Path(instagram.authority).parent
    assert not folder.exists()
