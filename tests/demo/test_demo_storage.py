import logging
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from pelican_photos.demo.cdn import Bucket
from pelican_photos.demo.storage import storage
from pelican_photos.serving import running

BODY = bytes(range(256)) * 4


@pytest.fixture(scope="module")
def stored():
    with storage() as made:
        client = made.client()
        client.put_object(
            Bucket=made.bucket, Key="a/photo.jpg", Body=BODY, ContentType="image/jpeg"
        )
        client.put_object(
            Bucket=made.bucket, Key="a/index.html", Body=b"<p>", ContentType="text/html"
        )
        yield made, client
        client.close()


@pytest.fixture(scope="module")
def cdn(stored):
    made, client = stored
    with running(Bucket(client, made.bucket), 0) as url:
        yield url


def fetch(url, method="GET", **headers):
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def test_the_server_listens_on_this_machine_alone(stored):
    assert stored[0].endpoint.startswith("http://127.0.0.1:")


def test_the_bucket_refuses_whoever_has_no_credentials(stored):
    made = stored[0]

    assert fetch(f"{made.endpoint}/{made.bucket}/a/photo.jpg")[0] == 403


def test_credentials_are_new_each_time_and_not_shown(stored):
    with storage() as other:
        assert other.environment != stored[0].environment
        assert other.environment["AWS_SECRET_ACCESS_KEY"] not in repr(other)


def test_requests_are_not_written_to_the_terminal(stored, capfd):
    made, client = stored

    client.head_object(Bucket=made.bucket, Key="a/photo.jpg")

    assert capfd.readouterr() == ("", "")


def test_the_logger_is_as_it_was_afterwards():
    logger = logging.getLogger("werkzeug")
    before = logger.level

    with storage(bucket="another"):
        assert logger.level == logging.ERROR
    assert logger.level == before


def test_the_cdn_passes_an_object_on_with_its_type(cdn):
    status, headers, body = fetch(f"{cdn}/a/photo.jpg")

    assert (status, headers["Content-Type"], body) == (200, "image/jpeg", BODY)
    assert headers["Accept-Ranges"] == "bytes"


def test_the_cdn_passes_a_range_on(cdn):
    status, headers, body = fetch(f"{cdn}/a/photo.jpg", Range="bytes=10-19")

    assert (status, body) == (206, BODY[10:20])
    assert headers["Content-Range"] == f"bytes 10-19/{len(BODY)}"


def test_the_cdn_says_when_a_range_lies_behind_the_end(cdn):
    assert fetch(f"{cdn}/a/photo.jpg", Range="bytes=5000-")[0] == 416


def test_the_cdn_answers_head_without_a_body(cdn):
    status, headers, body = fetch(f"{cdn}/a/photo.jpg", method="HEAD")

    assert (status, headers["Content-Length"], body) == (200, str(len(BODY)), b"")


def test_a_folder_of_the_bucket_is_its_index(cdn):
    assert fetch(f"{cdn}/a/")[2] == b"<p>"


def test_what_the_bucket_lacks_is_not_found(cdn):
    assert fetch(f"{cdn}/a/nothing.jpg")[0] == 404


def test_wrong_credentials_read_nothing_and_leak_nothing(stored):
    made, client = stored
    with pytest.raises(ClientError):
        client.get_object(Bucket="a-bucket-that-is-not-there", Key="a")

    with running(Bucket(client, "a-bucket-that-is-not-there"), 0) as url:
        status, _, body = fetch(f"{url}/a/photo.jpg")

    assert status in (404, 502)
    assert made.environment["AWS_SECRET_ACCESS_KEY"].encode() not in body
