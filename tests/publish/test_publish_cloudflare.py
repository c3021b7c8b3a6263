"""What Cloudflare is told after a publish, by addresses; and what it may answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.cloudflare import TOKEN, ZONE, serving_cloudflare
from fakes.publisher import PAGE
from pelican_photos.errors import PublishError
from pelican_photos.publish.cloudflare import purge, requests_for

SITE = ("https://example.org",)


@pytest.fixture
def cloudflare(monkeypatch):
    with serving_cloudflare() as fake:
        monkeypatch.setenv("CLOUDFLARE_BASE_URL", fake.url)
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
        yield fake


def test_a_publish_purges_the_addresses_of_what_it_changed(run, site, cloudflare):
    zone = {"cloudflare_zone": ZONE, "originals_url": "https://img.example.org"}
    run(settings=zone)
    site.write(PAGE, b"new")

    run(settings=zone)

    folder = "/photos/2024/2024-05-01-boats/"
    assert cloudflare.purged == [
        {
            "files": [
                f"https://{host}{folder}{name}"
                for host in ("example.org", "img.example.org")
                for name in ("", "index.html")
            ]
        }
    ]


def test_a_purge_that_failed_is_sent_by_the_next_publish(run, site, server, cloudflare):
    zone = {"cloudflare_zone": ZONE}
    run(settings=zone)
    site.write("index.html", b"new")
    cloudflare.instead = [(400, b'{"success": false, "errors": [{"message": "not now"}]}')]
    with pytest.raises(PublishError, match="cannot be purged: it answers 400 not now"):
        run(settings=zone, delete=True)
    assert server.counts["DELETE"] == 0

    run(settings=zone)

    assert cloudflare.purged == [
        {"files": ["https://example.org/", "https://example.org/index.html"]}
    ]


def test_both_caches_are_told_where_there_are_both(run, site, server, cloudflare):
    both = {"cloudflare_zone": ZONE, "cdn_distribution": server.create_distribution()}
    run(settings=both)
    site.write("index.html", b"new")

    run(settings=both)

    assert server.invalidations(both["cdn_distribution"]) == [["/", "/index.html"]]
    assert len(cloudflare.purged) == 1


def test_a_busy_cloudflare_is_asked_again(cloudflare):
    cloudflare.instead = [(429, b"{}"), (503, b"")]

    assert purge(ZONE, SITE, {"/a"}) == 1
    assert cloudflare.asked == 3


@pytest.mark.parametrize(
    ("zone", "token", "sentence"),
    [
        (ZONE, "", "CLOUDFLARE_API_TOKEN is not set"),
        (ZONE, "wrong", "needs the permission Cache Purge"),
        ("nosuchzone", TOKEN, "check PHOTOS_CLOUDFLARE_ZONE"),
    ],
)
def test_a_refusal_is_one_sentence(cloudflare, monkeypatch, zone, token, sentence):
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", token)

    with pytest.raises(PublishError, match=sentence) as caught:
        purge(zone, SITE, {"/a"})

    assert TOKEN not in str(caught.value)
    assert cloudflare.purged == []


@pytest.mark.parametrize(
    ("status", "answer", "sentence"),
    [
        (200, b"<p>Log in to this network</p>", "is not what should"),
        (302, b"{}", "it answers 302"),
        (200, b"[]", "it answers 200"),
        (200, b'{"success": "yes"}', "it answers 200"),
    ],
)
def test_something_that_is_no_cloudflare_is_said(cloudflare, status, answer, sentence):
    cloudflare.instead = [(status, answer)]

    with pytest.raises(PublishError, match=sentence):
        purge(ZONE, SITE, {"/a"})


def test_a_message_that_repeats_the_token_is_scrubbed(cloudflare):
    message = f'{{"success": false, "errors": [{{"message": "bad token {TOKEN}"}}]}}'
    cloudflare.instead = [(400, message.encode())]

    with pytest.raises(PublishError, match="hidden") as caught:
        purge(ZONE, SITE, {"/a"})

    assert TOKEN not in str(caught.value)


def test_a_cloudflare_that_is_not_there_is_said(monkeypatch):
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)

    with pytest.raises(PublishError, match="cannot be reached"):
        purge(ZONE, SITE, {"/a"})


def test_very_many_changes_purge_the_whole_site_and_no_other():
    paths = {f"/blog/{number}" for number in range(301)}

    assert list(requests_for(["https://example.org/blog/"], paths)) == [
        {"prefixes": ["example.org/blog"]}
    ]


@given(st.sets(st.text("ab/", min_size=1).map("/".__add__), max_size=100), st.booleans())
def test_every_path_is_purged_once_on_every_host(paths, two):
    sites = ["https://a.example/x", *(["https://b.example"] if two else [])]

    sent = [address for body in requests_for(sites, paths) for address in body["files"]]

    hosts = {"https://a.example", *(["https://b.example"] if two else [])}
    assert sorted(sent) == sorted(host + path for host in hosts for path in paths)


def test_a_folder_is_purged_with_all_that_it_holds():
    assert list(requests_for(SITE, {"/photos/2024/boats/*", "/index.html", "/*"})) == [
        {"files": ["https://example.org/index.html"]},
        {"prefixes": ["example.org", "example.org/photos/2024/boats"]},
    ]


def test_a_tilde_is_as_browsers_send_it():
    assert list(requests_for(SITE, {"/%7Eme/"})) == [{"files": ["https://example.org/~me/"]}]
