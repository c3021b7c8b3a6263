"""Pull: the originals that the pages name, from their bucket back to this machine.

The paths come from the pages alone; what the bucket lists and its manifest tells is looked up
by key, and can name no file.  Nothing here is deleted, and no edit of the owner's is overwritten.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from pelican_photos import atomic
from pelican_photos.errors import PhotosError, SettingsError
from pelican_photos.publish import publishing
from pelican_photos.publish.fetch import Order
from pelican_photos.publish.landing import Landing, Progress, Task
from pelican_photos.publish.objects import Known, Remote, Role
from pelican_photos.publish.parallel import large_first
from pelican_photos.publish.private import public_key
from pelican_photos.publish.pull_here import Places, look_at, read_here
from pelican_photos.publish.pull_outcome import PullOutcome, Verdict
from pelican_photos.publish.pull_plan import Act, Here, There, judge, name_beside, there_of
from pelican_photos.publish.survey import Survey, surveying
from pelican_photos.publish.targets import digests_of
from pelican_photos.publish_options import PullOptions
from pelican_photos.settings import Settings


def pull(
    settings: Settings,
    originals: Iterable[tuple[str, Path]],
    options: PullOptions,
    *,
    say: Callable[[str], None],
    progress: Progress | None = None,
) -> PullOutcome:
    """Bring what the bucket has of the originals, and this machine lacks or has damaged.

    ``originals`` are keys below the site, each with its file, which need not be there.

    Raises:
        SettingsError: no bucket is set.
        Busy: a publish, a pull or an import runs from this folder.
        Guarded: two files are one on some systems; nothing was brought.
        PublishError: the bucket cannot be listed, or its manifest not be had.
    """
    if not settings.bucket:
        raise SettingsError("PHOTOS_BUCKET is not set; name the bucket of the originals in it")
    with nullcontext() if options.changes_nothing else _alone(settings):
        places = Places(settings, originals)
        with surveying(settings, (settings.bucket,)) as surveys:
            pulling = _Pull(settings, surveys()[0], places, progress or _silent)
            pulling.survey(say)
            if not options.changes_nothing:
                pulling.carry_out()
    return pulling.outcome(options)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Let nobody publish or import meanwhile: an import sweeps what is not finished."""
    with publishing(settings), atomic.lock(settings.state / "import.lock", "an import"):
        yield


class _Pull:
    """One pull: what is there, what is here, and what is done about it."""

    def __init__(
        self, settings: Settings, survey: Survey, places: Places, progress: Progress
    ) -> None:
        self._survey = survey
        self._bucket = survey.bucket
        self._places = places
        self._progress = progress
        self._verdicts: list[Verdict] = []
        self._tasks: list[Task] = []
        self._failed = list(places.refused)
        self._unnamed = 0
        self._landing = Landing(survey.bucket, [], progress)
        self._published = digests_of(settings, Role.ORIGINAL)

    def survey(self, say: Callable[[str], None]) -> None:
        """Read what is here, and compare; nothing is changed."""
        notes, listed = self._survey.notes, self._survey.objects
        # What a publish of this machine put before it was killed, its manifest does not tell.
        late = {
            key: entry
            for key, entry in notes.remembered().items()
            if key in listed and listed[key].etag == entry.etag
        }
        known = {**notes.manifest.objects, **late}
        if not known:
            say(
                f"{notes.problem or 'the bucket has no manifest'}; files are compared by size and"
                " ETag alone"
            )
        wanted = {path: _first(keys, listed, known) for path, keys in self._places.keys.items()}
        self._unnamed = _unnamed(wanted.values(), listed, known)
        self._compare(wanted)

    def _compare(self, wanted: Mapping[Path, There | None]) -> None:
        done = 0

        def heard(number: int) -> None:
            nonlocal done
            done += number
            self._progress("reading", done, len(wanted), "")

        found = dict(read_here(wanted, heard))
        for path, there in sorted(wanted.items()):
            here = found[path]
            if isinstance(here, PhotosError):
                self._failed.append(str(here))
            else:
                self._decide(path, there, here)

    def _decide(self, path: Path, there: There | None, here: Here | None) -> None:
        act, task = judge(there, here), None
        if here is not None and act is Act.REPAIR and self._is_as_published(path, here):
            act = Act.BESIDE  # whoever writes into the bucket must not reach what is here
        if there is not None and act is Act.BESIDE:
            task = self._beside(path, there)
        elif there is not None and act.fetches:
            task = Task(order=Order(there=there, path=path), here=here)
        size = task.order.there.size if task else 0
        self._verdicts.append(Verdict(key=self._places.keys[path][0], act=act, size=size))
        if task:
            self._tasks.append(task)

    def _is_as_published(self, path: Path, here: Here) -> bool:
        """Tell whether a file holds the bytes that this machine itself published last."""
        digest = self._published.remembered(path)
        return digest is not None and digest.untouched == here.sha256

    def _beside(self, path: Path, there: There) -> Task | None:
        """Plan for the bucket's version of a file that was changed here; it may lie there."""
        beside = path.with_name(name_beside(path.name))
        try:
            lies = look_at(beside, there)
        except PhotosError as error:
            self._failed.append(str(error))
            return None
        if lies is None and beside not in self._places.keys and not beside.is_symlink():
            return Task(order=Order(there=there, path=beside), here=None)
        if judge(there, lies) not in (Act.FINE, Act.OVERWRITTEN):
            self._failed.append(
                f"{path} was changed here, and the bucket's version has no place beside it:"
                f" {beside.name} is another file; compare the two, then remove it"
            )
        return None

    def carry_out(self) -> None:
        """Fetch what was decided."""
        parts = (task.order.part for task in self._tasks if task.order.is_resumed)
        atomic.sweep(self._places.root, frozenset(parts))
        landing = self._landing = Landing(self._bucket, self._tasks, self._progress)
        fetched = large_first(
            landing.fetch,
            self._tasks,
            lambda task: task.order.there.size,
            lambda: landing.refusals,
        )
        try:
            for task, answer in fetched:
                landing.land(task, answer)
        finally:
            landing.settle()

    def outcome(self, options: PullOptions) -> PullOutcome:
        """Say what came of it."""
        landing = self._landing
        return PullOutcome(
            verdicts=tuple(self._verdicts),
            failed=(*self._failed, *landing.failed),
            undone=0 if options.changes_nothing else len(self._tasks) - landing.landed,
            received=landing.received,
            unvouched=landing.unvouched,
            unnamed=self._unnamed,
            dry_run=options.dry_run,
            verify=options.verify,
        )


def _first(
    keys: Sequence[str], listed: Mapping[str, Remote], known: Mapping[str, Known]
) -> There | None:
    """Find the object of a file that several pages may name."""
    found = (there_of(key, listed, known) for key in keys)
    return next((there for there in found if there is not None), None)


def _unnamed(
    wanted: Iterable[There | None], listed: Mapping[str, Remote], known: Mapping[str, Known]
) -> int:
    """Count the originals of the bucket that no page here names."""
    named = {public_key(there.key) for there in wanted if there is not None}
    return sum(
        entry.role is Role.ORIGINAL and key in listed and key not in named
        for key, entry in known.items()
    )


def _silent(_what: str, _done: int, _of: int, _size: str) -> None:
    """Show nothing."""
