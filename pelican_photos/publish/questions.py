"""The questions that a bucket and a CDN can be asked about themselves; asking changes nothing."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, cast

import boto3
from botocore import exceptions as boto
from botocore.config import Config
from botocore.parsers import ResponseParserError

from pelican_photos.errors import PublishError
from pelican_photos.publish.facts import Fact, Heard
from pelican_photos.publish.refusals import code_of, meaning, one_sentence, quiet_about_secrets

PATIENCE = (4, 8)  # seconds for the connection, and for the answer

_DENIED = {"AccessDenied", "AccessDeniedException", "Forbidden", "403", "UnauthorizedOperation"}
_NOT_KNOWN = {"NotImplemented", "MethodNotAllowed", "UnsupportedOperation", "405", "501"}
_UNREACHABLE = (
    *(boto.HTTPClientError, boto.ConnectionError, boto.NoCredentialsError, boto.SSOError),
    *(boto.PartialCredentialsError, boto.CredentialRetrievalError, boto.TokenRetrievalError),
)
# What makes every other question useless as well.
_FATAL = {
    *("InvalidAccessKeyId", "InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken"),
    *("RequestTimeTooSkewed", "InvalidToken", "TokenRefreshRequired", "PermanentRedirect"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A call of boto3, the field of its answer that counts, and the code that means "none"."""

    operation: str
    field: str
    action: str
    none: str = ""


def _s3(name: str, field: str, action: str, none: str = "") -> Question:
    return Question(name, field, f"s3:{action}", none)


BLOCKS = _s3(
    "get_public_access_block",
    "PublicAccessBlockConfiguration",
    "GetBucketPublicAccessBlock",
    "NoSuchPublicAccessBlockConfiguration",
)
OWNERSHIP = _s3(
    "get_bucket_ownership_controls",
    "OwnershipControls",
    "GetBucketOwnershipControls",
    "OwnershipControlsNotFoundError",
)
ENCRYPTION = _s3(
    "get_bucket_encryption",
    "ServerSideEncryptionConfiguration",
    "GetEncryptionConfiguration",
    "ServerSideEncryptionConfigurationNotFoundError",
)
VERSIONING = _s3("get_bucket_versioning", "Status", "GetBucketVersioning")
LIFECYCLE = _s3(
    "get_bucket_lifecycle_configuration",
    "Rules",
    "GetLifecycleConfiguration",
    "NoSuchLifecycleConfiguration",
)
POLICY = _s3("get_bucket_policy", "Policy", "GetBucketPolicy", "NoSuchBucketPolicy")
POLICY_STATUS = _s3(
    "get_bucket_policy_status", "PolicyStatus", "GetBucketPolicyStatus", "NoSuchBucketPolicy"
)
ACL = _s3("get_bucket_acl", "Grants", "GetBucketAcl")
WEBSITE = _s3(
    "get_bucket_website", "IndexDocument", "GetBucketWebsite", "NoSuchWebsiteConfiguration"
)
CORS = _s3("get_bucket_cors", "CORSRules", "GetBucketCORS", "NoSuchCORSConfiguration")
# Where there are none, the answer names none; but it always names the bucket.
UPLOADS = _s3("list_multipart_uploads", "Bucket", "ListBucketMultipartUploads")


def ask(client: Any, question: Question, **arguments: Any) -> Fact:
    """Ask, and tell the kinds of answers apart.

    Raises:
        PublishError: no other question would be answered either.
    """
    action = question.action
    try:
        answer = getattr(client, question.operation)(**arguments)
    except boto.ClientError as error:
        return _refused(error, question)
    except _UNREACHABLE as error:
        raise PublishError(meaning(error)) from None
    except ResponseParserError:
        return Fact(Heard.SILENT, None, action, "what answers there is not what should")
    except boto.BotoCoreError as error:
        return Fact(Heard.FAILED, None, action, meaning(error))
    if not answer.get(question.field):
        return Fact(Heard.SILENT, answer, action, f"the answer says nothing of {question.field}")
    said = answer.get("Uploads", []) if question is UPLOADS else answer[question.field]
    if question is POLICY:
        said = _document(said)
        if said is None:
            return Fact(Heard.SILENT, None, action, "what it answers is no policy")
    return Fact(Heard.SAID, said, action)


def _document(text: str) -> dict[str, Any] | None:
    """Read a policy: a list of statements, each with its entries."""
    try:
        found = json.loads(text)
        statements = found["Statement"]
        if isinstance(statements, dict):
            found["Statement"] = statements = [statements]
        return found if all(map(_is_statement, statements)) else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _refused(error: boto.ClientError, question: Question) -> Fact:
    code = code_of(error)
    status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
    if code in _FATAL:
        raise PublishError(meaning(error)) from None
    heard = Heard.FAILED
    if question.none and code == question.none:
        heard = Heard.NONE
    elif code in _DENIED:
        heard = Heard.DENIED
    elif code in _NOT_KNOWN or status in _NOT_KNOWN:
        heard = Heard.UNKNOWN
    return Fact(heard, code, question.action, meaning(error))


def _is_statement(each: Any) -> bool:
    conditions = each.get("Condition", {}) if isinstance(each, dict) else None
    return isinstance(conditions, dict) and all(
        isinstance(tests, dict) for tests in conditions.values()
    )


def knows_blocked_types(client: Any) -> bool:
    """Whether this boto3 is new enough to tell whether SSE-C is refused."""
    rule = client.meta.service_model.shape_for("ServerSideEncryptionRule")
    return "BlockedEncryptionTypes" in rule.members


@contextmanager
def aws_client(service: str, *, region: str = "us-east-1") -> Iterator[Any]:
    """Open a client of one of AWS's services; for a global one the region only has to be one.

    Raises:
        PublishError: there are no credentials.
    """
    quiet_about_secrets()
    config = Config(
        connect_timeout=PATIENCE[0],
        read_timeout=PATIENCE[1],
        retries={"mode": "standard", "total_max_attempts": 2},
    )
    with one_sentence(f"no connection to {service}"):
        session = boto3.session.Session()
        client: Any = session.client(cast("Any", service), config=config, region_name=region)
    with closing(client):
        yield client


def region_set() -> str:
    """Give the region of boto3's own configuration, or ""."""
    return boto3.session.Session().region_name or ""


def never_expires() -> bool:
    """Whether the key in use is a user's own, which is valid until somebody deletes it."""
    credentials = boto3.session.Session().get_credentials()
    return credentials is not None and str(credentials.access_key).startswith("AKIA")
