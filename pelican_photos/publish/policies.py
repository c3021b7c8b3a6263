"""Who may do what: the keys' policies and the buckets' own, as JSON that AWS reads.

Pure.  A ``Place`` is a bucket and the part of it that is ours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pelican_photos.publish.private import PRIVATE, RENDITIONS

Statement = dict[str, Any]

CDN = "cloudfront.amazonaws.com"

PUBLISHER = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")
KEEPER = ("s3:GetObjectVersion", "s3:DeleteObjectVersion")
# What `invoke doctor` asks, beyond what the publisher may.
BUCKET_LOOKS = (
    *("s3:GetBucketPublicAccessBlock", "s3:GetBucketPolicyStatus", "s3:GetBucketPolicy"),
    *("s3:GetBucketOwnershipControls", "s3:GetBucketAcl", "s3:GetEncryptionConfiguration"),
    *("s3:GetBucketVersioning", "s3:GetLifecycleConfiguration", "s3:GetBucketWebsite"),
    *("s3:GetBucketCORS", "s3:ListBucketMultipartUploads"),
)
# These know no narrower resource; neither tells anything of an object.
ACCOUNT_LOOKS = ("s3:GetAccountPublicAccessBlock", "iam:SimulatePrincipalPolicy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A bucket, and the prefix of our keys in it: "" or "blog/"."""

    bucket: str
    prefix: str = ""

    @property
    def arn(self) -> str:
        """The bucket's name among all resources of AWS."""
        return f"arn:aws:s3:::{self.bucket}"

    @property
    def objects(self) -> str:
        """The names of our objects."""
        return f"{self.arn}/{self.prefix}*"

    @property
    def private(self) -> str:
        """The names of those that no visitor may have."""
        return f"{self.arn}/{self.prefix}{PRIVATE}*"


def distribution_arn(account: str, distribution: str) -> str:
    """Name a distribution; an unknown account is "*", as ids are unique among all."""
    return f"arn:aws:cloudfront::{account or '*'}:distribution/{distribution}"


def _policy(statements: Iterable[Statement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def publisher(places: Sequence[Place], distribution: str) -> dict[str, Any]:
    """Six actions for the key that publishes; five where there is no ``distribution`` (an ARN).

    It can overwrite and delete objects, but no version of one: with versioning, nothing that it
    does is for good.
    """
    return _policy(_publishing(places, distribution, (), ()))


def keeper(places: Sequence[Place], distribution: str) -> dict[str, Any]:
    """Three actions more, for whoever takes back a publish or destroys what must not stay."""
    return _policy(_publishing(places, distribution, KEEPER, ("s3:ListBucketVersions",)))


def inspector(places: Sequence[Place], distribution: str, cache_policies: str) -> dict[str, Any]:
    """Reading alone: what `invoke doctor` asks.  ``cache_policies`` is an ARN with a star."""
    statements = [
        _allowed("Buckets", list(BUCKET_LOOKS), [place.arn for place in places]),
        _listing(places, ()),
        _allowed("Objects", "s3:GetObject", [place.objects for place in places]),
        _allowed("Account", list(ACCOUNT_LOOKS), "*"),
    ]
    if distribution:
        statements += [
            _allowed("CDN", "cloudfront:GetDistribution", distribution),
            _allowed("CachePolicies", "cloudfront:GetCachePolicy", cache_policies),
        ]
    return _policy(statements)


def worker(place: Place) -> dict[str, Any]:
    """Three actions for the machines that make renditions: read all, put renditions, no delete.

    Without the listing, the server would not say that something is not there.
    """
    made = f"{place.arn}/{place.prefix}{RENDITIONS}*"
    return _policy(
        [
            _listing([place], ()),
            _allowed("Originals", "s3:GetObject", place.objects),
            _allowed("Renditions", "s3:PutObject", made),
        ]
    )


def _publishing(
    places: Sequence[Place], distribution: str, objects: Sequence[str], lists: Sequence[str]
) -> Iterable[Statement]:
    yield _listing(places, lists)
    yield _allowed("Objects", [*PUBLISHER, *objects], [place.objects for place in places])
    if distribution:
        yield _allowed("Invalidate", "cloudfront:CreateInvalidation", distribution)


def _allowed(name: str, action: str | list[str], resource: str | list[str]) -> Statement:
    return {"Sid": name, "Effect": "Allow", "Action": action, "Resource": resource}


def _listing(places: Sequence[Place], more: Sequence[str]) -> Statement:
    prefixes = sorted({place.prefix for place in places})
    statement = _allowed("List", ["s3:ListBucket", *more], [place.arn for place in places])
    if all(prefixes):
        statement["Condition"] = {"StringLike": {"s3:prefix": [f"{each}*" for each in prefixes]}}
    return statement


def bucket_policy(place: Place, distribution: Any) -> dict[str, Any]:
    """One distribution reads what is public, none what is private, and nobody without TLS.

    ``distribution`` is an ARN, or what stands for one; None is a bucket without a CDN of AWS's.
    """
    statements: list[Statement] = []
    if distribution is not None:
        reads = {"Principal": {"Service": CDN}, "Action": "s3:GetObject"}
        only = {"StringEquals": {"AWS:SourceArn": distribution}}
        statements += [
            {"Sid": "CDNReadsSite", "Effect": "Allow", **reads}
            | {"Resource": place.objects, "Condition": only},
            {"Sid": "CDNNeverReadsPrivate", "Effect": "Deny", **reads, "Resource": place.private},
        ]
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    statements.append(
        {"Sid": "TLSOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*"}
        | {"Resource": [place.arn, f"{place.arn}/*"], "Condition": plain}
    )
    return _policy(statements)
