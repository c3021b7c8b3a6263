"""What belongs into which bucket: the originals of the pages, and the files of the built site."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pelican_photos.content_types import content_type
from pelican_photos.errors import PublishError
from pelican_photos.publish.classify import SECRET, cache_control, stage_of
from pelican_photos.publish.digests import Digest, Digests
from pelican_photos.publish.keys import check_keys, key_of
from pelican_photos.publish.local import checked_file, site_files
from pelican_photos.publish.objects import Local, Role
from pelican_photos.publish.parallel import Progress, in_batches
from pelican_photos.publish.private import untouched_key
from pelican_photos.publish.sync import Target
from pelican_photos.publish.transfer import File
from pelican_photos.settings import Settings


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a publish by their keys, of each side; and what this machine does not have."""

    originals: Mapping[str, Path]
    site: Mapping[str, Path]
    absent: frozenset[str]
    buckets: tuple[str, ...]  # that of the originals first


def files_of(
    settings: Settings, originals: Iterable[tuple[str, Path]], *, with_site: bool
) -> Files:
    """Find everything that may be published; nothing is read yet.

    An original that this machine lacks still belongs into the bucket.  Where
    both sides have a file of one key, the original is it.

    Raises:
        PublishError: a file is missing, or should not be published.
    """
    here, absent = _originals(settings, originals)
    site = _site(settings, here) if with_site else {}
    check_keys({*here, *site}, settings.bucket_prefix)  # before gigabytes are read in vain
    buckets = (settings.bucket, settings.site_bucket) if with_site else (settings.bucket,)
    return Files(here, site, absent, tuple(dict.fromkeys(buckets)))


def targets(
    settings: Settings, files: Files, *, remember: bool, progress: Progress
) -> dict[str, Target]:
    """Read and digest everything, and give it by the name of its bucket.

    ``remember`` allows to write the digests down.

    Raises:
        MetadataError: the metadata of a picture or video cannot be cleaned.
        PublishError: a file cannot be read, or should not be published.
    """
    count = _Count(progress, len(files.originals) + len(files.site))
    described = partial(_described, settings, remember=remember, count=count)
    originals = described(files.originals, Role.ORIGINAL)
    site = described(files.site, Role.SITE)
    check_keys(originals, settings.bucket_prefix)  # with the longer names of the untouched
    if len(files.buckets) == 1:
        absent = files.absent - site.keys()
        return {settings.bucket: Target(files={**site, **originals}, absent=absent)}
    return {
        settings.bucket: Target(files=originals, absent=files.absent),
        settings.site_bucket: Target(files=site),
    }


def _originals(
    settings: Settings, originals: Iterable[tuple[str, Path]]
) -> tuple[dict[str, Path], frozenset[str]]:
    """Split the originals into those that are here, and the keys of those that are not.

    An empty file is none: it is what a crash leaves, and would take the place of the good one.
    """
    root = settings.photos.resolve()
    here, absent = dict[str, Path](), set[str]()
    for name, path in originals:
        key = key_of(name)
        if not path.exists() or (path.is_file() and not path.stat().st_size):
            absent.add(key)
        elif here.setdefault(key, path) != path:
            raise PublishError(f"{here[key]} and {path} are both to be {key!r}; rename one of them")
        else:
            checked_file(path, root)
    return here, frozenset(absent - here.keys())


def _site(settings: Settings, originals: Mapping[str, Path]) -> dict[str, Path]:
    found = site_files(settings.output)
    if not found:
        raise PublishError(f"the built site in {settings.output} is empty; build it first")
    return {key: path for key, path in found.items() if key not in originals}


def _described(
    settings: Settings, files: Mapping[str, Path], role: Role, *, remember: bool, count: "_Count"
) -> dict[str, File]:
    digests = digests_of(settings, role)
    found = {
        key: digest
        for key, path in files.items()
        if (digest := digests.remembered(path)) is not None
    }
    count.add(len(found))
    unknown = [key for key in files if key not in found]
    for measured in in_batches(lambda key: digests.measured(files[key]), unknown):
        found.update(measured)
        count.add(len(measured))
    if remember:
        digests.save()
    described = [_file(settings, key, files[key], digest, role) for key, digest in found.items()]
    described += [
        _untouched(file, found[file.key].untouched)
        for file in described
        if role.is_original and found[file.key].untouched != file.local.sha256
    ]
    return {file.key: file for file in described}


def digests_of(settings: Settings, role: Role) -> Digests:
    """Open this machine's notes of the digests of one side."""
    notes = settings.state / "publish" / f"digests-{role}.json"
    return Digests(notes, keep_gps=settings.keep_gps)


def _file(settings: Settings, key: str, path: Path, digest: Digest, role: Role) -> File:
    local = Local(
        size=digest.size,
        sha256=digest.sha256,
        content_type=content_type(key),
        cache_control=cache_control(key, role, settings.path),
        role=role,
        stage=stage_of(key, role, settings.path),
        modified=digest.modified if role.is_original else 0,
    )
    return File(key=key, path=path, local=local, keep_gps=settings.keep_gps)


def _untouched(public: File, sha256: str) -> File:
    """Describe the file of which the public may not see all: `invoke pull` brings it back."""
    local = replace(public.local, sha256=sha256, cache_control=SECRET, role=Role.UNTOUCHED)
    return replace(public, key=untouched_key(public.key), local=local)


class _Count:
    """How many files of both sides have been read."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def add(self, number: int) -> None:
        self._done += number
        self._progress("reading", self._done, self._total)
