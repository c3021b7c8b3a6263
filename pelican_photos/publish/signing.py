"""Requests for one object signed many times as fast as by botocore.

Signature Version 4, as "Authenticating Requests: Using the Authorization Header" in the Amazon S3
API Reference has it, with a signed payload.  botocore prepares a request twice to see its body,
sorts its headers thrice, and derives the key of the day anew for each.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.auth import AUTH_TYPE_MAPS, SIGNED_HEADERS_BLACKLIST, S3SigV4Auth

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest
    from mypy_boto3_s3 import S3Client

_NAME = "pelican-photos-s3v4"  # among botocore's ways to sign
_UNSIGNED = frozenset(SIGNED_HEADERS_BLACKLIST)  # what proxies may change
_PORTS = {"http": 80, "https": 443}


class QuickSigner(S3SigV4Auth):
    """Signs plain requests itself, and leaves any other to botocore."""

    _region_name: str
    _service_name: str

    def add_auth(self, request: "AWSRequest") -> None:
        """Sign a request.

        Raises:
            NoCredentialsError: there is no key to sign with.
        """
        headers: Any = request.headers
        url, method = str(request.url), str(request.method)
        body: Any = b"" if request.data in (None, {}) else request.data
        if (
            self.credentials is None
            or request.params
            or "?" in url
            or not isinstance(body, bytes)
            or "Date" in headers
        ):
            super().add_auth(request)
            return
        now = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        payload = hashlib.sha256(body).hexdigest()
        own = {"X-Amz-Date": now, "X-Amz-Content-SHA256": payload}
        if self.credentials.token:
            own["X-Amz-Security-Token"] = self.credentials.token
        for name in ("Authorization", *own):  # of an attempt before
            del headers[name]
        for name, value in own.items():
            headers[name] = value
        parts = urlsplit(url)
        signed = {name.lower(): " ".join(str(value).split()) for name, value in headers.items()}
        signed.setdefault("host", _host(parts.scheme, parts.netloc))
        request.context["timestamp"] = now
        headers["Authorization"] = self._authorization(method, parts.path, signed, payload, now)

    def _authorization(
        self, method: str, path: str, headers: Mapping[str, str], payload: str, now: str
    ) -> str:
        """Give the header's value; ``path`` is quoted as it goes over the wire."""
        key, day = self.credentials, now[:8]
        names = sorted(headers.keys() - _UNSIGNED)
        lines = "".join(f"{name}:{headers[name]}\n" for name in names)
        of_headers = ";".join(names)
        canonical = f"{method.upper()}\n{path}\n\n{lines}\n{of_headers}\n{payload}"
        scope = f"{day}/{self._region_name}/{self._service_name}/aws4_request"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{digest}"
        secret = _key_of_day(key.secret_key, day, self._region_name, self._service_name)
        return (
            f"AWS4-HMAC-SHA256 Credential={key.access_key}/{scope},"
            f" SignedHeaders={of_headers}, Signature={_hmac(secret, text).hex()}"
        )


def sign_quickly(client: "S3Client") -> None:
    """Let a client sign its requests so, where it would sign them by Version 4 anyway."""
    AUTH_TYPE_MAPS[_NAME] = QuickSigner
    chooser: Any = _chosen  # its stub knows no handler that answers
    client.meta.events.register_first("choose-signer.s3", chooser)


def _chosen(signature_version: Any, context: Mapping[str, Any], **_: object) -> str | None:
    """Name our way to sign; None leaves the choice to botocore."""
    is_plain = (
        signature_version in ("v4", "s3v4")
        and context.get("auth_type") in (None, "v4", "s3v4")
        and not context.get("unsigned_payload")
        and not getattr(context.get("client_config"), "auth_scheme_preference", None)
    )
    return _NAME if is_plain else None


@lru_cache(maxsize=8)
def _host(scheme: str, place: str) -> str:
    """Write a host as its header has it: without a name for the user, and without a usual port."""
    parts = urlsplit(f"{scheme}://{place}")
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, _PORTS.get(scheme)) else f"{host}:{parts.port}"


@lru_cache(maxsize=8)
def _key_of_day(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for text in (day, region, service, "aws4_request"):
        key = _hmac(key, text)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
