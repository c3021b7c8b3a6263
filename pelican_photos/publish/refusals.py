"""What boto3's errors mean, in one sentence that says what to do.

No message of a server is passed on but scrubbed: it is hostile input, and it
may repeat a key, a signature or a token.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from pelican_photos.errors import PublishError

_LOG_IN = "set AWS_PROFILE, or log in again with your provider's tool"
_REGION = "set PHOTOS_S3_REGION to the bucket's region"
_CODES = {
    "NoSuchBucket": "there is no such bucket; check PHOTOS_BUCKET, PHOTOS_SITE_BUCKET and"
    " PHOTOS_S3_ENDPOINT",
    "AccessDenied": "access denied; the key in use may not do this, or the name of the bucket or of"
    " the distribution is wrong",
    "AllAccessDisabled": "the account of this bucket is suspended; ask your provider",
    "InvalidAccessKeyId": f"the server does not know the access key; {_LOG_IN}",
    "InvalidClientTokenId": f"the server does not know the access key; {_LOG_IN}",
    "SignatureDoesNotMatch": f"the secret key is wrong; {_LOG_IN}",
    "ExpiredToken": f"the credentials have expired; {_LOG_IN}",
    "TokenRefreshRequired": f"the credentials have expired; {_LOG_IN}",
    "InvalidToken": f"the session token is not valid; {_LOG_IN}",
    "RequestTimeTooSkewed": "this machine's clock is wrong; set it, then try again",
    "PermanentRedirect": f"the bucket lies in another region; {_REGION}",
    "AuthorizationHeaderMalformed": f"the bucket lies in another region; {_REGION}",
    "IllegalLocationConstraintException": f"the bucket lies in another region; {_REGION}",
    "SlowDown": "the server is overloaded; try again later",
    "ServiceUnavailable": "the server is overloaded; try again later",
    "InternalError": "the server failed, or is no S3; try again later, or check the endpoint",
    "BadDigest": "the bytes changed on their way; publish again",
    "XAmzContentSHA256Mismatch": "the bytes changed on their way; publish again",
    "NoSuchDistribution": "there is no such distribution; check PHOTOS_CDN_DISTRIBUTION",
    "TooManyInvalidationsInProgress": "too many invalidations are under way; publish again later",
    "InvalidBucketName": "no bucket can have this name; check PHOTOS_BUCKET and PHOTOS_SITE_BUCKET",
}
# A HEAD has no body, so no code but the status.
_CODES |= {"403": _CODES["AccessDenied"], "Forbidden": _CODES["AccessDenied"]}
_CODES |= {"500": _CODES["InternalError"]}
_CODES |= {"301": _CODES["PermanentRedirect"], "503": _CODES["SlowDown"]}
_CODES |= {"404": "it is not there; check PHOTOS_BUCKET, PHOTOS_SITE_BUCKET and PHOTOS_S3_ENDPOINT"}

_KINDS: tuple[tuple[tuple[type[boto.BotoCoreError], ...], str], ...] = (
    ((boto.NoCredentialsError, boto.PartialCredentialsError), f"no credentials found; {_LOG_IN}"),
    ((boto.ProfileNotFound,), "AWS_PROFILE names no profile of this machine; correct it"),
    (
        (boto.SSOError, boto.TokenRetrievalError, boto.CredentialRetrievalError),
        f"the credentials have expired or cannot be fetched; {_LOG_IN}",
    ),
    ((boto.NoRegionError,), f"no region is known; {_REGION}"),
    (
        (boto.SSLError,),
        "the server's certificate is not valid; check PHOTOS_S3_ENDPOINT",
    ),
    (
        (boto.HTTPClientError, boto.ConnectionError),
        "the server cannot be reached, or breaks off; check the network and PHOTOS_S3_ENDPOINT",
    ),
    (
        (boto.ParamValidationError,),
        "the name is not valid; check PHOTOS_BUCKET and PHOTOS_SITE_BUCKET",
    ),
)

_SECRETS = re.compile(
    r"(?i)\b(?:A3T[A-Z0-9]|AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b"
    r"|\b(?:x-amz-)?(?:signature|credential|security-token|session-?token|access-?key-?id"
    r"|secret-?access-?key)\b[\"'\s:=>]+[^\s,;&<\"']+"
    r"|(?<=://)[^/\s@]+@"
    r"|[A-Za-z0-9/+=]{40,}"
)


def scrubbed(text: str) -> str:
    """Take out what looks like a key, a signature, a token or a password, and control letters."""
    visible = "".join(letter if letter.isprintable() else " " for letter in text)
    return _SECRETS.sub("[hidden]", visible)[:200]


@contextmanager
def one_sentence(what: str) -> Iterator[None]:
    """Turn boto3's errors into a ``PublishError`` that begins with ``what``.

    The cause is not chained: it holds the request, headers and all.
    """
    try:
        yield
    except (boto.BotoCoreError, boto.ClientError) as error:
        raise PublishError(f"{what}: {meaning(error)}") from None
    except ResponseParserError:
        raise PublishError(
            f"{what}: what answers there is not what should; check the network"
        ) from None


def meaning(error: boto.BotoCoreError | boto.ClientError) -> str:
    """Say what went wrong and what to do."""
    if isinstance(error, boto.ClientError):
        code = code_of(error)
        message = str(error.response.get("Error", {}).get("Message", ""))
        return _CODES.get(code) or f"the server answers {scrubbed(f'{code} {message}'.strip())}"
    for kinds, sentence in _KINDS:
        if isinstance(error, kinds):
            return sentence
    return scrubbed(str(error))


def code_of(error: boto.ClientError) -> str:
    """Give a server's name for what went wrong, or "": some answer without one."""
    return str(error.response.get("Error", {}).get("Code", ""))


def quiet_about_secrets() -> None:
    """Keep botocore's debugging log off: it prints tokens and signatures of every request."""
    for name in ("botocore", "boto3", "urllib3"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.INFO))
