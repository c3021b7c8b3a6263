"""A takedown as a person runs it: asked about once, forgotten here, published, purged, checked.

A note in ``.photos/publish`` says what is being taken down, from before the first file goes
until nothing answers any more: whoever is interrupted asks again.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pelican_photos import atomic, forgetting
from pelican_photos.errors import Guarded, PageError, SettingsError
from pelican_photos.forgetting import Doomed
from pelican_photos.import_command import open_site
from pelican_photos.library import page_text
from pelican_photos.model import Photo
from pelican_photos.naming import address, names_of, original_path
from pelican_photos.page import read_page
from pelican_photos.publish import purge_plan
from pelican_photos.publish.classify import is_document
from pelican_photos.publish.keys import key_of
from pelican_photos.publish.local import site_files, whole
from pelican_photos.publish.outside import Answers
from pelican_photos.publish.purge import Part, Purging, asked_from_outside, opened, purge
from pelican_photos.publish.purge_plan import Takedown
from pelican_photos.publish_command import originals_of, run_publish
from pelican_photos.publish_options import Options
from pelican_photos.settings import Settings
from pelican_photos.storing import Site
from pelican_photos.terminal import Display

_SHOWN = 5
_PERMALINK = re.compile(
    r"https?://(?:www\.)?instagram\.com/(?:[\w.]+/)?(?:p|reel|tv)/([A-Za-z0-9_-]{5,40})/?(?:[?#].*)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asks for."""

    slug: str
    dry_run: bool = False
    yes: bool = False


def run_purge(how: Purging, display: Display, request: Request) -> bool:
    """Take a photo or an album down, with every version.

    Returns whether nothing of it answers any more, and the site is whole without it.

    Raises:
        SettingsError: nothing is called so, neither here nor in the buckets.
        Guarded: nobody said yes, or a page cannot be read.
        PublishError: a bucket or the CDN refused; run again, it goes on there.
    """
    settings, note = how.settings, _note_of(how.settings, request.slug)
    with atomic.lock(settings.state / "import.lock", "an import"):
        site = open_site(settings)
        found = _found(site, request.slug)
        with opened(settings) as parts:
            takedown = _takedown(settings, site, request.slug, found, parts)
            for line in _summary(request.slug, takedown, found, parts):
                display.say(line)
            for line in _details(settings, takedown, found, parts) if request.dry_run else ():
                display.say(line)
        if problems := originals_of(settings)[1]:
            raise Guarded(f"{problems[0]}; mend that first, as it may name what would be destroyed")
        if request.dry_run:
            return True
        if not request.yes and not display.confirm(_question(request.slug)):
            raise Guarded(f"{request.slug}: nothing was taken down")
        atomic.make_private(settings.state)
        atomic.write_bytes(note, purge_plan.written(takedown))
        if found is not None:
            forgetting.forget(site, found)
    _clear(settings, takedown)
    whole = run_publish(settings, display, Options(), yes=request.yes)
    wanted = _wanted(settings)
    gone = purge(how, takedown, wanted, lambda keys: _remember(note, keys))
    display.say(f"{request.slug}: {len(gone):,} objects are gone with all their versions")
    _say_who_links(settings, takedown, display)
    asked = {*gone, *takedown.files, *(f"{home}/index.html" for home in takedown.homes)}
    answers = asked_from_outside(how, asked - wanted)
    if not _told(answers, display, request.slug):
        return False
    note.unlink()
    return whole


def _found(site: Site, slug: str) -> Doomed | None:
    """Find what is here; None when it was forgotten or deleted before.

    Raises:
        SettingsError: several pages are called so.
    """
    entry = site.ledger.named(slug)
    here = any(file.stem == slug for file in site.library.files())
    return forgetting.doomed(site, slug) if here or (entry and entry.slug == slug) else None


def _takedown(
    settings: Settings,
    site: Site,
    slug: str,
    found: Doomed | None,
    parts: Collection[Part],
) -> Takedown:
    """Gather what pages, ledger, the note of a purge that was killed, and the buckets tell of it.

    Raises:
        PageError: a page of it cannot be read.
        SettingsError: nothing is called so, or the buckets have several of the name.
    """
    takedown = Takedown()
    with suppress(FileNotFoundError, ValueError):  # without a whole note, nothing had begun
        takedown = purge_plan.read(_note_of(settings, slug).read_bytes())
    entry = site.ledger.named(slug)
    own = entry is not None and entry.slug == slug
    slugs = set(names_of(slug, len(entry.items)) if entry and own else (slug,))
    codes = {uid.partition(":")[2] for uid in (entry.uids if entry and own else ())}
    for file in found.files if found else ():
        if file.suffix == ".md" and file.is_relative_to(site.library.folder):
            takedown |= _of_page(settings, file, is_post=file.stem == slug)
    slugs -= {home.rpartition("/")[2] for home in takedown.homes}
    if strange := [page for each in sorted(slugs) if (page := site.library.named(each))]:
        raise SettingsError(
            f"{strange[0].relative_to(settings.root)} is of {slug} by its name, but not by its"
            " Uid; correct that, or rename or purge it first"
        )
    homes = {
        home for part in parts for home in purge_plan.homes_among(part.keys, settings.path, slugs)
    }
    if len(homes) > len({home.rpartition("/")[2] for home in homes}):
        raise SettingsError(
            f"{slug}: several are called so in the bucket:"
            f" {', '.join(sorted(homes))}; purge it while its page is here"
        )
    takedown |= Takedown(homes=frozenset(homes), codes=frozenset(codes - {""}))
    if not takedown:
        raise SettingsError(
            f"{slug}: no photo or album is called so, here or in the bucket; name a page without"
            " its .md"
        )
    return takedown


