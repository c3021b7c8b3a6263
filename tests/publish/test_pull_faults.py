"""Bytes that do not come as they should: changed, cut, refused, or without room to lie in."""

import random
import resource
import shutil
import signal
from contextlib import contextmanager
from functools import partial

import pytest

from fakes.publisher import ORIGINAL
from fakes.puller import FILM, LARGE, LARGE_SIZE, Puller
from fakes.s3_faults import flip, half
from pelican_photos.atomic import PARTIAL
from pelican_photos.publish.private import MANIFEST

BOATS = "2024-05-01-boats.jpg"


@pytest.fixture
def publish_again(run):
    return partial(run, settings={"keep_gps": True}, originals_only=True)


@pytest.fixture
def published(publish_again, site, server):
    """Three pictures or, where it is asked for, a film above 8 MiB; all are lost here."""

    def publish(*, film=False):
        pull = Puller(site, server)
        if film:
            pull.lose()
            pull.add_film()
        publish_again()
        pull.before = pull.files()
        pull.lose()
        server.forget()
        return pull

    return publish


@pytest.fixture
def without_manifest(published, server, site):
    """As ``published``, by a machine that never did, from a bucket that lost its manifest."""
    pull = published()
    server.remove("originals", MANIFEST)
    shutil.rmtree(site.root / ".photos")
    return pull


def parts(pull):
    return [file for file in pull.folder.iterdir() if file.name.endswith(PARTIAL)]


def gets(server):
    return [request for request in server.requests if request.kind == "GET"]


@pytest.mark.parametrize("spoil", [flip, half, lambda _: b""])
def test_an_object_that_comes_wrong_once_is_fetched_once_more(published, server, spoil):
    pull = published()
    server.spoil(ORIGINAL, spoil)

    outcome = pull()

    assert pull.files() == pull.before
    assert outcome.exit_status == 0
    assert len(gets(server)) == 4


def test_an_object_that_stays_wrong_is_named_and_the_others_come(published, server):
    pull = published()
    server.spoil(ORIGINAL, flip, times=9)

    outcome = pull()

    assert len(pull.files()) == 2
    assert outcome.exit_status == 1
    assert f"{ORIGINAL} in 'originals' is damaged" in str(outcome)
    assert str(outcome).startswith("2 of 3 brought")
    assert len(gets(server)) == 4


def test_without_a_digest_a_changed_byte_is_found_by_the_etag(without_manifest, server):
    pull = without_manifest
    server.spoil(ORIGINAL, flip)

    outcome = pull()

    assert pull.files() == pull.before
    assert outcome.unvouched == 0


def test_without_a_digest_bytes_that_come_twice_alike_are_taken(without_manifest, server):
    server.spoil(ORIGINAL, flip, times=2)  # as where an ETag is no digest

    outcome = without_manifest()

    assert outcome.exit_status == 0
    assert "1 fetched twice alike, as no digest vouches for them" in str(outcome)


def test_without_a_digest_bytes_that_come_twice_unlike_are_not_taken(without_manifest, server):
    server.spoil(ORIGINAL, flip)
    server.spoil(ORIGINAL, lambda body: body[::-1])

    outcome = without_manifest()

    assert "is damaged" in str(outcome)
    assert BOATS not in without_manifest.files()


@pytest.mark.parametrize("status", ["503 Slow Down", ""])
def test_a_server_that_is_busy_or_hangs_up_is_asked_again(published, server, status):
    pull = published()
    server.refuse(ORIGINAL, kind="GET", status=status, code="SlowDown", times=1)

    assert pull().exit_status == 0

    assert pull.files() == pull.before


def test_what_is_refused_is_said_and_the_rest_comes(published, server):
    pull = published()
    server.refuse(ORIGINAL, kind="GET")

    outcome = pull()

    assert len(pull.files()) == 2
    assert f"{ORIGINAL} cannot be read in 'originals': access denied" in str(outcome)
    assert outcome.exit_status == 1


