"""What the settings ask for: which buckets, where in them, and how an address leads to a key.

Pure, and the words in which a set-up is written: an ``Answer`` stands for what only an earlier
call of boto3 can tell, an ``Over`` for what is laid over such an answer, a ``Text`` for a document
that AWS takes as JSON.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from pelican_photos.errors import SettingsError
from pelican_photos.publish.policies import Place


@dataclass(frozen=True, slots=True)
class Answer:
    """What an earlier step answered: its name, and the way to the value."""

    step: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Over:
    """An answer with some of its entries replaced."""

    base: Answer
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A document that AWS takes as JSON in a text."""

    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What there shall be."""

    originals: str  # bucket
    site: str = ""  # bucket, maybe the same; "" when the site is deployed otherwise
    prefix: str = ""  # "" or "blog/"
    region: str = "us-east-1"
    base: str = ""  # path of the site's address: "" or "/blog"
    distribution: str = ""  # the id of one that exists
    certificate: str = ""  # ARN of one in us-east-1
    domain: str = ""
    owner: str = ""  # account id; every call about a bucket then expects it
    with_cdn: bool = True  # AWS; elsewhere something else serves
    with_tls: bool = True  # the server's address begins with https://

    @property
    def places(self) -> Sequence[Place]:
        """Each bucket once, the site's first."""
        names = dict.fromkeys(filter(None, (self.site, self.originals)))
        return tuple(Place(bucket=name, prefix=self.prefix) for name in names)

    @property
    def origin_path(self) -> str:
        """What CloudFront puts before the path of an address to find the key."""
        return f"/{self.prefix}".rstrip("/").removesuffix(self.base)

    @property
    def name(self) -> str:
        """A name for what CloudFront knows by name: letters and digits, at most 64."""
        bucket = self.site or self.originals
        digest = hashlib.sha256(f"{bucket}\n{self.prefix}".encode()).hexdigest()[:8]
        return f"photostream-{re.sub('[^A-Za-z0-9]', '-', bucket)[:43]}-{digest}"


def check_layout(layout: Layout) -> None:
    """Refuse what CloudFront could not serve.

    Raises:
        SettingsError: says which setting, and what it should be.
    """
    if layout.with_cdn and layout.base and not f"/{layout.prefix}".endswith(f"{layout.base}/"):
        raise SettingsError(
            f"SITEURL has the path {layout.base!r}, with which PHOTOS_BUCKET_PREFIX has to end so"
            f" that an address leads to its key: set it to {layout.base.strip('/')!r}"
        )
    if bool(layout.certificate) != bool(layout.domain):
        raise SettingsError("--certificate and --domain go together: one is of no use alone")
    if layout.certificate and not re.fullmatch(
        r"arn:aws:acm:us-east-1:\d{12}:certificate/[\w-]+", layout.certificate
    ):
        raise SettingsError(
            f"--certificate is {layout.certificate!r}, but CloudFront takes one of ACM in"
            " us-east-1 alone: arn:aws:acm:us-east-1:ACCOUNT:certificate/ID"
        )
    if layout.domain and not re.fullmatch(
        r"(?=.{1,253}$)(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,63}", layout.domain
    ):
        raise SettingsError(f"--domain is {layout.domain!r}, which is no name of a host")


def base_of(siteurl: str) -> str:
    """Give the path of an address, as keys have it: "" or "/blog"."""
    return unquote(urlsplit(siteurl).path).rstrip("/")
