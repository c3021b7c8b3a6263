"""What a bucket's policy allows, and to whom.  Pure, on what ``get_bucket_policy`` answers."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pelican_photos.doctor.finding import MEND, Finding, bad, ok, unknown
from pelican_photos.publish.policies import CDN, Place
from pelican_photos.publish.private import MANIFEST
from pelican_photos.settings import Settings

_ABOUT = "policy"


def judge_policy(
    policy: Mapping[str, Any] | None, bucket: str, prefix: str, settings: Settings
) -> Iterator[Finding]:
    """Say what a policy allows too much, or forbids too little."""
    statements = list((policy or {}).get("Statement", []))
    place = Place(bucket=bucket, prefix=prefix)
    found = [
        finding
        for each in statements
        if each.get("Effect") == "Allow"
        for finding in _allowed(each, place, settings)
    ]
    cdn_reads = any(_is_cdn(each) and each.get("Effect") == "Allow" for each in statements)
    if settings.cdn_distribution and not settings.s3_endpoint:
        if not cdn_reads:
            found.append(bad(_ABOUT, f"the CDN may not read {bucket}", MEND))
        elif _reaches_private(statements, place):
            found.append(bad(_ABOUT, f"the CDN may read what is private in {bucket}", MEND))
    if not settings.s3_endpoint.startswith("http://") and not any(map(_is_tls_only, statements)):
        found.append(bad(_ABOUT, f"{bucket} answers without TLS as well", MEND))
    if found:
        yield from found
    else:
        who = "the CDN alone may read" if cdn_reads else "nobody else may read"
        yield ok(_ABOUT, f"{who} {bucket}, and nothing that is private; all over TLS")


def command(verb: str, bucket: str, settings: Settings) -> str:
    """Write the command of AWS's own tool that mends what `invoke bucket` leaves alone."""
    where = " --endpoint-url ENDPOINT" if settings.s3_endpoint else ""
    return f"aws s3api {verb} --bucket {bucket}{where}"


def _allowed(statement: Mapping[str, Any], place: Place, settings: Settings) -> Iterator[Finding]:
    name = f"the statement {str(statement.get('Sid', 'without a name'))!r} of {place.bucket}"
    delete = command("delete-bucket-policy", place.bucket, settings)
    remove = f"take it out: {delete}; then `invoke bucket --apply`"
    principal = statement.get("Principal")
    people = _texts(principal.get("AWS")) if isinstance(principal, Mapping) else _texts(principal)
    if "*" in people and not statement.get("Condition"):
        yield bad(_ABOUT, f"{name} lets everybody in", remove)
    elif isinstance(principal, Mapping) and "CanonicalUser" in principal:
        yield bad(_ABOUT, f"{name} lets in an origin access identity, the older way", remove)
    elif _is_cdn(statement):
        yield from _cdn(statement, name, settings, remove)
    else:
        who = ", ".join(people) or str(principal)
        yield unknown(_ABOUT, f"{name} lets in {who}", "take it out, unless you wrote it")


def _cdn(
    statement: Mapping[str, Any], name: str, settings: Settings, remove: str
) -> Iterator[Finding]:
    sources = [
        source
        for operator, conditions in statement.get("Condition", {}).items()
        if operator in ("StringEquals", "ArnEquals", "ArnLike", "StringLike")
        for key, value in conditions.items()
        if key.lower() == "aws:sourcearn"
        for source in _texts(value)
    ]
    ours = f":distribution/{settings.cdn_distribution}"
    if not sources or any("*" in source.rpartition(":")[2] for source in sources):
        yield bad(_ABOUT, f"{name} lets in every distribution of the world", remove)
    elif settings.cdn_distribution:
        strangers = [source for source in sources if not source.endswith(ours)]
        if strangers:
            yield bad(
                _ABOUT,
                f"{name} lets in {strangers[0].rpartition('/')[2]}, which is not"
                f" PHOTOS_CDN_DISTRIBUTION",
                MEND,
            )
    more = [each for each in _texts(statement.get("Action")) if each != "s3:GetObject"]
    if more:
        yield bad(_ABOUT, f"{name} lets the CDN {', '.join(more)}", remove)


def _is_cdn(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    return isinstance(principal, Mapping) and CDN in _texts(principal.get("Service"))


def _reaches_private(statements: list[Mapping[str, Any]], place: Place) -> bool:
    """Whether the CDN is let in to the manifest, and nothing keeps it out for certain."""
    private = f"{place.arn}/{place.prefix}{MANIFEST}"
    reads = denied = False
    for each in statements:
        covers = any(_matches(pattern, private) for pattern in _texts(each.get("Resource")))
        if covers and each.get("Effect") == "Allow" and _is_cdn(each):
            reads = True
        if covers and each.get("Effect") == "Deny" and not each.get("Condition"):
            acts = {"s3:GetObject", "s3:*", "*", "s3:Get*"} & set(_texts(each.get("Action")))
            denied |= bool(acts) and (_is_cdn(each) or each.get("Principal") == "*")
    return reads and not denied


def _is_tls_only(statement: Mapping[str, Any]) -> bool:
    plain = statement.get("Condition", {}).get("Bool", {})
    secure = {key.lower(): value for key, value in plain.items()}.get("aws:securetransport")
    everybody = statement.get("Principal") in ("*", {"AWS": "*"})
    return statement.get("Effect") == "Deny" and everybody and str(secure).lower() == "false"


def _matches(pattern: str, name: str) -> bool:
    wild = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return bool(re.fullmatch(wild, name))


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
