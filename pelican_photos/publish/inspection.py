"""What buckets, CDN and key are like: asked, not judged, and nothing is written anywhere.

On another server than AWS only the buckets are asked, and only with GET and HEAD.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from typing import Any

from botocore import exceptions as boto

from pelican_photos.errors import PublishError
from pelican_photos.publish import manifest as manifests
from pelican_photos.publish import questions
from pelican_photos.publish.connection import connected
from pelican_photos.publish.facts import Fact, Heard
from pelican_photos.publish.manifest import Manifest
from pelican_photos.publish.objects import Remote, Role
from pelican_photos.publish.private import MANIFEST
from pelican_photos.publish.questions import PATIENCE, Question, ask, aws_client
from pelican_photos.publish.refusals import code_of, meaning
from pelican_photos.publish.s3 import Bucket
from pelican_photos.settings import Settings

HEAD = 1 << 18  # bytes of a file; metadata of a picture lie at its beginning
# What the key that publishes should not be able to do.
TOO_MUCH = ("s3:PutBucketPolicy", "s3:PutBucketAcl", "s3:DeleteBucket", "s3:DeleteObjectVersion")
BUCKET_QUESTIONS: Mapping[str, Question] = {
    "blocks": questions.BLOCKS,
    "status": questions.POLICY_STATUS,
    "policy": questions.POLICY,
    "ownership": questions.OWNERSHIP,
    "encryption": questions.ENCRYPTION,
    "versioning": questions.VERSIONING,
    "lifecycle": questions.LIFECYCLE,
    "website": questions.WEBSITE,
    "cors": questions.CORS,
    "uploads": questions.UPLOADS,
}
_DISTRIBUTION = Question("get_distribution", "Distribution", "cloudfront:GetDistribution")
_CACHE_POLICY = Question("get_cache_policy", "CachePolicy", "cloudfront:GetCachePolicy")
_IDENTITY = Question("get_caller_identity", "Arn", "sts:GetCallerIdentity")
_POWERS = Question("simulate_principal_policy", "EvaluationResults", "iam:SimulatePrincipalPolicy")
_ACCOUNT = Question(
    "get_public_access_block",
    "PublicAccessBlockConfiguration",
    "s3:GetAccountPublicAccessBlock",
    "NoSuchPublicAccessBlockConfiguration",
)
_ARN = re.compile(r"arn:[\w-]+:(iam|sts)::\d{12}:(root|[\w-]+/.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketFacts:
    """One bucket: whether it is there, what it answers of itself, and what lies in it."""

    name: str
    prefix: str  # "" or "blog/"
    there: Fact  # the region, or "" where the server names none
    answers: Mapping[str, Fact] = field(default_factory=dict)  # by BUCKET_QUESTIONS, "account"
    listed: Mapping[str, Remote] | None = None  # below the prefix; None when it may not be listed
    manifest: Manifest = field(default_factory=Manifest)
    problem: str = ""  # why it could not be listed, or its manifest not be read
    sees_sse_c: bool = True  # whether this boto3 can tell whether SSE-C is refused


@dataclass(frozen=True, slots=True, kw_only=True)
class CdnFacts:
    """CloudFront's distribution, and the cache policy that it uses."""

    distribution: Fact
    cache_policy: Fact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Everything that was asked."""

    server: str  # address, without a slash at its end
    buckets: Sequence[BucketFacts]
    identity: Fact | None = None  # the ARN of who asks; None on other servers
    long_lived: bool = False  # the key in use is one that never expires
    powers: Fact | None = None
    cdn: CdnFacts | None = None
    samples: Mapping[str, tuple[bytes, int]] = field(default_factory=dict)  # heads, whole sizes


def inspect(settings: Settings, *, samples: int = 3) -> Inspection:
    """Ask everything, and read the beginnings of some published originals.

    Raises:
        PublishError: the server or AWS cannot be reached, or the credentials are not valid.
        SettingsError: the address or the region is none.
    """
    with ExitStack() as stack:
        s3 = stack.enter_context(connected(settings, attempts=2, patience=PATIENCE))
        on_aws = not settings.s3_endpoint
        identity, long_lived = _identity() if on_aws else (None, False)
        arn = str(identity.value) if identity and identity.heard is Heard.SAID else ""
        account = "".join(arn.split(":")[4:5])
        buckets = [_bucket(s3, name, settings, account) for name in settings.buckets]
        return Inspection(
            server=str(s3.meta.endpoint_url).rstrip("/"),
            buckets=buckets,
            identity=identity,
            long_lived=long_lived,
            powers=_powers(arn, buckets) if arn else None,
            cdn=_cdn(settings) if on_aws and settings.cdn_distribution else None,
            samples=dict(_samples(s3, buckets, samples)),
        )


def _identity() -> tuple[Fact, bool]:
    with aws_client("sts") as sts:
        fact = ask(sts, _IDENTITY)
    if fact.heard is Heard.SAID and not _ARN.fullmatch(str(fact.value)):
        fact = Fact(Heard.SILENT, None, fact.action, "what answers there is not AWS")
    return fact, questions.never_expires()


def _bucket(s3: Any, name: str, settings: Settings, account: str) -> BucketFacts:
    bucket = Bucket(s3, name, settings.bucket_prefix)
    owner = {"ExpectedBucketOwner": settings.bucket_owner} if settings.bucket_owner else {}
    there = _there(s3, name, owner)
    if there.heard is not Heard.SAID:
        return BucketFacts(name=name, prefix=bucket.prefix, there=there)
    answers = {
        about: ask(s3, question, Bucket=name, **owner)
        for about, question in BUCKET_QUESTIONS.items()
    }
    if answers["ownership"].heard is not Heard.SAID:
        answers["acl"] = ask(s3, questions.ACL, Bucket=name, **owner)
    if account and not _all_true(answers["blocks"].value):
        answers["account"] = _account_blocks(account, settings.s3_region)
    facts = BucketFacts(
        name=name,
        prefix=bucket.prefix,
        there=there,
        answers=answers,
        sees_sse_c=questions.knows_blocked_types(s3),
    )
    try:
        listed = bucket.listing()
        known = MANIFEST in listed
        manifest = manifests.read(bucket.read(MANIFEST)) if known else Manifest()
    except (PublishError, ValueError) as error:
        return replace(facts, problem=str(error))
    return replace(facts, listed=listed, manifest=manifest)


def _there(s3: Any, name: str, owner: Mapping[str, str]) -> Fact:
    """Ask whether a bucket is there, in which region, and whether it is the owner's."""
    action = "s3:ListBucket"
    try:
        answer = s3.head_bucket(Bucket=name, **owner)
    except boto.ClientError as error:
        code = code_of(error)
        heard = {"404": Heard.NONE, "NoSuchBucket": Heard.NONE, "403": Heard.DENIED}
        return Fact(heard.get(code, Heard.FAILED), code, action, meaning(error))
    except boto.BotoCoreError as error:
        raise PublishError(meaning(error)) from None
    return Fact(Heard.SAID, answer.get("BucketRegion", ""), action)


