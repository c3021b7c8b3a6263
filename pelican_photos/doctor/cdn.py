"""Checks of the distribution of CloudFront; what is judged is what ``get_distribution`` answers."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pelican_photos.doctor.finding import LOOK, MEND, Finding, bad, ok, unknown
from pelican_photos.doctor.site import Site
from pelican_photos.publish.facts import Fact, Heard
from pelican_photos.settings import Settings

if TYPE_CHECKING:
    from pelican_photos.publish.inspection import CdnFacts

_ABOUT = "CDN"
_OLD_TLS = ("SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016")


def distribution(site: Site) -> Iterator[Finding]:
    """Whether the CDN is before the buckets, and serves as the pages expect."""
    found = site.asked
    if found is None or site.published.s3_endpoint:
        return
    if found.cdn is None:
        yield unknown(
            _ABOUT,
            "PHOTOS_CDN_DISTRIBUTION is not set",
            "`invoke bucket --apply` makes one, unless something else serves the buckets",
        )
    else:
        yield from judge_cdn(found.cdn, site.published)


def judge_cdn(facts: "CdnFacts", settings: Settings) -> Iterator[Finding]:
    """Judge a distribution, one line for each thing that is not as it should be."""
    fact, name = facts.distribution, settings.cdn_distribution
    if fact.heard is not Heard.SAID:
        yield _unseen(fact, name)
        return
    config = fact.value.get("DistributionConfig")
    if not isinstance(config, Mapping):
        yield unknown(_ABOUT, f"nothing is said of how {name} is set", "run this again later")
        return
    wrong = [
        *_origins(config, settings),
        *_viewers(config),
        *(_pages(config) if settings.site_bucket else ()),
        *_caching(config.get("DefaultCacheBehavior", {}), facts.cache_policy),
        *_state(fact.value, config, settings),
    ]
    yield from wrong
    if not wrong:
        yield ok(_ABOUT, f"{name} reads the private buckets, and serves over TLS")


def _unseen(fact: Fact, name: str) -> Finding:
    if fact.value == "NoSuchDistribution":
        return bad(
            _ABOUT,
            f"there is no distribution {name}",
            "correct PHOTOS_CDN_DISTRIBUTION, or unset it",
        )
    if fact.heard is Heard.DENIED:
        return unknown(
            _ABOUT,
            f"the key in use may not see {name} ({fact.action})",
            LOOK,
        )
    return unknown(_ABOUT, f"{name} cannot be seen: {fact.why}", "run this again later")


def _items(config: Mapping[str, Any], name: str) -> list[Any]:
    return list((config.get(name) or {}).get("Items") or [])


def _origins(config: Mapping[str, Any], settings: Settings) -> Iterator[Finding]:
    origins = _items(config, "Origins")
    for bucket in settings.buckets:
        ours = [each for each in origins if each["DomainName"].startswith(f"{bucket}.s3")]
        if not ours:
            yield bad(_ABOUT, f"{bucket} is not among its origins", MEND)
        for each in ours:
            host = each["DomainName"]
            if "s3-website" in host:
                yield bad(
                    _ABOUT,
                    f"its origin {host} is a website, which cannot be private",
                    f"aws s3api delete-bucket-website --bucket {bucket}; then"
                    " `invoke bucket --apply`",
                )
            elif not each.get("OriginAccessControlId"):
                yield bad(_ABOUT, f"it signs nothing that it asks {bucket} (no OAC)", MEND)


def _viewers(config: Mapping[str, Any]) -> Iterator[Finding]:
    behaviour = config.get("DefaultCacheBehavior", {})
    if behaviour.get("ViewerProtocolPolicy") not in ("redirect-to-https", "https-only"):
        yield bad(_ABOUT, "it serves without TLS as well", MEND)
    methods = set(_items(behaviour, "AllowedMethods")) or {"GET", "HEAD"}
    if methods - {"GET", "HEAD", "OPTIONS"}:
        yield bad(_ABOUT, f"it passes on {', '.join(sorted(methods - {'GET', 'HEAD'}))}", MEND)
    if not behaviour.get("Compress"):
        yield bad(_ABOUT, "it does not compress pages", MEND)
    if not behaviour.get("ResponseHeadersPolicyId"):
        yield bad(_ABOUT, "it adds no headers of security (HSTS, nosniff)", MEND)
    certificate = config.get("ViewerCertificate", {})
    if certificate.get("CloudFrontDefaultCertificate"):
        yield unknown(
            _ABOUT,
            "with CloudFront's own certificate it also takes TLS 1.0",
            "`invoke bucket --apply --certificate ARN` gives it one of yours",
        )
    elif certificate.get("MinimumProtocolVersion", "") in ("", *_OLD_TLS):
        yield bad(
            _ABOUT,
            "it takes TLS older than 1.2",
            "`invoke bucket --apply --certificate ARN` with the certificate's ARN mends it",
        )


def _pages(config: Mapping[str, Any]) -> Iterator[Finding]:
    if config.get("DefaultRootObject") != "index.html":
        yield bad(_ABOUT, "its address alone is not index.html (default root object)", MEND)
    behaviour = config.get("DefaultCacheBehavior", {})
    kinds = {each.get("EventType") for each in _items(behaviour, "FunctionAssociations")}
    kinds |= {each.get("EventType") for each in _items(behaviour, "LambdaFunctionAssociations")}
    if not kinds & {"viewer-request", "origin-request"}:
        yield bad(_ABOUT, "nothing makes a folder its index.html (no function)", MEND)
    pages = {
        each.get("ErrorCode"): (each.get("ResponsePagePath", ""), each.get("ResponseCode"))
        for each in _items(config, "CustomErrorResponses")
    }
    for code in (403, 404):
        page, status = pages.get(code, ("", ""))
        if not page.endswith("/404.html") or status != "404":
            yield bad(_ABOUT, f"for {code} of a bucket it does not answer 404.html with 404", MEND)


def _caching(behaviour: Mapping[str, Any], policy: Fact | None) -> Iterator[Finding]:
    """Judge how long it keeps at least: anything but 0 overrules our "ask each time"."""
    if policy is None:
        least = behaviour.get("MinTTL")
    elif policy.heard is not Heard.SAID:
        yield unknown(
            _ABOUT,
            f"how long it caches cannot be seen ({policy.action})",
            LOOK,
        )
        return
    else:
        least = policy.value.get("CachePolicyConfig", {}).get("MinTTL")
    if least is None:
        yield unknown(_ABOUT, "nothing is said of how long it caches at least", MEND)
    elif least:
        yield bad(_ABOUT, f"it keeps pages for {least} s whatever they say (minimum TTL)", MEND)


def _state(
    value: Mapping[str, Any], config: Mapping[str, Any], settings: Settings
) -> Iterator[Finding]:
    host = urlsplit(settings.siteurl).hostname or ""
    hosts = {value.get("DomainName"), *_items(config, "Aliases")}
    wild = {f"*.{host.partition('.')[2]}"} & hosts
    if settings.site_bucket and host not in hosts and not wild:
        yield bad(
            _ABOUT,
            f"it does not answer for {host}",
            f"`invoke bucket --apply --certificate ARN` makes it so, or set SITEURL to"
            f" https://{value.get('DomainName')}",
        )
    if not config.get("Enabled"):
        yield bad(_ABOUT, "it is switched off", MEND)
    elif value.get("Status") == "InProgress":
        yield unknown(
            _ABOUT, "a change of it is still on its way", "run this again in some minutes"
        )
