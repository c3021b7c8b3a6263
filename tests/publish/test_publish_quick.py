"""Objects that are put past the client: as it would put them, or by it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.s3_faults import Lost
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


def by(server, key):
    """The headers of the requests that put an object."""
    return [each.headers for each in server.requests if each.key == f"of/mine/{key}"]


def test_all_but_the_first_are_put_as_the_client_puts_them(bucket, server):
    etag = bucket.put("second", b"two", **AS)

    [by_client], [quick] = by(server, "first"), by(server, "second")
    assert "amz-sdk-request" in by_client
    assert "amz-sdk-request" not in quick
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


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=40))
def test_any_key_leads_to_where_the_client_puts_it(client, server, key):
    paths = []
    server.on_request = lambda request: paths.append(request.path)
    quickly, slowly = Bucket(client, "site", "x"), Bucket(client, "site", "x")
    quickly.put("first", b"", **AS)
    paths.clear()

    quickly.put(key, b"one", **AS)
    slowly.put(key, b"one", **AS)

    assert len(set(paths)) == 1


def test_no_key_of_a_first_object_leads_astray(client, server):
    for key in ("a b+c%20ü&=?#'()*!~.webp", "a//b", "deep/er/~x", "ends/"):
        bucket = Bucket(client, "site", "")
        bucket.put(key, b"one", **AS)
        bucket.put(f"{key}2", b"two", **AS)

        assert bucket.read(f"{key}2") == b"two"


def test_two_buckets_of_one_client_keep_apart(client, server):
    buckets = [Bucket(client, name, "") for name in ("site", "originals")]
    for body in (b"one", b"two"):
        for bucket in buckets:
            bucket.put(f"{body.decode()} in {bucket.name}", body, **AS)

    for bucket in buckets:
        assert bucket.listing().keys() == {f"one in {bucket.name}", f"two in {bucket.name}"}


def test_many_at_once_find_the_way_together(client, server):
    bucket, together = Bucket(client, "site", ""), threading.Barrier(8)

    def put(number):
        together.wait()
        return bucket.put(f"{number}", b"%d" % number, **AS)

    with ThreadPoolExecutor(8) as pool:
        etags = list(pool.map(put, range(8)))

    assert [bucket.listing()[f"{number}"].etag for number in range(8)] == etags


def test_what_is_refused_for_a_moment_is_asked_for_again(bucket, server):
    server.refuse("of/mine/second", status="503 Slow Down", code="SlowDown", times=2)

    bucket.put("second", b"two", **AS)

    assert bucket.read("second") == b"two"
    assert len(by(server, "second")) == 4  # two refusals, the object, and its reading


def test_what_is_refused_is_said_by_its_name(bucket, server):
    server.refuse("of/mine/second")

    with pytest.raises(PublishError, match=r"^second cannot be stored in 'site': access denied"):
        bucket.put("second", b"two", **AS)

    bucket.put("third", b"three", **AS)
    [third] = by(server, "third")
    assert "amz-sdk-request" not in third


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

    assert all("amz-sdk-request" in headers for headers in by(server, "first"))


def test_a_condition_is_asked_by_the_client(bucket, server):
    with pytest.raises(Overtaken):
        bucket.put_if_unchanged("first", b"other", etag="", **AS)

    assert bucket.read("first") == b""