def test_of_a_large_object_that_breaks_off_only_the_rest_is_asked_for(published, server):
    pull = published(film=True)
    server.spoil(LARGE, half)

    assert pull().exit_status == 0

    assert pull.files() == pull.before
    first, second = gets(server)
    assert "range" not in first.headers
    start = int(second.headers["range"].removeprefix("bytes=").rstrip("-"))
    assert 0 < start < LARGE_SIZE
    assert second.headers["if-match"].strip('"') == server.objects("originals")[LARGE].etag


def test_a_server_that_knows_no_ranges_sends_the_whole_and_it_comes_right(published, server):
    pull = published(film=True)
    server.ranges = False
    server.spoil(LARGE, half)

    assert pull().exit_status == 0

    assert pull.files() == pull.before
    assert len(gets(server)) == 2  # and what is here already was passed over


def test_a_large_object_is_gone_on_with_by_the_next_pull(published, server):
    pull = published(film=True)
    server.spoil(LARGE, half)
    server.refuse(LARGE, kind="GET")
    outcome = pull()
    assert (outcome.exit_status, len(parts(pull))) == (1, 1)
    assert "the next pull goes on from here" in str(outcome)
    server.forget()

    pull()

    assert pull.files() == pull.before
    (request,) = gets(server)
    assert request.headers["range"] == f"bytes={LARGE_SIZE // 2}-"


def test_a_part_whose_bytes_are_wrong_costs_one_more_fetch(published, server):
    pull = published(film=True)
    server.spoil(LARGE, lambda body: half(flip(body)[1:]))
    server.refuse(LARGE, kind="GET")
    pull()
    server.forget()

    assert pull().exit_status == 0

    assert pull.files() == pull.before
    assert len(gets(server)) == 2


def test_a_part_of_an_object_that_has_changed_since_is_begun_anew(published, server, publish_again):
    pull = published(film=True)
    server.spoil(LARGE, half)
    server.refuse(LARGE, kind="GET")
    pull()
    server.forget()
    body = random.Random(2).randbytes(LARGE_SIZE)
    (pull.folder / FILM).write_bytes(body)
    publish_again()
    (pull.folder / FILM).unlink()
    server.forget()

    pull()

    assert pull.files() == {FILM: body}
    assert [request.headers.get("range") for request in gets(server)] == [None]


def test_an_object_that_changes_while_it_is_pulled_is_not_taken(published, server):
    pull = published()

    def overwrite(request):
        if request.kind == "GET" and request.key == ORIGINAL:
            server.put("originals", ORIGINAL, b"x" * len(pull.before[BOATS]))

    server.on_request = overwrite

    outcome = pull()

    assert BOATS not in pull.files()
    assert f"{ORIGINAL} has changed in the bucket meanwhile" in str(outcome)


def test_a_file_that_turns_up_while_it_is_pulled_is_not_overwritten(published, server):
    pull = published()
    server.on_request = lambda request: (
        request.key == ORIGINAL and (pull.folder / BOATS).write_bytes(b"mine")
    )

    outcome = pull()

    assert pull.files()[BOATS] == b"mine"
    assert outcome.exit_status == 1
    assert parts(pull) == []


@contextmanager
def room_for(size):
    """Let every write beyond so many bytes fail, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)


def test_a_full_disk_is_one_sentence_and_leaves_nothing_half(published):
    pull = published()

    with room_for(100):
        outcome = pull()

    assert pull.files() == {}
    assert outcome.exit_status == 1
    assert outcome.failed[0].endswith("cannot be written: File too large")
    assert pull().exit_status == 0
    assert pull.files() == pull.before


def test_after_many_refusals_the_rest_is_not_tried(published, server, site):
    site.slugs = [f"2024-06-{day:02}-more" for day in range(1, 31)]
    for number, slug in enumerate(site.slugs):
        site.write_original(slug, b"GIF89a%d" % number)
    pull = published()
    server.refuse(kind="GET")

    outcome = pull()

    assert len(outcome.failed) >= 10
    assert outcome.undone == 30
