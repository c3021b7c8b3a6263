"""What a visitor without credentials gets: what is public, from the CDN, and nothing else."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, urlsplit

from pelican_photos.doctor.finding import Finding, bad, ok, unknown
from pelican_photos.doctor.site import Site
from pelican_photos.publish.objects import Known, Role
from pelican_photos.publish.private import MANIFEST, PRIVATE
from pelican_photos.settings import Settings

if TYPE_CHECKING:
    from pelican_photos.publish.anonymous import Seen
    from pelican_photos.publish.inspection import BucketFacts, Inspection

_ABOUT = "outside"
_KEPT_OUT = (401, 403, 404)
_UNSIGNED = 400  # what some servers, R2 among them, answer to a request that nobody signed


class Look(Protocol):
    """Ask for an address as a stranger does; ``span`` is a ``Range``."""

    def __call__(self, url: str, *, span: str = "") -> "Seen":
        """Give what came."""
        ...


def visitors(site: Site) -> Iterator[Finding]:
    """Look from outside: at the buckets themselves, then at what is served."""
    found, settings = site.asked, site.published
    if found is None:
        return
    from pelican_photos.publish.anonymous import look  # noqa: PLC0415 - loads botocore

    yield from look_around(found, settings, look)


def look_around(found: "Inspection", settings: Settings, look: Look) -> Iterator[Finding]:
    """Look at the buckets, at a page, at an original, and at what must not be served."""
    for facts in found.buckets:
        yield from _bucket(found.server, facts, look)
    if settings.public_originals_url:
        yield from _served(found, settings, look)


def _bucket(server: str, facts: "BucketFacts", look: Look) -> Iterator[Finding]:
    address = f"{server}/{facts.name}"
    keys = sorted(key for key in facts.listed or {} if not key.startswith(PRIVATE))
    seen = {"be listed": look(f"{address}?list-type=2&max-keys=1")}
    if keys and not seen["be listed"].problem:
        seen["be read"] = look(f"{address}/{quote(facts.prefix + keys[0])}")
    for what, each in seen.items():
        yield judge_private(f"the bucket {facts.name} can {what}", each, facts.name)


def judge_private(what: str, seen: "Seen", bucket: str) -> Finding:
    """Judge what a stranger gets who asks for what is not public."""
    if seen.problem:
        return unknown(_ABOUT, f"whether {what} cannot be told: {seen.problem}", _LATER)
    if seen.status in (*_KEPT_OUT, _UNSIGNED):
        return ok(_ABOUT, f"nobody gets to know whether {what} ({seen.status})")
    if seen.status in (200, 206):
        return bad(
            _ABOUT,
            f"{what} by anybody",
            f"`invoke bucket --apply` closes {bucket}, where it can; else do so at your provider",
        )
    return unknown(_ABOUT, f"whether {what}: the answer is {seen.status}", _LATER)


_LATER = "check the network and the addresses, then run this again"


def _served(found: "Inspection", settings: Settings, look: Look) -> Iterator[Finding]:
    """Look at a page, an original, and what must not be served."""
    pages, originals = _examples(found)
    base, files = settings.siteurl, settings.public_originals_url
    asked = [(f"{base}/{quote(key)}", known) for key, known in pages if base]
    asked += [(f"{files}/{quote(key)}", known) for key, known in originals]
    for url, known in asked:
        seen = look(url)
        yield judge_served(url, seen, known)
        if seen.problem:
            return  # what else is there would say the same
    for key in _private(found):
        for root in dict.fromkeys(filter(None, (base, files))):
            seen = look(f"{root}/{quote(key)}")
            yield judge_hidden(key, seen)
            if seen.problem:
                return
    if asked:
        url = asked[-1][0]
        yield judge_range(url, look(url, span="bytes=0-0"))
    if base.startswith("https://"):
        yield judge_redirect(base, look("http" + base.removeprefix("https") + "/"))


def _examples(
    found: "Inspection",
) -> tuple[list[tuple[str, Known]], list[tuple[str, Known]]]:
    """Choose one page and one original that are in their buckets."""
    pages, originals = [], []
    for facts in found.buckets:
        objects = facts.manifest.objects
        there = {key: objects[key] for key in sorted(objects) if key in (facts.listed or {})}
        if "index.html" in there:
            pages.append(("index.html", there["index.html"]))
        originals += [
            (key, known)
            for key, known in there.items()
            if known.role is Role.ORIGINAL and not key.startswith(PRIVATE)
        ]
    return pages[:1], originals[:1]


def _private(found: "Inspection") -> list[str]:
    """Choose the manifest, and one of the other things that nobody may have."""
    listed = [key for facts in found.buckets for key in facts.listed or {}]
    others = sorted({key for key in listed if key.startswith(PRIVATE)} - {MANIFEST})
    return [MANIFEST, *others[:1]]


def judge_served(url: str, seen: "Seen", known: Known) -> Finding:
    """Hold what is served against what was published."""
    if seen.problem:
        return unknown(_ABOUT, f"{url} cannot be reached: {seen.problem}", _LATER)
    if seen.status != 200:
        return bad(
            _ABOUT,
            f"{url} answers {seen.status}",
            "`invoke publish` puts it there, `invoke bucket --apply` lets the CDN read it",
        )
    etag = seen.headers.get("etag", "").removeprefix("W/").strip('"')
    wrong = [
        f"its {name} is {there!r}, not {ours!r}"
        for name, there, ours in (
            ("Content-Type", seen.headers.get("content-type", ""), known.content_type),
            ("Cache-Control", seen.headers.get("cache-control", ""), known.cache_control),
            ("ETag", etag, known.etag),
        )
        if there != ours
    ]
    if wrong:
        return bad(
            _ABOUT,
            f"{url} is not as it was published: {'; '.join(wrong)}",
            "`invoke publish` brings both up to date, unless something on the way changes it",
        )
    return ok(_ABOUT, f"{url} is as it was published")


def judge_hidden(key: str, seen: "Seen") -> Finding:
    """Judge what a visitor gets of what is private."""
    if seen.problem:
        return unknown(_ABOUT, f"whether {key} is served cannot be told: {seen.problem}", _LATER)
    if seen.status in _KEPT_OUT:
        return ok(_ABOUT, f"{key} is not served ({seen.status})")
    if 300 <= seen.status < 400:
        return unknown(_ABOUT, f"{key} leads somewhere else ({seen.status})", _LATER)
    return bad(
        _ABOUT,
        f"{key} answers {seen.status}: visitors may have what is private",
        f"`invoke bucket --apply` keeps {PRIVATE} from the CDN; another server has to answer 403"
        " for it",
    )


def judge_range(url: str, seen: "Seen") -> Finding:
    """Judge whether a film can be sought in."""
    if seen.status == 206:
        return ok(_ABOUT, "parts of a file can be asked for, as players of films do")
    answer = seen.problem or seen.status
    return unknown(
        _ABOUT,
        f"{url} has no parts: a Range is answered by {answer}",
        "films cannot be sought in then; let what serves the bucket pass on Range",
    )


def judge_redirect(base: str, seen: "Seen") -> Finding:
    """Judge where an address without TLS leads."""
    host = urlsplit(base).netloc
    target = urlsplit(seen.headers.get("location", ""))
    if seen.status in (301, 302, 307, 308) and target.scheme == "https":
        return ok(_ABOUT, f"http://{host} leads to https")
    if seen.problem:
        return unknown(_ABOUT, f"http://{host} does not answer: {seen.problem}", _LATER)
    return bad(
        _ABOUT,
        f"http://{host} answers {seen.status}, and does not lead to https",
        "`invoke bucket --apply` makes it so; else set it where TLS ends",
    )
