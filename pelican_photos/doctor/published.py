"""What lies in the buckets: all that was published, and nothing else or private."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pelican_photos.doctor.finding import Finding, bad, count, ok, unknown
from pelican_photos.doctor.site import Site
from pelican_photos.errors import MetadataError
from pelican_photos.metadata import public_patches
from pelican_photos.publish.private import MANIFEST, PRIVATE

if TYPE_CHECKING:
    from pelican_photos.publish.inspection import BucketFacts

_PUBLISH = "`invoke publish` puts it right"


def drift(site: Site) -> Iterator[Finding]:
    """Whether each bucket holds what the manifest says."""
    found = site.asked
    if found is not None:
        for facts in found.buckets:
            yield from judge_drift(facts)


def judge_drift(facts: "BucketFacts") -> Iterator[Finding]:
    """Hold a listing against the manifest."""
    about, listed, ours = "published", facts.listed, facts.manifest.objects
    if facts.problem:
        yield unknown(about, facts.problem, "give the key what `invoke bucket --policy` prints")
    if listed is None:
        return
    if MANIFEST not in listed:
        yield unknown(about, f"nothing was published to {facts.name} yet", "`invoke publish`")
        return
    missing = sorted(ours.keys() - listed.keys())
    changed = sorted(
        key for key in ours.keys() & listed.keys() if ours[key].etag != listed[key].etag
    )
    foreign = sorted(key for key in listed.keys() - ours.keys() if not key.startswith(PRIVATE))
    if missing:
        yield bad(about, f"{_named(missing)} gone from {facts.name}", _PUBLISH)
    if changed:
        yield bad(about, f"{_named(changed)} changed by somebody else in {facts.name}", _PUBLISH)
    if foreign:
        yield unknown(
            about,
            f"{_named(foreign)} in {facts.name} that no publish put there",
            "nothing here touches it; look whether it should be public",
        )
    if not (missing or changed or foreign):
        yield ok(about, f"{facts.name} holds {count(len(ours), 'object')}, as published")


def _named(keys: Sequence[str]) -> str:
    shown = ", ".join(keys[:2]) + (", …" if len(keys) > 2 else "")
    return f"{count(len(keys), 'object')} ({shown})"


def privacy(site: Site) -> Iterator[Finding]:
    """Whether published originals, as they lie in the bucket, tell what they should not."""
    found = site.asked
    if found is not None:
        yield from judge_privacy(found.samples, keep_gps=site.published.keep_gps)


def judge_privacy(samples: Mapping[str, tuple[bytes, int]], *, keep_gps: bool) -> Iterator[Finding]:
    """Look through the beginnings of files for what should have been taken out."""
    if not samples:
        return
    clean = 0
    for key, (data, size) in samples.items():
        try:
            told = bool(public_patches(data, keep_places=keep_gps))
        except MetadataError as error:
            part, fix = "", _PUBLISH
            if len(data) < size:
                part = f"the first {len(data):,} bytes of "
                fix = "a publish looks at all of it; do so, if something else put it there"
            yield unknown("privacy", f"{part}{key} cannot be read: {error}", fix)
            continue
        if told:
            yield bad(
                "privacy", f"{key} says where it was taken, by whom, or with which camera", _PUBLISH
            )
        clean += not told
    if clean:
        yield ok(
            "privacy", f"{count(clean, 'published original')} looked at: nothing private in it"
        )
