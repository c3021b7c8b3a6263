import http.client
import os
import socket
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.errors import PhotosError
from pelican_photos.serving import Folder, Server, part_of, running, serve

BODY = bytes(range(100))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    site = folder / "site"
    (site / "a").mkdir(parents=True)
    (site / "index.html").write_text("<h1>home</h1>")
    (site / "a/index.html").write_text("<h1>a</h1>")
    (site / "film.mp4").write_bytes(BODY)
    (site / "empty.txt").touch()
    (site / "tags" / "雪").mkdir(parents=True)
    (site / "tags/雪/index.html").write_text("snow")
    (folder / "secret.txt").write_text("secret")
    (site / "out").symlink_to(folder / "secret.txt")
    (site / "away").symlink_to(folder)
    return site


@pytest.fixture(scope="module")
def url(root):
    with running(Folder(root), 0) as address:
        yield address


def ask(url, path, method="GET", **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)) as link:
        link.request(method, path, headers=names)
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read()


def raw(url, request):
    """Send bytes as they are, which no client library would."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as link:
        link.sendall(request)
        link.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: link.recv(65536), b""))


@pytest.mark.parametrize("path", ["/", "/index.html", "/?x=1", "/index.html?v=2#top"])
def test_a_folder_is_its_index(url, path):
    assert ask(url, path)[2] == b"<h1>home</h1>"


def test_a_folder_without_its_slash_moves_there(url):
    status, headers, _ = ask(url, "/a")

    assert (status, headers["Location"]) == (301, "/a/")


def test_a_move_never_leaves_this_server(url):
    answer = raw(url, b"GET //a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert b"Location: /a/\r\n" in answer


def test_names_in_any_script_are_found(url):
    assert ask(url, "/tags/%E9%9B%AA/")[2] == b"snow"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/a/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/a/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/a/..%5c..%5csecret.txt",
        "/out",
        "/away/secret.txt",
        "/away/",
        "/index.html%00.jpg",
        "/index.html/",
        "/a//index.html",
        "/" + "n" * 5000,
        "/%ff%fe",
    ],
)
def test_nothing_outside_the_folder_is_served(url, path):
    status, _, body = ask(url, path)

    assert status == 404
    assert b"secret" not in body


@pytest.mark.parametrize("target", [b"http://[", b"secret.txt", b"*", b"/%", b"\\\\x"])
def test_a_target_that_is_no_path_is_not_found(url, target):
    answer = raw(url, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize(
    ("span", "part"),
    [
        ("bytes=0-9", (0, 9)),
        ("bytes=10-", (10, 99)),
        ("bytes=-5", (95, 99)),
        ("bytes=90-1000", (90, 99)),
        ("bytes=-1000", (0, 99)),
        ("bytes=99-99", (99, 99)),
    ],
)
def test_a_range_is_answered_with_206(url, span, part):
    status, headers, body = ask(url, "/film.mp4", Range=span)

    assert (status, body) == (206, BODY[part[0] : part[1] + 1])
    assert headers["Content-Range"] == f"bytes {part[0]}-{part[1]}/100"
    assert headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("span", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_is_answered_with_416(url, span):
    status, headers, _ = ask(url, "/film.mp4", Range=span)

    assert (status, headers["Content-Range"]) == (416, "bytes */100")


@pytest.mark.parametrize(
    "span",
    ["bytes=9-0", "bytes=0-1,5-6", "bytes=", "bytes=-", "lines=0-9", "bytes=a-b", "nonsense"],
)
def test_a_range_that_says_nothing_is_answered_with_everything(url, span):
    status, _, body = ask(url, "/film.mp4", Range=span)

    assert (status, body) == (200, BODY)


def test_a_range_of_an_empty_file_cannot_be_had(url):
    assert ask(url, "/empty.txt", Range="bytes=0-")[0] == 416


def test_a_range_that_depends_on_a_version_gives_everything(url):
    assert ask(url, "/film.mp4", Range="bytes=0-1", If_Range='"x"')[0] == 200


@given(st.text(max_size=30), st.integers(0, 200))
def test_any_range_header_gives_a_part_of_the_file_or_none(text, size):
    part = part_of(text, size)

    assert part is None or part[0] >= 0


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 200))
def test_a_part_never_ends_behind_the_file(first, last, size):
    part = part_of(f"bytes={first}-{last}", size)

    assert part is None or part[1] < size


def test_head_is_the_answer_without_its_body(url):
    status, headers, body = ask(url, "/film.mp4", method="HEAD")

    assert (status, headers["Content-Length"], body) == (200, "100", b"")
    assert headers["Accept-Ranges"] == "bytes"


def test_other_methods_are_refused(url):
    assert ask(url, "/", method="POST")[0] == 501


def test_a_connection_stays_open_for_the_next_request(url):
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)) as link:
        for path in ("/", "/nothing", "/film.mp4"):
            link.request("GET", path)
            assert link.getresponse().read()
            assert link.sock is not None


def test_a_body_that_nobody_asked_for_is_not_taken_for_a_request(url):
    body = b"GET /a/ HTTP/1.1\r\nHost: x\r\n\r\n"
    head = b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)

    assert raw(url, head + body).count(b"HTTP/1.1 200") == 1


def test_a_preview_is_never_kept_by_the_browser(url):
    for path in ("/", "/nothing"):
        assert ask(url, path)[1]["Cache-Control"] == "no-cache"


def test_what_is_missing_is_the_sites_own_404_page(tmp_path):
    (tmp_path / "404.html").write_text("<h1>lost</h1>")
    with running(Folder(tmp_path), 0) as url:
        status, headers, body = ask(url, "/nothing", Range="bytes=0-1")

    assert (status, body) == (404, b"<h1>lost</h1>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_not_found(tmp_path):
    (tmp_path / "a.txt").touch(mode=0)
    with running(Folder(tmp_path), 0) as url:
        assert ask(url, "/a.txt")[0] == 404


def test_a_visitor_who_goes_away_leaves_no_trace(tmp_path, capfd):
    (tmp_path / "big.bin").write_bytes(bytes(2**24))
    with running(Folder(tmp_path), 0) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as link:
            link.sendall(b"GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n")
            link.recv(10)
        assert ask(url, "/big.bin", method="HEAD")[0] == 200

    assert capfd.readouterr() == ("", "")


class Promising:
    """A backend whose files are shorter than they were when it looked."""

    def __init__(self, root):
        self._folder = Folder(root)

    def open(self, path, span):
        return replace(self._folder.open(path, span), length=500)


def test_a_file_that_becomes_shorter_ends_the_connection(root):
    with running(Promising(root), 0) as url, pytest.raises(http.client.IncompleteRead):
        ask(url, "/film.mp4")


def test_a_taken_port_gives_the_next_one(tmp_path):
    folder = Folder(tmp_path)

    with Server(folder, 0) as first, Server(folder, first.server_port) as second:
        assert second.server_port > first.server_port
        assert second.url == f"http://127.0.0.1:{second.server_port}"


def test_no_free_port_is_one_sentence(tmp_path):
    with pytest.raises(PhotosError, match="No port from 70000"):
        Server(Folder(tmp_path), 70_000)


def test_only_this_machine_is_listened_to(tmp_path):
    with Server(Folder(tmp_path), 0) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_serving_tells_its_address_first(tmp_path):
    heard = []

    class Enough(Exception):
        pass

    def ready(url):
        heard.append(url)
        raise Enough

    with pytest.raises(Enough):
        serve(Folder(tmp_path), 0, ready=ready)
    assert heard[0].startswith("http://127.0.0.1:")