def _all_true(blocks: Any) -> bool:
    return isinstance(blocks, Mapping) and len(blocks) >= 4 and all(blocks.values())


def _account_blocks(account: str, region: str) -> Fact:
    try:
        with aws_client("s3control", region=region or "us-east-1") as control:
            return ask(control, _ACCOUNT, AccountId=account)
    except PublishError as error:
        return Fact(Heard.FAILED, None, _ACCOUNT.action, str(error))


def _powers(arn: str, buckets: Sequence[BucketFacts]) -> Fact:
    """Ask what the key could do, without trying any of it."""
    _, partition, service, _, account, resource = arn.split(":", 5)
    if resource == "root":
        return Fact(Heard.FAILED, None, _POWERS.action, "the root user may do anything")
    if service == "sts":  # a session of a role is asked about as the role
        arn = f"arn:{partition}:iam::{account}:role/{resource.split('/')[1]}"
    names = [f"arn:aws:s3:::{each.name}" for each in buckets]
    resources = [*names, *(f"{name}/*" for name in names)]
    question = {"PolicySourceArn": arn, "ActionNames": list(TOO_MUCH), "ResourceArns": resources}
    try:
        with aws_client("iam") as iam:
            return ask(iam, _POWERS, **question)
    except PublishError as error:
        return Fact(Heard.FAILED, None, _POWERS.action, str(error))


def _cdn(settings: Settings) -> CdnFacts:
    with aws_client("cloudfront") as cloudfront:
        found = ask(cloudfront, _DISTRIBUTION, Id=settings.cdn_distribution)
        if found.heard is not Heard.SAID:
            return CdnFacts(distribution=found)
        behaviour = found.value.get("DistributionConfig", {}).get("DefaultCacheBehavior", {})
        policy = behaviour.get("CachePolicyId", "")
        asked = ask(cloudfront, _CACHE_POLICY, Id=policy) if policy else None
        return CdnFacts(distribution=found, cache_policy=asked)


def _samples(
    s3: Any, buckets: Sequence[BucketFacts], number: int
) -> Iterator[tuple[str, tuple[bytes, int]]]:
    """Read the beginnings of a few originals that lie far apart from each other."""
    for facts in buckets:
        listed = facts.listed or {}
        keys = [
            key
            for key, known in sorted(facts.manifest.objects.items())
            if known.role is Role.ORIGINAL and key in listed and not key.startswith(".")
        ]
        for key in keys[:: max(1, len(keys) // number)][:number]:
            try:
                answer = s3.get_object(
                    Bucket=facts.name, Key=facts.prefix + key, Range=f"bytes=0-{HEAD - 1}"
                )
                with closing(answer["Body"]) as body:
                    yield key, (body.read(HEAD), listed[key].size)
            except (boto.ClientError, boto.BotoCoreError):
                continue  # a sample less; that it cannot be read is the publisher's to find
