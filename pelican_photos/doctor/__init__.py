"""What is right and wrong about a site, each with what mends it; nothing here changes anything.

A check is a function of a ``Site`` that yields findings; a new one is written in one of these
modules and named in ``CHECKS``.

finding            one line: ok, bad or unknown, and the fix
site               what the checks look at: settings, pages, ledger
configuration      settings, plugin, theme, addresses
pages              pages, originals, texts, posters, what an import left pending
machine            Instagram's session, ffmpeg, HEIC
key                whose key publishes; as all below, only where PHOTOS_BUCKET is set
bucket, policy     the buckets, and whom they let in
cdn, outside       the CDN; what a visitor without credentials gets
published          what lies in the buckets
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from pelican_photos.doctor import (
    bucket,
    cdn,
    configuration,
    key,
    machine,
    outside,
    pages,
    published,
)
from pelican_photos.doctor.finding import BAD, OK, UNKNOWN, Finding, bad
from pelican_photos.doctor.site import Site
from pelican_photos.errors import SettingsError

__all__ = ["BAD", "CHECKS", "OK", "UNKNOWN", "Finding", "examine"]

CHECKS: tuple[Callable[[Site], Iterator[Finding]], ...] = (
    configuration.plugin,
    configuration.theme,
    configuration.publishing,
    pages.readable,
    pages.originals,
    pages.descriptions,
    pages.posters,
    pages.pending,
    machine.session,
    machine.tools,
    key.keys,
    bucket.buckets,
    cdn.distribution,
    outside.visitors,
    published.drift,
    published.privacy,
)


def examine(root: Path) -> Iterator[Finding]:
    """Look through the site in ``root``; without readable settings there is nothing else to see."""
    try:
        site = Site.of(root)
    except SettingsError as error:
        yield bad("settings", str(error), "correct it, then run this again")
        return
    for check in CHECKS:
        yield from check(site)
