import pytest
from botocore import exceptions as boto

from fakes.s3 import SECRET
from pelican_photos.errors import PublishError
from pelican_photos.publish.refusals import one_sentence, scrubbed


def refused(code, message="no"):
    return boto.ClientError({"Error": {"Code": code, "Message": message}}, "PutObject")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (refused("AccessDenied"), "access denied"),
        (refused("403"), "access denied"),
        (refused("NoSuchBucket"), "no such bucket"),
        (refused("404"), "not there"),
        (refused("InvalidAccessKeyId"), "does not know the access key"),
        (refused("SignatureDoesNotMatch"), "secret key is wrong"),
        (refused("ExpiredToken"), "have expired"),
        (refused("RequestTimeTooSkewed"), "clock is wrong"),
        (refused("PermanentRedirect"), "PHOTOS_S3_REGION"),
        (refused("AuthorizationHeaderMalformed"), "PHOTOS_S3_REGION"),
        (refused("SlowDown"), "overloaded"),
        (refused("Teapot", "short and stout"), "the server answers Teapot short and stout"),
        (boto.NoCredentialsError(), "no credentials found"),
        (boto.PartialCredentialsError(provider="env", cred_var="x"), "no credentials found"),
        (boto.ProfileNotFound(profile="x"), "AWS_PROFILE"),
        (boto.EndpointConnectionError(endpoint_url="https://u:p@h"), "cannot be reached"),
        (boto.ConnectTimeoutError(endpoint_url="https://h"), "cannot be reached"),
        (boto.ReadTimeoutError(endpoint_url="https://h"), "cannot be reached"),
        (boto.ConnectionClosedError(endpoint_url="https://h"), "cannot be reached"),
        (boto.SSLError(endpoint_url="https://h", error="x"), "certificate is not valid"),
        (boto.NoRegionError(), "PHOTOS_S3_REGION"),
        (boto.ParamValidationError(report="x"), "the name is not valid"),
        (boto.UnauthorizedSSOTokenError(), "log in again"),
    ],
)
def test_each_refusal_is_one_sentence_that_says_what_to_do(error, sentence):
    with pytest.raises(PublishError, match=sentence) as caught, one_sentence("a.jpg"):
        raise error

    assert str(caught.value).startswith("a.jpg: ")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "secret",
    [
        SECRET,
        "AKIAIOSFODNN7EXAMPLE",
        "ASIAIOSFODNN7EXAMPLE",
        "user:password",
        "fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024",
        "shorttoken",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "https://user:password@host/ AKIAIOSFODNN7EXAMPLE",
        "?X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024&a=b",
        "X-Amz-Security-Token: shorttoken",
        "<SessionToken>shorttoken</SessionToken>",
        "Credential=ASIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, Signature=fe5f80f7",
        f"aws_secret_access_key = {SECRET}",
    ],
)
def test_nothing_secret_is_passed_on(text, secret):
    assert secret not in scrubbed(text)


def test_a_hostile_message_is_one_short_line():
    assert scrubbed("a\r\n\x1b[31mb") == "a   [31mb"
    assert len(scrubbed("word " * 1000)) == 200
