"""Purge: every version of what was taken down leaves the buckets, and the CDN forgets it.

The site was built and published without it before: what is left is what nobody wants any more.
First each object gets out of sight, then its versions go, a delete marker last, so that no older
version is ever served in between.
"""

import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pelican_photos.errors import Guarded, PhotosError, PublishError
from pelican_photos.publish import journal as journals
from pelican_photos.publish import publishing
from pelican_photos.publish.caches import forget, has_cache
from pelican_photos.publish.claim import Machine, check_held, claimed, this_machine
from pelican_photos.publish.keys import paths_to_invalidate
from pelican_photos.publish.manifest import Publication
from pelican_photos.publish.objects import Role, Version
from pelican_photos.publish.outside import Answers, addresses, still_answering
from pelican_photos.publish.parallel import WORKERS, Progress, in_parallel
from pelican_photos.publish.private import JOURNALS, is_ours
from pelican_photos.publish.purge_plan import (
    Takedown,
    doomed_keys,
    history,
    history_of_notes,
    leftovers,
    markers_last,
    orphans,
)
from pelican_photos.publish.survey import Survey, surveyed
from pelican_photos.settings import Settings

if TYPE_CHECKING:
    from pelican_photos.publish.s3 import Bucket
    from pelican_photos.publish.versions import Versions

_CDN_WAITS = (10, 20, 30, 60, 60)  # seconds; an invalidation takes a minute or two


@dataclass(frozen=True, slots=True, kw_only=True)
class Purging:
    """How to purge: of which site, when, who is told how far it is, and how time passes."""

    settings: Settings
    now: datetime
    progress: Progress
    pause: Callable[[float], None] = time.sleep


class Part:
    """One bucket that something is taken out of."""

    def __init__(self, survey: Survey, versions: "Versions") -> None:
        self.bucket = survey.bucket
        self._versions = versions
        self._notes = survey.notes
        self._claim = ""
        self._remote = survey.listed
        self.manifest = survey.notes.manifest
        self.keeps_versions = True
        self.versions = self._listed_versions()

    @property
    def keys(self) -> frozenset[str]:
        """Every key that is there, or was, as far as versions tell."""
        return frozenset({*self._remote, *self.versions, *self.manifest.objects})

    def doomed(self, takedown: Takedown, wanted: Collection[str]) -> frozenset[str]:
        """Choose what goes: what belongs to it, and documents left behind that lead to it.

        Raises:
            PublishError: a document cannot be read.
        """
        own = doomed_keys(takedown, self.keys, wanted)
        own |= orphans(self.manifest, self.keys, own)
        left = leftovers(self.manifest, self._remote.keys() - own, wanted)
        found = set(own)
        for key, answer in in_parallel(self.bucket.read, left, WORKERS):
            if isinstance(answer, PhotosError):
                raise answer
            if takedown.is_named_in(answer):
                found.add(key)
        return frozenset(found)

    def count(self, keys: Collection[str]) -> int:
        """Say how many versions, delete markers among them, some keys have."""
        return sum(len(self.versions.get(key, ())) for key in keys)

    @property
    def past(self) -> int:
        """Say how many earlier versions of the site's documents there are."""
        roles = {key: known.role for key, known in self.manifest.objects.items()}
        return sum(1 for _ in history(self.versions, roles))

    @contextmanager
    def claimed(self, machine: Machine, now: datetime) -> Iterator[None]:
        """Be the one who publishes into this bucket.

        Raises:
            Overtaken: somebody else is at it, or has published since it was looked at.
        """
        etag = self._notes.etag
        with claimed(self.bucket, etag, machine, now, take_over=False) as self._claim:
            yield

    def hide(self, keys: Collection[str]) -> None:
        """Delete objects as a publish does: where versions are kept, they are hidden by that.

        Raises:
            PublishError: the server keeps some of them.
        """
        _refuse(self.bucket, self.bucket.delete(sorted(self._remote.keys() & keys)))

    def note(
        self, publication: Publication, gone: Collection[str], pending: frozenset[str]
    ) -> None:
        """Forget what is gone, without a journal: no undo brings it back.

        Raises:
            Overtaken: somebody else has begun to publish.
            PublishError: the server refuses.
        """
        before = self.manifest
        check_held(self.bucket, self._notes.etag, self._claim)
        kept = {key: known for key, known in before.objects.items() if key not in gone}
        self.manifest = replace(
            before,
            objects=kept,
            retired={key: since for key, since in before.retired.items() if key in kept},
            pending=pending,
            publication=replace(publication, generation=before.publication.generation + 1),
        )
        self._notes.write(self.manifest, with_journal=False)

    def destroy(self, keys: Collection[str]) -> None:
        """Delete every version of some keys, and the history of our documents.

        Raises:
            PublishError: the server keeps some of it.
        """
        if self.keeps_versions:
            versions = self._versions.listing()
            doomed = {version for key in keys for version in versions.get(key, ())}
            past = history(versions, self._ever_ours())
            _refuse(self.bucket, self._versions.destroy(markers_last({*doomed, *past})))

    def destroy_notes(self) -> None:
        """Delete what our own notes still tell: the journals, and the manifests before this one.

        Raises:
            PublishError: the server keeps some of it.
        """
        noted = [key for key in self._remote if key.startswith(JOURNALS)]
        _refuse(self.bucket, self.bucket.delete(noted))
        if self.keeps_versions:
            past = history_of_notes(self._versions.listing())
            _refuse(self.bucket, self._versions.destroy(markers_last(past)))

    def _ever_ours(self) -> Mapping[str, Role]:
        """Give every key that the manifest or a journal names."""
        ours = {key: known.role for key, known in self.manifest.objects.items()}
        found = [key for key in self._remote if key.startswith(JOURNALS)]
        for key, answer in in_parallel(self.bucket.read, found, WORKERS):
            if isinstance(answer, PhotosError):
                raise answer
            try:
                steps = journals.read(answer).steps
            except ValueError as error:
                raise PublishError(f"{key} in {self.bucket.name!r}: {error}; delete it") from error
            for name, step in steps.items():
                known = step.after or step.before
                if known:
                    ours.setdefault(name, known.role)
        return ours

    def _listed_versions(self) -> Mapping[str, Sequence[Version]]:
        try:
            return self._versions.listing()
        except Guarded:
            self.keeps_versions = False  # the server knows none: a delete is for good
            return {}


