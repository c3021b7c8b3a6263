"""What a server answers of an object, read as botocore reads it, but for what nobody asks for."""

import io

import pytest

from pelican_photos.publish.answer_parser import QuickAnswers
from pelican_photos.publish.connection import new_session

SAID = {
    "ETag": '"an etag"',
    "content-length": "7",
    "Content-Type": "image/webp",
    "Content-Range": "bytes 3-9/10",
    "x-amz-server-side-encryption": "aws:kms",
    "x-amz-meta-more": "than anybody asks for",
}
MODEL = new_session().get_service_model("s3")


def read(operation, **changes):
    """Read an answer; gives it as we do, and as botocore does."""
    shape = MODEL.operation_model(operation).output_shape
    answer = {"status_code": 200, "headers": SAID, "body": b"", "context": {}} | changes
    quick = QuickAnswers().create_parser("rest-xml")
    described = super(QuickAnswers, QuickAnswers()).create_parser("rest-xml")
    return quick.parse(answer, shape), described.parse(answer, shape)


@pytest.mark.parametrize(
    ("operation", "status", "body"),
    [("GetObject", 200, io.BytesIO()), ("GetObject", 206, io.BytesIO()), ("PutObject", 200, b"")],
)
def test_an_answer_says_what_botocore_reads_in_it(operation, status, body):
    ours, theirs = read(operation, status_code=status, body=body)

    for name in (*theirs.keys() & {"ETag", "ContentType", "ContentRange", "ContentLength"}, "ETag"):
        assert ours[name] == theirs[name]
    assert ours["ServerSideEncryption"] == theirs["ServerSideEncryption"]
    assert ours.get("Body") is theirs.get("Body")
    assert ours["ResponseMetadata"] == theirs["ResponseMetadata"]


def test_an_answer_that_says_nothing_has_no_fields():
    ours, _ = read("PutObject", headers={})

    assert ours.keys() == {"ResponseMetadata"}


def test_a_length_that_is_none_is_not_taken_for_one():
    shape = MODEL.operation_model("GetObject").output_shape
    answer = {"status_code": 200, "headers": {"Content-Length": "-1"}, "body": io.BytesIO()}

    assert "ContentLength" not in QuickAnswers().create_parser("rest-xml").parse(answer, shape)


@pytest.mark.parametrize("operation", ["GetObject", "PutObject"])
def test_a_refusal_is_read_by_botocore(operation):
    said = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
    ours, theirs = read(operation, status_code=403, body=said, headers={})

    assert ours == theirs
    assert ours["Error"]["Code"] == "AccessDenied"
