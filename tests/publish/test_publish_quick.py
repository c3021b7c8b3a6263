"""Objects that are put past the client: as it would put them, or by it."""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.s3_faults import Fault, Lost
from fakes.s3_servers import needs
from pelican_photos.errors import Overtaken, PublishError
from pelican_photos.publish.connection import connected
from pelican_photos.publish.s3 import Bucket

AS = {"content_type": "image/webp", "cache_control": "max-age=60"}
OWNER = "123456789012"
# Of one request alone; and what the client tells of its own attempts.
OF_ONE = {"authorization", "x-amz-date", "amz-sdk-invocation-id", "amz-sdk-request"}


@pytest.fixture
def client(server):
    with connected(SimpleNamespace(s3_endpoint=server.url, s3_region="eu-west-1")) as client:
        yield client


@pytest.fixture
def bucket(client):
    """A bucket into which something has been put: the way is known."""
    bucket = Bucket(client, "site", "of/mine", OWNER)
    bucket.put("first", b"", **AS)
    return bucket


def is_quick(request):
    """Tell whether a request went past the client, which counts its attempts in each."""
    return request.method == "PUT" and "amz-sdk-request" not in request.headers


def puts(server, key):
    return [
        each for each in server.requests if (each.method, each.key) == ("PUT", f"of/mine/{key}")
    ]


def test_all_but_the_first_are_put_as_the_client_puts_them(bucket, server):
    etag = bucket.put("second", b"two", **AS)

    requests = *puts(server, "first"), *puts(server, "second")
    assert list(map(is_quick, requests)) == [False, True]
    by_client, quick = (each.headers for each in requests)
    changing = OF_ONE | {"content-md5", "x-amz-content-sha256", "content-length"}
    assert {name: quick[name] for name in quick if name not in changing} == {
        name: by_client[name] for name in by_client if name not in changing
    }
    assert quick["x-amz-expected-bucket-owner"] == OWNER
    assert quick["x-amz-content-sha256"] != "UNSIGNED-PAYLOAD"
    assert "/eu-west-1/s3/aws4_request" in quick["authorization"]
    assert server.objects("site")["of/mine/second"].etag == etag
    assert server.objects("site")["of/mine/second"].content_type == "image/webp"
    assert server.objects("site")["of/mine/second"].cache_control == "max-age=60"


@needs("keys that lead out")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=40))
def test_any_key_leads_to_where_the_client_puts_it(client, server, key):
    quickly, slowly = Bucket(client, "site", "x"), Bucket(client, "site", "x")
    quickly.put("first", b"", **AS)
    server.forget()

    quickly.put(key, b"one", **AS)
    slowly.put(key, b"one", **AS)

    quick, by_client = server.requests
    assert (is_quick(quick), is_quick(by_client)) == (True, False)
    assert quick.uri == by_client.uri != ""


@needs("keys that lead out")
def test_no_key_of_a_first_object_leads_astray(client, server):
    for key in ("a b+c%20ü&=?#'()*!~.webp", "a//b", "deep/er/~x", "ends/", "site/site", "s"):
        bucket = Bucket(client, "site", "")
        bucket.put(key, b"one", **AS)
        bucket.put(f"{key}2", b"two", **AS)

        assert is_quick(server.requests[-1])
        assert bucket.read(f"{key}2") == b"two"


def test_two_buckets_of_one_client_keep_apart(client, server):
    site, originals = (Bucket(client, name, "") for name in ("site", "originals"))
    for bucket, keys in ((site, "ab"), (originals, "c"), (site, "d"), (originals, "ef")):
        for key in keys:
            bucket.put(key, key.encode(), **AS)

    assert "".join(each.key for each in server.requests if is_quick(each)) == "bdef"
    assert site.listing().keys() == {"a", "b", "d"}
    assert originals.listing().keys() == {"c", "e", "f"}


