import pytest

from pelican_photos.demo.check import broken, check
from pelican_photos.demo.links import candidates, links_in
from pelican_photos.serving import Folder, running

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">
<link href="{url}/a/"/><icon>{url}/icon.png</icon>
<entry><id>tag:x,2024:1</id><content type="html">&lt;img src="{url}/in-feed.jpg"&gt;</content>
</entry></feed>"""
RSS = """<rss><channel><link>{url}/</link><item><link>{url}/rss-page/</link>
<description><![CDATA[<img src="{url}/cdata.jpg">]]></description></item></channel></rss>"""


@pytest.fixture
def site(tmp_path):
    root = tmp_path / "site"
    root.mkdir()
    with running(Folder(root), 0) as url:
        yield root, url


def write(root, path, text=""):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_a_whole_site_has_nothing_broken(site):
    root, url = site
    write(root, "index.html", '<a href="/a/">a</a> <img src="b.jpg" srcset="b.jpg 1x, c.jpg 2x">')
    write(root, "a/index.html", '<a href="../#top">up</a> <a href="mailto:x@example.com">m</a>')
    write(root, "b.jpg")
    write(root, "c.jpg")

    checked = check(url)

    assert checked.broken == ()
    assert checked.count == 4  # two pages, two pictures


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="gone/">x</a>',
        '<link rel="stylesheet" href="gone/">',
        '<img src="gone/">',
        '<img alt="" srcset="ok.jpg 1x, gone/ 2x">',
        '<video poster="gone/"></video>',
        '<video><source src="gone/"></video>',
        '<link rel="preload" as="image" imagesrcset="gone/ 1x">',
        '<meta property="og:image" content="/gone/">',
    ],
)
def test_a_planted_broken_link_is_found(site, markup):
    root, url = site
    write(root, "index.html", markup)
    write(root, "ok.jpg")

    assert broken(url) == ["/gone/: answers 404; linked from /"]


@pytest.mark.parametrize(
    ("name", "text", "missing"),
    [
        ("feed.atom", ATOM, {"/a/", "/icon.png", "/in-feed.jpg"}),
        ("feed.rss", RSS, {"/rss-page/", "/cdata.jpg"}),
        (
            "feed.json",
            '{{"items": [{{"url": "{url}/j/", "content_html": "<img src=k.jpg>"}}]}}',
            {"/j/", "/k.jpg"},
        ),
    ],
)
def test_a_feeds_links_are_followed(site, name, text, missing):
    root, url = site
    write(root, "index.html", f'<link rel="alternate" href="/{name}">')
    write(root, name, text.format(url=url))

    assert {sentence.partition(":")[0] for sentence in broken(url)} == missing


def test_a_link_that_only_redirects_is_broken(site):
    root, url = site
    write(root, "index.html", '<a href="/a">a</a>')
    write(root, "a/index.html")

    assert broken(url) == ["/a: answers 301; linked from /"]


def test_names_in_any_script_are_asked_for_as_they_are_written(site):
    root, url = site
    write(root, "index.html", '<a href="/tags/雪/">1</a> <a href="/tags/nazar%C3%A9/">2</a>')
    write(root, "tags/雪/index.html")
    write(root, "tags/nazaré/index.html")

    assert broken(url) == []


def test_other_servers_are_left_alone_unless_named(site, tmp_path):
    root, url = site
    other = tmp_path / "other"
    write(other, "there.jpg")
    with running(Folder(other), 0) as cdn:
        write(root, "index.html", f'<a href="{cdn}/there.jpg">1</a> <a href="{cdn}/gone.jpg">2</a>')

        assert broken(url) == []
        assert broken(url, origins=[cdn]) == [f"{cdn}/gone.jpg: answers 404; linked from /"]


def test_a_server_that_is_not_there_is_one_sentence(tmp_path):
    with running(Folder(tmp_path), 0) as url:
        pass

    assert broken(url) == ["/: gives no whole answer (ConnectionRefusedError)"]


@pytest.mark.parametrize(
    ("srcset", "addresses"),
    [
        ("a.webp", ["a.webp"]),
        ("a.webp 1x, b.webp 2x", ["a.webp", "b.webp"]),
        ("a.webp 1x,b.webp 2x", ["a.webp", "b.webp"]),
        ("a.webp, b.webp", ["a.webp", "b.webp"]),
        (" a,b.webp 320w ,\n c.webp 640w ", ["a,b.webp", "c.webp"]),
        ("", []),
    ],
)
def test_a_srcset_is_read_as_browsers_read_it(srcset, addresses):
    assert list(candidates(srcset)) == addresses


def test_what_cannot_be_fetched_is_no_link():
    text = '<a href="#top">1</a><a href="data:,x">2</a><link rel="preconnect" href="http://cdn/">'

    assert links_in(text, "text/html") == ()
