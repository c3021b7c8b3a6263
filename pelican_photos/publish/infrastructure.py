"""A safe set-up, described once: buckets nobody can read but a CDN, and the CDN before them.

Pure.  ``steps_of`` gives boto3's calls in their order; ``program``, ``cloudformation`` and
``provision`` print, translate and carry out what is written here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from pelican_photos.publish.distribution import (
    FOLDERS,
    access_control,
    cache_policy,
    distribution_config,
    function_config,
    new_distribution,
)
from pelican_photos.publish.layout import Answer, Layout, Over, Text
from pelican_photos.publish.policies import Place, bucket_policy

KEPT_DAYS = 90  # how long what was overwritten or deleted can be brought back
UNFINISHED_DAYS = 7  # after which the parts of a broken upload go


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call of boto3: what it is for, and with what."""

    title: str
    service: Literal["s3", "cloudfront"]
    operation: str
    arguments: Mapping[str, Any]
    name: str = ""  # under which later steps know its answer


def steps_of(layout: Layout) -> Iterator[Step]:
    """Give every call in order; each makes one thing, or sets one thing right."""
    for place in layout.places:
        yield from _bucket_steps(place, layout)
    arn: Any = None
    if layout.with_cdn:
        yield from _cdn_steps(layout)
        arn = Answer("distribution", ("Distribution", "ARN"))
    if not layout.with_tls:
        return  # the policy would lock its owner out
    for place in layout.places:
        why = "only the CDN reads it, and never what is private" if arn else "nobody without TLS"
        policy = {"Policy": Text(bucket_policy(place, arn))}
        yield _bucket_step(place, layout, why, "put_bucket_policy", policy)


def blocks() -> dict[str, bool]:
    """Block Public Access, all of it."""
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return dict.fromkeys(names, True)


def ownership() -> dict[str, Any]:
    """No ACLs."""
    return {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def encryption() -> dict[str, Any]:
    """S3's own keys, and no key that a writer brings along and may keep from the owner."""
    by_default = {"SSEAlgorithm": "AES256"}
    blocked = {"EncryptionType": ["SSE-C"]}
    rule = {"ApplyServerSideEncryptionByDefault": by_default, "BlockedEncryptionTypes": blocked}
    return {"Rules": [rule]}


def lifecycle(prefix: str) -> dict[str, Any]:
    """Old versions go after a season; what is current stays for ever."""
    rule = {
        "ID": "pelican-photostream",
        "Status": "Enabled",
        "Filter": {"Prefix": prefix},
        "NoncurrentVersionExpiration": {"NoncurrentDays": KEPT_DAYS},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_DAYS},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
    }
    return {"Rules": [rule]}


def _bucket_steps(place: Place, layout: Layout) -> Iterator[Step]:
    step = partial(_bucket_step, place, layout)
    made: dict[str, Any] = {}
    if layout.region != "us-east-1":  # which cannot be named there
        made["CreateBucketConfiguration"] = {"LocationConstraint": layout.region}
    yield step("make the bucket", "create_bucket", made)
    blocked = {"PublicAccessBlockConfiguration": blocks()}
    yield step("block public access", "put_public_access_block", blocked)
    # Other servers have no ACLs to switch off, and may have no keys to encrypt with: what they
    # then refuse is every upload.
    if layout.with_cdn:
        owned = {"OwnershipControls": ownership()}
        yield step("switch ACLs off", "put_bucket_ownership_controls", owned)
        encrypted = {"ServerSideEncryptionConfiguration": encryption()}
        yield step("encrypt with keys of S3 alone", "put_bucket_encryption", encrypted)
    versioned = {"VersioningConfiguration": {"Status": "Enabled"}}
    yield step("keep old versions", "put_bucket_versioning", versioned)
    why = f"let old versions go after {KEPT_DAYS} days"
    kept = {"LifecycleConfiguration": lifecycle(place.prefix)}
    yield step(why, "put_bucket_lifecycle_configuration", kept)


def _bucket_step(
    place: Place, layout: Layout, title: str, operation: str, arguments: Mapping[str, Any]
) -> Step:
    # Nobody owns yet what is being made.
    known = layout.owner and operation != "create_bucket"
    owner = {"ExpectedBucketOwner": layout.owner} if known else {}
    return Step(
        title=f"{place.bucket}: {title}",
        service="s3",
        operation=operation,
        arguments={"Bucket": place.bucket, **owner, **arguments},
    )


def _cdn_steps(layout: Layout) -> Iterator[Step]:
    name = layout.name
    yield _cdn_step(
        "a signature for what it asks the buckets",
        "create_origin_access_control",
        {"OriginAccessControlConfig": access_control(name)},
        "access",
    )
    yield _cdn_step(
        "keep what Cache-Control says, as long as it says",
        "create_cache_policy",
        {"CachePolicyConfig": cache_policy(name)},
        "cache",
    )
    if layout.site:
        yield _cdn_step(
            "a folder is its index.html",
            "create_function",
            {
                "Name": name,
                "FunctionConfig": function_config(),
                "FunctionCode": FOLDERS.encode(),
            },
            "function",
        )
        yield _cdn_step(
            "the same function, in use",
            "publish_function",
            {"Name": name, "IfMatch": Answer("function", ("ETag",))},
        )
    yield from _distribution_steps(layout)


def _distribution_steps(layout: Layout) -> Iterator[Step]:
    title = "the distribution, before the buckets"
    if not layout.distribution:
        config = {"DistributionConfig": new_distribution(layout)}
        yield _cdn_step(title, "create_distribution", config, "distribution")
        return
    known = {"Id": layout.distribution}
    yield _cdn_step("the distribution as it is", "get_distribution", known, "distribution")
    way = ("Distribution", "DistributionConfig")
    wanted = distribution_config(layout)
    behaviour = Answer("distribution", (*way, "DefaultCacheBehavior"))
    wanted["DefaultCacheBehavior"] = Over(behaviour, wanted["DefaultCacheBehavior"])
    yield _cdn_step(
        title,
        "update_distribution",
        {
            **known,
            "IfMatch": Answer("distribution", ("ETag",)),
            "DistributionConfig": Over(Answer("distribution", way), wanted),
        },
    )


def _cdn_step(title: str, operation: str, arguments: Mapping[str, Any], name: str = "") -> Step:
    return Step(
        title=f"CDN: {title}",
        service="cloudfront",
        operation=operation,
        arguments=arguments,
        name=name,
    )
