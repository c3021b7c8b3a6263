"""moto with its signatures and policies switched on, and a user who may just publish.

In five things moto's IAM is not AWS's.  They are made up for here, so that the policy is the
one that a person would give to the key:

* a delete of many is authorised once, on the bucket; AWS looks at each key, and asks for another
  right where a version is named;
* a copy is authorised as a put; AWS looks at its source too, or at the version of it;
* a condition on ``s3:prefix`` is never met; AWS compares it with the listing's;
* CloudFront's calls are authorised on everything; AWS looks at the distribution;
* a request without a signature is an error of the server; AWS denies it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import unescape

import moto.backends as moto_backends
from moto import settings as moto_settings
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.authorization import ActionAuthenticatorMixin

from fakes.s3_credentials import KEY, SECRET
from fakes.s3_faults import Fault, Request
from fakes.s3_servers import BUCKETS, Moto
from pelican_photos.publish.policies import Place, distribution_arn, keeper, publisher

_USER, _POLICY = "publisher", "publish"


class MotoWithIam(Moto):
    """A server where nothing is allowed but what the policy says."""

    lacks: Mapping[str, str] = {
        "administration": "the key that publishes may not set up a bucket, nor look how it is",
        "unknown names": "IAM denies what it does not know, and does not say whether it exists",
        "any key": "IAM knows one key, and the workers of the cluster here have one each",
    }

    def __init__(self, app) -> None:
        super().__init__(app)
        self._app = app
        self.answer = self._judge
        self.policy: dict[str, Any] = {}
        self._printed, self._named, self._prefix = publisher, "", ""

    def begin(self) -> None:
        moto_backends.get_backend("iam").reset()  # and with it, moto's S3
        super().begin()
        self._iam.create_user("us-east-1", _USER)
        key = self._iam.create_access_key(_USER)
        key.access_key_id, key.secret_access_key = KEY, SECRET
        self.allow("")

    def allow(self, distribution: str, *, prefix: str = "") -> None:
        """Let the user publish below a prefix, and invalidate one distribution."""
        self._named = distribution and distribution_arn(DEFAULT_ACCOUNT_ID, distribution)
        self._prefix = prefix
        self._give()

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Let the user undo and purge as well, until the end."""
        before, self._printed = self._printed, keeper
        self._give()
        try:
            yield
        finally:
            self._printed = before
            self._give()

    def _give(self) -> None:
        """Put the policy, just as `invoke bucket --policy` prints it."""
        places = [Place(bucket=bucket, prefix=self._prefix) for bucket in BUCKETS]
        self.permit(self._printed(places, self._named))

    def permit(self, policy: dict[str, Any]) -> None:
        """Let the user do what a policy says, and no more."""
        self.policy = policy
        self._iam.put_user_policy(_USER, _POLICY, json.dumps(_for_moto(self.policy)))

    def may(self, action: str, resource: str, prefix: str = "") -> bool:
        """Say what AWS would: ``prefix`` is that of a listing."""
        return any(
            action in _listed(statement["Action"])
            and any(fnmatchcase(resource, allowed) for allowed in _listed(statement["Resource"]))
            and _meets(statement, prefix)
            for statement in self.policy["Statement"]
        )

    def _judge(self, environ, start):
        """Refuse what AWS would, as far as it is seen here; moto looks at the rest as well."""
        signed = "HTTP_AUTHORIZATION" in environ
        allowed = signed and all(self.may(*right) for right in _rights(environ))
        return self._app(environ, start) if allowed else _refuse(environ, start)

    @property
    def _iam(self):
        return moto_backends.get_backend("iam")[DEFAULT_ACCOUNT_ID]["aws"]


@contextmanager
def moto_with_iam(app) -> Iterator[MotoWithIam]:
    """Have moto check every signature and every action, until the end."""
    free, seen = moto_settings.INITIAL_NO_AUTH_ACTION_COUNT, ActionAuthenticatorMixin.request_count
    moto_settings.INITIAL_NO_AUTH_ACTION_COUNT = ActionAuthenticatorMixin.request_count = 0
    try:
        yield MotoWithIam(app)
    finally:
        moto_settings.INITIAL_NO_AUTH_ACTION_COUNT = free
        ActionAuthenticatorMixin.request_count = seen
        moto_backends.get_backend("iam").reset()


def _for_moto(policy: dict[str, Any]) -> dict[str, Any]:
    """Translate a policy into what moto compares; what is lost by it is judged here."""
    statements = []
    for statement in policy["Statement"]:
        resources = _listed(statement["Resource"])
        if "s3:DeleteObject" in statement["Action"]:
            resources = [*resources, *(arn.partition("/")[0] for arn in resources)]
        if str(statement["Action"]).startswith("cloudfront:"):
            resources = ["*"]
        kept = {name: value for name, value in statement.items() if name != "Condition"}
        statements.append(kept | {"Resource": resources})
    return policy | {"Statement": statements}


def _rights(environ) -> Iterator[tuple[str, str, str]]:
    """Give what a request takes: action, resource, and the prefix of a listing."""
    path = environ["PATH_INFO"].encode("latin-1").decode()
    bucket, _, key = path.strip("/").partition("/")
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    arn, prefix = f"arn:aws:s3:::{bucket}", query.get("prefix", [""])[0]
    if "list-type" in query:
        yield "s3:ListBucket", arn, prefix
    elif "versions" in query:
        yield "s3:ListBucketVersions", arn, prefix
    elif "delete" in query:
        for name, version in _doomed(environ):
            yield _of_version("s3:DeleteObject", version), f"{arn}/{name}", ""
    elif key.endswith("/invalidation"):
        name = key.split("/")[-2]
        named = f"arn:aws:cloudfront::{DEFAULT_ACCOUNT_ID}:distribution/{name}"
        yield "cloudfront:CreateInvalidation", named, ""
    if source := environ.get("HTTP_X_AMZ_COPY_SOURCE"):
        name, _, version = source.lstrip("/").partition("?versionId=")
        yield _of_version("s3:GetObject", version), f"arn:aws:s3:::{unquote(name)}", ""


def _of_version(action: str, version: str) -> str:
    return f"{action}Version" if version else action


def _doomed(environ) -> list[tuple[str, str]]:
    """Read the keys of a delete of many, each with the version or without."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = BytesIO(body)
    named = "<Key>(.*?)</Key>(?:<VersionId>(.*?)</VersionId>)?"
    return [(unescape(key), version) for key, version in re.findall(named, body.decode())]


def _meets(statement: dict[str, Any], prefix: str) -> bool:
    allowed = statement.get("Condition", {}).get("StringLike", {}).get("s3:prefix", ["*"])
    return any(fnmatchcase(prefix, pattern) for pattern in _listed(allowed))


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _refuse(environ, start):
    fault = Fault(lambda _: True, "403 Forbidden", "AccessDenied")
    return fault.strike(Request.of(environ), environ, start)
