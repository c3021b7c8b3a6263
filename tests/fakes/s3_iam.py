"""moto with its signatures and policies switched on, and a user who may just publish.

In three things moto's IAM is not AWS's.  They are made up for here, so that the policy is the
one that a person would give to the key:

* a delete of many is authorised once, on the bucket; AWS looks at each key;
* a condition on ``s3:prefix`` is never met; AWS compares it with the listing's;
* CloudFront's calls are authorised on everything; AWS looks at the distribution.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import unescape

import moto.backends as moto_backends
from moto import settings as moto_settings
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.authorization import ActionAuthenticatorMixin

from fakes.s3_credentials import KEY, SECRET
from fakes.s3_faults import Fault, Request
from fakes.s3_servers import BUCKETS, Moto
from pelican_photos.publish.policies import Place, distribution_arn, publisher

_USER, _POLICY = "publisher", "publish"


class MotoWithIam(Moto):
    """A server where nothing is allowed but what the policy says."""

    lacks: Mapping[str, str] = {
        "administration": "the key that publishes may not set up a bucket, nor look how it is",
        "unknown names": "IAM denies what it does not know, and does not say whether it exists",
    }

    def __init__(self, app) -> None:
        super().__init__(app)
        self._app = app
        self.answer = self._judge
        self.policy: dict[str, Any] = {}

    def begin(self) -> None:
        moto_backends.get_backend("iam").reset()  # and with it, moto's S3
        super().begin()
        self._iam.create_user("us-east-1", _USER)
        key = self._iam.create_access_key(_USER)
        key.access_key_id, key.secret_access_key = KEY, SECRET
        self.allow("")

    def allow(self, distribution: str, *, prefix: str = "") -> None:
        """Let the user publish below a prefix, and invalidate one distribution."""
        places = [Place(bucket=bucket, prefix=prefix) for bucket in BUCKETS]
        named = distribution and distribution_arn(DEFAULT_ACCOUNT_ID, distribution)
        self.permit(publisher(places, named))

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
        path = environ["PATH_INFO"].encode("latin-1").decode()
        bucket, _, key = path.strip("/").partition("/")
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        if "list-type" in query:
            prefix = query.get("prefix", [""])[0]
            allowed = self.may("s3:ListBucket", f"arn:aws:s3:::{bucket}", prefix)
        elif "delete" in query:
            return self._delete(bucket, environ, start)
        elif key.endswith("/invalidation"):
            name = key.split("/")[-2]
            arn = f"arn:aws:cloudfront::{DEFAULT_ACCOUNT_ID}:distribution/{name}"
            allowed = self.may("cloudfront:CreateInvalidation", arn)
        else:
            allowed = True  # as far as it is seen here; moto looks as well
        return self._app(environ, start) if allowed else _refuse(environ, start)

    def _delete(self, bucket: str, environ, start):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = BytesIO(body)
        keys = map(unescape, re.findall("<Key>(.*?)</Key>", body.decode()))
        arn = f"arn:aws:s3:::{bucket}/"
        allowed = all(self.may("s3:DeleteObject", arn + key) for key in keys)
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


def _meets(statement: dict[str, Any], prefix: str) -> bool:
    allowed = statement.get("Condition", {}).get("StringLike", {}).get("s3:prefix", ["*"])
    return any(fnmatchcase(prefix, pattern) for pattern in _listed(allowed))


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _refuse(environ, start):
    fault = Fault(lambda _: True, "403 Forbidden", "AccessDenied")
    return fault.strike(Request.of(environ), environ, start)
