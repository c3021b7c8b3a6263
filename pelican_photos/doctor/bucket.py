"""Checks of the buckets: private, ours, and such that a mistake can be taken back.

What is judged is plain data; who asks the server is ``publish/inspection``.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pelican_photos.doctor.finding import LOOK, MEND, Finding, bad, count, ok, unknown
from pelican_photos.doctor.policy import command, judge_policy
from pelican_photos.doctor.site import Site
from pelican_photos.publish.facts import Fact, Heard
from pelican_photos.publish.infrastructure import blocks
from pelican_photos.settings import Settings

if TYPE_CHECKING:
    from pelican_photos.publish.inspection import BucketFacts

ABOUT = "bucket"
_OLD = timedelta(days=7)


def buckets(site: Site) -> Iterator[Finding]:
    """What each bucket answers of itself."""
    found = site.inspection
    if isinstance(found, str):
        yield unknown(ABOUT, found, "put that right, then run this again")
    elif found is not None:
        settings = site.published
        for facts in found.buckets:
            yield from judge_bucket(facts, settings, datetime.now(UTC))


def judge_bucket(facts: "BucketFacts", settings: Settings, now: datetime) -> Iterator[Finding]:
    """Judge everything that one bucket answered; what it did not is told in a line or two."""
    if facts.there.heard is not Heard.SAID:
        yield _not_there(facts, settings)
        return
    region = facts.there.value
    if settings.s3_region and region and region != settings.s3_region:
        yield bad(
            ABOUT,
            f"{facts.name} lies in {region}, not in {settings.s3_region}",
            f'set PHOTOS_S3_REGION = "{region}"',
        )
    unheard: dict[Heard, list[str]] = {}
    for about, judge in ROWS.items():
        fact = facts.answers[about]
        if about == "versioning" and fact.heard is Heard.SILENT and _knows_itself(facts):
            fact = Fact(Heard.NONE)
        if fact.answered:
            yield from judge(fact.value if fact.heard is Heard.SAID else None, facts, settings, now)
        else:
            row = f"{about} ({fact.action})" if fact.heard is Heard.DENIED else about
            unheard.setdefault(fact.heard, []).append(row)
    yield from _unheard(facts, unheard)


def _not_there(facts: "BucketFacts", settings: Settings) -> Finding:
    name = facts.name
    if facts.there.heard is Heard.NONE:
        return bad(ABOUT, f"{name} does not exist", "`invoke bucket --apply` makes it")
    if facts.there.heard is Heard.DENIED and settings.bucket_owner:
        return bad(
            ABOUT,
            f"{name} is not of the account {settings.bucket_owner}, or the key in use may not"
            f" see it ({facts.there.action})",
            "choose another name in PHOTOS_BUCKET and PHOTOS_SITE_BUCKET, or another AWS_PROFILE",
        )
    return unknown(
        ABOUT,
        f"{name} cannot be seen ({facts.there.action}): {facts.there.why}",
        "give the key what `invoke bucket --policy` prints",
    )


def _knows_itself(facts: "BucketFacts") -> bool:
    """Whether the server has answered any question, so that its silence is an answer too."""
    return any(
        facts.answers[name].answered for name in ("blocks", "lifecycle", "policy", "encryption")
    )


def _unheard(facts: "BucketFacts", rows: Mapping[Heard, Sequence[str]]) -> Iterator[Finding]:
    for heard, names in rows.items():
        listed = ", ".join(names)
        if heard is Heard.DENIED:
            yield unknown(
                ABOUT,
                f"{facts.name}: the key in use may not see: {listed}",
                LOOK,
            )
        elif heard is Heard.UNKNOWN:
            yield unknown(
                ABOUT,
                f"{facts.name}: not on this server: {listed}",
                "see in your provider's own pages how it keeps a bucket private",
            )
        else:
            why = next(
                facts.answers[name].why for name in ROWS if facts.answers[name].heard is heard
            )
            yield unknown(
                ABOUT,
                f"{facts.name}: no answer that says anything: {listed} ({why})",
                "check PHOTOS_S3_ENDPOINT; a server that answers so may not know the question",
            )


_Judge = Callable[[Any, "BucketFacts", Settings, datetime], Iterator[Finding]]


def _blocks(value: Any, facts: "BucketFacts", _: Settings, __: datetime) -> Iterator[Finding]:
    account = facts.answers.get("account")
    whole = account.value if account and account.heard is Heard.SAID else {}
    off = [name for name in blocks() if not ((value or {}).get(name) or whole.get(name))]
    if off:
        yield bad(ABOUT, f"{facts.name} does not block public access: {', '.join(off)}", MEND)
    else:
        yield ok(ABOUT, f"{facts.name} blocks public access")


def _status(value: Any, facts: "BucketFacts", settings: Settings, _: datetime) -> Iterator[Finding]:
    public = (value or {}).get("IsPublic", value is not None)
    delete = command("delete-bucket-policy", facts.name, settings)
    if public:
        yield bad(
            ABOUT,
            f"the policy of {facts.name} makes it public",
            f"{delete}; then `invoke bucket --apply`",
        )
    else:
        yield ok(ABOUT, f"no policy makes {facts.name} public")


def _policy(value: Any, facts: "BucketFacts", settings: Settings, _: datetime) -> Iterator[Finding]:
    yield from judge_policy(value, facts.name, facts.prefix, settings)


def _ownership(
    value: Any, facts: "BucketFacts", settings: Settings, _: datetime
) -> Iterator[Finding]:
    rules = (value or {}).get("Rules", [])
    if any(rule.get("ObjectOwnership") == "BucketOwnerEnforced" for rule in rules):
        yield ok(ABOUT, f"{facts.name} has its ACLs switched off")
        return
    acl = facts.answers.get("acl")
    grants = acl.value if acl and acl.heard is Heard.SAID else []
    open_to = [each for each in grants if each.get("Grantee", {}).get("URI")]
    if not settings.s3_endpoint:
        what = "grants access to everybody" if open_to else "still has ACLs"
        yield bad(ABOUT, f"{facts.name} {what}, which could make single objects public", MEND)
    elif open_to:
        closed = f"{command('put-bucket-acl', facts.name, settings)} --acl private"
        yield bad(ABOUT, f"{facts.name} grants access to everybody", closed)
    elif grants:
        yield ok(ABOUT, f"{facts.name} grants nothing to everybody")


def _encryption(
    value: Any, facts: "BucketFacts", settings: Settings, _: datetime
) -> Iterator[Finding]:
    [rule, *_rest] = (value or {}).get("Rules") or [{}]
    kind = rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", "")
    blocked = rule.get("BlockedEncryptionTypes", {}).get("EncryptionType", [])
    if settings.s3_endpoint:
        if kind:
            yield ok(ABOUT, f"{facts.name} encrypts with {kind}")
        else:
            yield unknown(
                ABOUT,
                f"{facts.name} does not encrypt by itself",
                "see whether your server can, and has the keys for it",
            )
    elif not kind:
        yield bad(ABOUT, f"{facts.name} does not encrypt by itself", MEND)
    elif not facts.sees_sse_c:
        yield unknown(
            ABOUT,
            f"{facts.name} encrypts with {kind}; whether it refuses SSE-C cannot be seen",
            "pip install --upgrade boto3",
        )
    elif "SSE-C" not in blocked:
        yield bad(
            ABOUT, f"{facts.name} takes keys that a writer brings along (SSE-C is allowed)", MEND
        )
    else:
        yield ok(ABOUT, f"{facts.name} encrypts with {kind}")


def _versioning(value: Any, facts: "BucketFacts", _: Settings, __: datetime) -> Iterator[Finding]:
    if value == "Enabled":
        yield ok(ABOUT, f"{facts.name} keeps old versions, so that a mistake can be taken back")
    else:
        how = "no longer keeps" if value else "keeps no"
        yield bad(ABOUT, f"{facts.name} {how} old versions: what is deleted is gone", MEND)


def _lifecycle(
    value: Any, facts: "BucketFacts", settings: Settings, _: datetime
) -> Iterator[Finding]:
    rules = [rule for rule in value or [] if rule.get("Status") == "Enabled"]
    harmful = False
    for rule in rules:
        what = _harm(rule)
        if what:
            harmful = True
            yield bad(
                ABOUT,
                f"the rule {rule.get('ID', '')!r} of {facts.name} {what}",
                "take it out, by putting the other rules alone:"
                f" {command('put-bucket-lifecycle-configuration', facts.name, settings)}",
            )
    lacking = [
        name
        for name in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")
        if not any(name in rule for rule in rules)
    ]
    if lacking:
        yield bad(ABOUT, f"{facts.name} has no rule for {', '.join(lacking)}", MEND)
    elif not harmful:
        yield ok(ABOUT, f"{facts.name} lets go of old versions and broken uploads, and no more")


def _harm(rule: Mapping[str, Any]) -> str:
    """Say what a rule does to objects that are current."""
    expiry = rule.get("Expiration", {})
    if "Days" in expiry or "Date" in expiry:
        return "deletes objects that are current"
    classes = [str(each.get("StorageClass", "")) for each in rule.get("Transitions", [])]
    frozen = [each for each in classes if "GLACIER" in each or "ARCHIVE" in each]
    slow = [each for each in frozen if each != "GLACIER_IR"]
    return f"moves objects to {slow[0]}, where no visitor can read them" if slow else ""


def _website(
    value: Any, facts: "BucketFacts", settings: Settings, _: datetime
) -> Iterator[Finding]:
    if value is None:
        yield ok(ABOUT, f"{facts.name} is no website of its own beside the CDN")
    else:
        yield bad(
            ABOUT,
            f"{facts.name} is a website, which no CDN can keep private",
            command("delete-bucket-website", facts.name, settings),
        )


def _cors(value: Any, facts: "BucketFacts", settings: Settings, _: datetime) -> Iterator[Finding]:
    methods = {method for rule in value or [] for method in rule.get("AllowedMethods", [])}
    if methods <= {"GET", "HEAD"}:
        yield ok(ABOUT, f"{facts.name} lets no other site write (CORS)")
    else:
        yield bad(
            ABOUT,
            f"{facts.name} allows {', '.join(sorted(methods))} to other sites (CORS)",
            command("delete-bucket-cors", facts.name, settings),
        )


def _uploads(value: Any, facts: "BucketFacts", _: Settings, now: datetime) -> Iterator[Finding]:
    old = [each for each in value or [] if now - each.get("Initiated", now) > _OLD]
    if old:
        first = old[0]
        key = re.sub(r"[^\w./-]", "?", str(first.get("Key", "")))
        yield bad(
            ABOUT,
            f"{facts.name} still pays for {count(len(old), 'broken upload')}, the first of {key}",
            f"{MEND}: a rule then removes them",
        )
    else:
        yield ok(ABOUT, f"{facts.name} holds no parts of broken uploads")


ROWS: Mapping[str, _Judge] = {
    "blocks": _blocks,
    "status": _status,
    "policy": _policy,
    "ownership": _ownership,
    "encryption": _encryption,
    "versioning": _versioning,
    "lifecycle": _lifecycle,
    "website": _website,
    "cors": _cors,
    "uploads": _uploads,
}
