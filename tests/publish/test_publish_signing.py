"""Signatures: ours are botocore's, whatever is signed."""

from urllib.parse import quote

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError
from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.publish.signing import QuickSigner

PLACES = [
    "http://127.0.0.1:9000/bucket",
    "http://[::1]:80",
    "https://Bucket.s3.example.org:443",
    "https://s3.example.org:8443/bucket",
]
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
TOKENS = st.none() | st.text("abcABC019+/=", min_size=1, max_size=40)


def signed(url, *, method="PUT", data=b"", headers=(), token=None, params=None):
    """Sign a request; gives it, and the header that botocore would have written at that moment."""
    key = ReadOnlyCredentials("AKIDEXAMPLE", "a secret", token, None)
    request = AWSRequest(method, url, headers=dict(headers), data=data, params=params)
    QuickSigner(key, "s3", "eu-west-1").add_auth(request)
    ours = request.headers["Authorization"]
    del request.headers["Authorization"]
    theirs = S3SigV4Auth(key, "s3", "eu-west-1")
    text = theirs.string_to_sign(request, theirs.canonical_request(request))
    names = theirs.signed_headers(theirs.headers_to_sign(request))
    return ours, (
        f"AWS4-HMAC-SHA256 Credential={theirs.scope(request)}, SignedHeaders={names},"
        f" Signature={theirs.signature(text, request)}"
    )


@given(
    st.sampled_from(PLACES), st.text(min_size=1, max_size=20), st.binary(max_size=50), TEXTS, TOKENS
)
def test_a_request_is_signed_as_botocore_signs_it(place, key, body, value, token):
    headers = {"Content-Type": value, "If-Match": f'"{value}"', "User-Agent": value}
    key = quote(key.encode("utf-8", "replace"))

    ours, theirs = signed(f"{place}/{key}", data=body, headers=headers, token=token)

    assert ours == theirs


def test_a_request_without_a_body_is_signed_as_botocore_signs_it():
    ours, theirs = signed(f"{PLACES[0]}/a", method="GET", data=None, headers={"Range": "bytes=3-"})

    assert ours == theirs


@pytest.mark.parametrize("query", [{"params": {"list-type": "2"}}, {"params": {"a b": "ü"}}])
def test_a_question_about_a_bucket_is_left_to_botocore(query):
    ours, theirs = signed(PLACES[0], method="GET", data=None, **query)

    assert ours == theirs


def test_another_attempt_is_signed_anew():
    key = ReadOnlyCredentials("AKIDEXAMPLE", "a secret", "a token", None)
    request = AWSRequest("PUT", f"{PLACES[0]}/a", data=b"bytes")
    for _ in range(2):
        QuickSigner(key, "s3", "eu-west-1").add_auth(request)

    names = [name.lower() for name in request.headers]
    assert len(names) == len(set(names))


def test_without_credentials_nothing_is_signed():
    with pytest.raises(NoCredentialsError):
        QuickSigner(None, "s3", "eu-west-1").add_auth(AWSRequest("PUT", PLACES[0], data=b""))