@contextmanager
def opened(settings: Settings) -> Iterator[list[Part]]:
    """Look into each bucket over one connection; nothing is changed.

    Raises:
        PublishError: the server refuses.
    """
    with surveyed(settings) as found:
        yield [Part(survey, versions) for survey, versions in found]


def purge(
    how: Purging,
    takedown: Takedown,
    wanted: Collection[str],
    remember: Callable[[frozenset[str]], None],
) -> frozenset[str]:
    """Take out of the buckets what belongs to a takedown, and give the keys.

    ``wanted`` are the keys of the site as it was just published, and of its originals.
    ``remember`` hears of them before anything is deleted.

    Raises:
        Busy: a publish runs from this folder.
        Overtaken: another machine is publishing.
        PublishError: something was refused; run again, it goes on there.
    """
    settings = how.settings
    machine = this_machine(settings, remember=True)
    publication = machine.publication(how.now)
    with publishing(settings), opened(settings) as parts, ExitStack() as claims:
        found = {part.bucket.name: part.doomed(takedown, wanted) for part in parts}
        gone = frozenset(key for keys in found.values() for key in keys)
        remember(gone)
        pending = frozenset(path for part in parts for path in part.manifest.pending)
        if has_cache(settings):
            pending |= _paths(settings, takedown, gone)
        for part in parts:
            claims.enter_context(part.claimed(machine, how.now))
        for part in parts:
            part.hide(found[part.bucket.name])
            part.note(publication, gone, pending if part is parts[0] else frozenset())
        for done, part in enumerate(parts, start=1):
            part.destroy(found[part.bucket.name])
            how.progress("destroying versions", done, len(parts))
        if pending and has_cache(settings):
            forget(settings, pending)
            parts[0].note(publication, gone, frozenset())
        for part in parts:
            part.destroy_notes()
    return gone


def asked_from_outside(how: Purging, gone: Collection[str]) -> Answers:
    """Ask for what was taken down as a stranger would: site, originals, and S3 itself.

    Raises:
        PublishError: there is no connection to the server.
    """
    from pelican_photos.publish.connection import connected  # noqa: PLC0415 - boto3 is heavy

    settings, keys, token = how.settings, sorted(gone), secrets.token_hex(4)
    bases = dict.fromkeys(filter(None, (settings.siteurl, settings.public_originals_url)))
    urls = [url for base in bases for url in addresses(base, keys, token)]
    with connected(settings) as client:
        server = client.meta.endpoint_url
    prefix = f"{settings.bucket_prefix.strip('/')}/".lstrip("/")
    for bucket in settings.buckets:
        urls += addresses(f"{server}/{bucket}", (prefix + key for key in keys), "")
    waits = _CDN_WAITS if has_cache(settings) else ()
    return still_answering(urls, waits=waits, pause=how.pause, ask=how.progress)


def _paths(settings: Settings, takedown: Takedown, keys: Collection[str]) -> frozenset[str]:
    """Address what goes as a viewer does: each folder as a whole, its hashed names too."""
    inside = tuple(f"{home}/" for home in takedown.homes)
    named = [key for key in keys if not key.startswith(inside) and not is_ours(key)]
    named += [f"{home}/*" for home in takedown.homes]
    bases = {settings.siteurl, settings.public_originals_url}
    return frozenset(
        path for base in bases for path in paths_to_invalidate(named, unquote(urlsplit(base).path))
    )


def _refuse(bucket: "Bucket", refused: Mapping[str, str]) -> None:
    if refused:
        key, answer = min(refused.items())
        raise PublishError(
            f"{len(refused):,} objects or versions stay in {bucket.name!r}: {key}: {answer};"
            " the key in use needs s3:DeleteObject and s3:DeleteObjectVersion (`invoke bucket"
            " --policy keeper` prints the rights), and no lock may hold them; then purge again"
        )