def _of_page(settings: Settings, file: Path, *, is_post: bool) -> Takedown:
    try:
        page = read_page(page_text(file), file.stem)
    except PageError as error:
        raise PageError(f"{file.relative_to(settings.root)}: {error}; correct it first") from error
    names = (page.original, page.video, page.subtitles) if isinstance(page, Photo) else ()
    codes = set[str]()
    if is_post and "#" not in page.uid:
        match = _PERMALINK.fullmatch(page.syndication)
        codes = {match[1] if match else page.uid.partition(":")[2]} - {""}
    return Takedown(
        homes=frozenset({key_of(address(settings.path, page).rstrip("/"))}),
        files=frozenset(str(original_path(settings.path, page, name)) for name in names if name),
        codes=frozenset(codes),
    )


def _summary(
    slug: str, takedown: Takedown, found: Doomed | None, parts: Collection[Part]
) -> Iterator[str]:
    yield f"here: {len(found.files) if found else 0:,} files of {slug}"
    for part in parts:
        keys = purge_plan.doomed_keys(takedown, part.keys, ())
        yield (
            f"{part.bucket.name}: {len(keys):,} objects in {part.count(keys):,} versions, and"
            f" {part.past:,} earlier versions of pages, lists and feeds"
            if part.keeps_versions
            else f"{part.bucket.name}: {len(keys):,} objects; the server keeps no versions"
        )


def _details(
    settings: Settings, takedown: Takedown, found: Doomed | None, parts: Collection[Part]
) -> Iterator[str]:
    for file in found.files if found else ():
        yield f"  delete {file.relative_to(settings.root)}"
    for part in parts:
        for key in sorted(purge_plan.doomed_keys(takedown, part.keys, ())):
            yield f"  destroy {key} in {part.bucket.name}"


def _question(slug: str) -> str:
    return (
        f"Delete {slug} here, publish the site without it, and destroy all its versions, and the"
        " earlier ones of every page of the site, for good?"
    )


def _clear(settings: Settings, takedown: Takedown) -> None:
    """Take out of the built site what the next build must not find: it may leave old files."""
    for key, file in _built(settings).items():
        if takedown.owns(key) or (is_document(key) and takedown.is_named_in(whole(file))):
            with atomic.plain_disk_errors(file):
                file.unlink()


def _built(settings: Settings) -> dict[str, Path]:
    return site_files(settings.output) if settings.output.is_dir() else {}


def _wanted(settings: Settings) -> frozenset[str]:
    """Give the keys of the site as it is now."""
    originals, _ = originals_of(settings)
    return frozenset({*_built(settings), *(key_of(name) for name, _ in originals)})


def _say_who_links(settings: Settings, takedown: Takedown, display: Display) -> None:
    """Say which texts of the owner's own lead to what is gone."""
    built = _built(settings).items()
    texts = (key for key, file in built if is_document(key) and takedown.is_named_in(whole(file)))
    for key in islice(texts, _SHOWN):
        display.say(f"{key} still leads to it, as its own text does; edit that if it should not")


def _told(answers: Answers, display: Display, slug: str) -> bool:
    """Say what came of the check; returns whether nothing answers."""
    for line in answers.still[:_SHOWN]:
        display.say(f"still there: {line}")
    for line in answers.unknown[:_SHOWN]:
        display.say(f"not checked: {line}")
    if answers.still or answers.unknown:
        display.say(
            f"{slug} is deleted, but {len(answers.still):,} addresses still answer and"
            f" {len(answers.unknown):,} could not be asked; empty the cache before them, then"
            " purge again"
        )
        return False
    display.say(f"{slug} is taken down: no address of it answers any more")
    return True


def _note_of(settings: Settings, slug: str) -> Path:
    name = hashlib.sha256(slug.encode()).hexdigest()[:16]
    return settings.state / "publish" / f"purge-{name}.json"


def _remember(note: Path, keys: Collection[str]) -> None:
    """Note also documents that lead to it: once they are gone, nothing else would tell of them."""
    takedown = purge_plan.read(note.read_bytes())
    atomic.write_bytes(note, purge_plan.written(takedown | Takedown(files=frozenset(keys))))