def test_many_at_once_find_the_way_together(client, server):
    bucket, together = Bucket(client, "site", ""), threading.Barrier(8)

    def put(number):
        together.wait()
        return [bucket.put(f"{number}-{of}", b"%d" % number, **AS) for of in range(3)]

    with ThreadPoolExecutor(8) as pool:
        etags = list(pool.map(put, range(8)))

    there = bucket.listing()
    assert [[there[f"{number}-{of}"].etag for of in range(3)] for number in range(8)] == etags
    assert sum(map(is_quick, server.requests)) >= 16


def test_a_client_is_not_kept_by_its_buckets(server):
    with connected(SimpleNamespace(s3_endpoint=server.url, s3_region="")) as client:
        bucket = Bucket(client, "site", "")
        for key in ("one", "two"):
            bucket.put(key, b"", **AS)
        alive = weakref.ref(client)
    del client, bucket
    gc.unfreeze()
    gc.collect()

    assert alive() is None


def test_what_is_refused_for_a_moment_is_asked_for_again_by_the_client(bucket, server):
    server.refuse("of/mine/second", status="503 Slow Down", code="SlowDown", times=2)

    bucket.put("second", b"two", **AS)

    assert [is_quick(each) for each in puts(server, "second")] == [True, False, False]
    assert bucket.read("second") == b"two"


def test_after_a_failure_the_client_puts_a_hundred_and_shows_the_way_anew(bucket, server):
    server.refuse("of/mine/second", status="500 Internal Server Error", times=1)
    bucket.put("second", b"two", **AS)
    server.forget()

    for number in range(110):
        bucket.put(f"{number}", b"more", **AS)

    quick = [is_quick(each) for each in server.requests]
    assert not any(quick[:98])
    assert all(quick[102:])
    assert len(quick) == 110


def test_many_that_fail_together_are_one_failure(bucket, server):
    together = threading.Barrier(8)

    def hold(request):
        if is_quick(request):
            together.wait(10)

    server.on_request = hold
    server.faults.append(Fault(is_quick, "405 Method Not Allowed", times=8))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: bucket.put(f"{number}", b"one", **AS), range(8)))
    server.on_request = lambda _: None

    for number in range(110):
        bucket.put(f"more {number}", b"more", **AS)

    assert is_quick(server.requests[-1])


def test_a_server_that_never_takes_it_is_not_asked_more_than_three_times(bucket, server):
    server.faults.append(Fault(is_quick, "405 Method Not Allowed"))

    for number in range(450):
        bucket.put(f"{number}", b"more", **AS)

    assert sum(map(is_quick, server.requests)) == 3


def test_what_is_refused_is_said_by_its_name(bucket, server):
    server.refuse("of/mine/second")

    with pytest.raises(PublishError, match=r"^second cannot be stored in 'site': access denied"):
        bucket.put("second", b"two", **AS)


@pytest.mark.parametrize("said", [b"", b"<Error><Code>InternalError</Code></Error>"])
def test_an_answer_that_says_ok_and_nothing_of_the_object_counts_as_none(bucket, server, said):
    def answer(request, environ, start):
        if not is_quick(request):
            return None
        start("200 OK", [("Content-Length", str(len(said)))])
        return [said]

    server.beside = answer

    etag = bucket.put("second", b"two", **AS)

    assert [is_quick(each) for each in puts(server, "second")] == [True, False]
    assert bucket.listing()["second"].etag == etag


def test_an_answer_that_never_arrives_is_no_end(bucket, server):
    server.strike(Lost, on="PUT", key="of/mine/second")

    bucket.put("second", b"two", **AS)

    assert bucket.read("second") == b"two"


def test_a_first_object_that_is_refused_shows_no_way(client, server):
    bucket = Bucket(client, "site", "of/mine")
    server.refuse("of/mine/first", times=1)
    with pytest.raises(PublishError):
        bucket.put("first", b"one", **AS)

    bucket.put("first", b"one", **AS)

    assert not any(map(is_quick, puts(server, "first")))


@needs("conditions")
def test_a_condition_is_asked_by_the_client(bucket, server):
    with pytest.raises(Overtaken):
        bucket.put_if_unchanged("first", b"other", etag="", **AS)

    assert bucket.read("first") == b""
