"""Which source a request is about: the only place that knows the concrete ones."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pelican_photos.errors import SettingsError
from pelican_photos.link_queue import QueueState
from pelican_photos.profile_picture import store_profile_picture
from pelican_photos.report import Report
from pelican_photos.settings import Settings
from pelican_photos.sources import Source
from pelican_photos.sources.instagram_address import read_address
from pelican_photos.storing import Site
from pelican_photos.terminal import Display

if TYPE_CHECKING:
    from pelican_photos.import_command import Request
    from pelican_photos.sources.export_links import Kind
    from pelican_photos.sources.instagram import Instagram

Open = Callable[[Site], AbstractContextManager[Source]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One way in; ``live`` where Instagram itself is asked, and may ask for a pause."""

    open: Open
    live: bool = True


def doors_of(
    settings: Settings, request: "Request", display: Display, report: Report
) -> list[Door]:
    """Choose the doors that a request names; nothing is asked of Instagram yet.

    Raises:
        SettingsError: the request contradicts itself, or names what is not there.
    """
    _check(request)
    way_in = _WayIn(settings, request, display, report)
    if request.posts:
        return [Door(open=way_in.single_posts)]
    if request.sources and (request.saved or request.liked):
        return way_in.queues()
    if request.saved:
        return [Door(open=way_in.saved_posts)]
    if request.sources:
        return way_in.local()
    return [Door(open=way_in.timeline)]


def _check(request: "Request") -> None:
    for path in request.sources:
        if not path.exists():
            raise SettingsError(f"--source {path}: there is no such file or folder")
    if request.liked and not request.sources:
        raise SettingsError(
            "--liked: Instagram lists what you liked in its export only; name it with --source"
        )
    if request.stories and (not request.sources or request.saved or request.liked):
        raise SettingsError("--stories: only Instagram's export has them; name it with --source")
    for address in request.posts:
        read_address(address)
    if request.posts and (request.sources or request.saved or request.liked):
        raise SettingsError("--post: goes without --source, --saved and --liked")
    if request.comments_of_days and (
        request.posts or request.sources or request.saved or request.liked
    ):
        raise SettingsError("--comments-only: asks the live profile, so it goes without a source")


class _WayIn:
    """Opens sources for one request."""

    def __init__(
        self, settings: Settings, request: "Request", display: Display, report: Report
    ) -> None:
        self._settings = settings
        self._request = request
        self._display = display
        self._report = report

    def timeline(self, _site: Site) -> AbstractContextManager[Source]:
        """Open the profile itself."""
        return self._instagram()

    @contextmanager
    def single_posts(self, _site: Site) -> Iterator[Source]:
        """Open the addresses that were given."""
        from pelican_photos.sources.instagram_single import (  # noqa: PLC0415 - loads Instaloader
            SinglePosts,
        )

        with self._instagram(for_links=True) as instagram:
            source = SinglePosts(instagram, self._request.posts, notice=self._display.say)
            yield source
            self._report.absent.update(source.missing)

    @contextmanager
    def saved_posts(self, site: Site) -> Iterator[Source]:
        """Open what the owner saved."""
        from pelican_photos.sources.instagram_saved import SavedPosts  # noqa: PLC0415 - as above

        with self._instagram() as instagram:
            source = SavedPosts(instagram, known=site.ledger)
            yield source
            self._report.notes += [f"{at}: {why}" for at, why in source.missing.items()]

    def queues(self) -> list[Door]:
        """Open the links of an export: those of what was saved, and of what was liked."""
        wanted: dict[Kind, bool] = {"saved": self._request.saved, "liked": self._request.liked}
        return [Door(open=partial(self._queue, kind)) for kind in wanted if wanted[kind]]

    def local(self) -> list[Door]:
        """Open what lies on this machine: all parts of exports together, each folder alone."""
        from pelican_photos.sources.instagram_export import detect  # noqa: PLC0415 - not for live

        exports = [path for path in self._request.sources if detect(path)]
        folders = [path for path in self._request.sources if path not in exports]
        for path in folders:
            if path.is_file():
                raise SettingsError(
                    f"--source {path}: is no export of Instagram's; name its zip, or a folder"
                )
        ways = [partial(self._export, exports)] if exports else []
        ways += [partial(self._folder, path) for path in folders]
        return [Door(open=way, live=False) for way in ways]

    @contextmanager
    def _queue(self, kind: "Kind", site: Site) -> Iterator[Source]:
        from pelican_photos.sources.export_links import links  # noqa: PLC0415 - as above
        from pelican_photos.sources.instagram_queue import LinkQueue  # noqa: PLC0415 - as above

        state = QueueState(self._settings.state, kind, per_day=self._settings.instagram_budget)
        found = links(self._request.sources, kind)
        with self._instagram(for_links=True) as instagram:
            source = LinkQueue(
                instagram, found, state=state, known=site.ledger, again=self._request.wish.missing
            )
            yield source
            self._report.notes += [f"{at}: {why}" for at, why in source.missing.items()]
            self._report.notes.append(f"{kind} posts: {source.left}")

    @contextmanager
    def _export(self, paths: list[Path], site: Site) -> Iterator[Source]:
        from pelican_photos.sources.instagram_export import (  # noqa: PLC0415 - as above
            InstagramExport,
        )

        source = InstagramExport(paths, stories=self._request.stories)
        yield source
        if source.advice:
            self._report.notes.append(source.advice)
        picture = source.profile_picture()
        if picture is not None and not self._request.wish.dry_run:
            note = store_profile_picture(source, picture, site.library.folder)
            self._report.notes += [note] if note else []

    @contextmanager
    def _folder(self, path: Path, _site: Site) -> Iterator[Source]:
        from pelican_photos.sources.instaloader_folder import (  # noqa: PLC0415 - as above
            InstaloaderFolder,
        )

        yield InstaloaderFolder(path, owner=self._request.profile)

    def _instagram(self, *, for_links: bool = False) -> "Instagram":
        from pelican_photos.sources.instagram import Instagram  # noqa: PLC0415 - as above

        settings, request = self._settings, self._request
        session = request.session
        if session is None and settings.instagram_session:
            session = settings.root / Path(settings.instagram_session).expanduser()
        return Instagram.open(
            profile=request.profile or settings.instagram_profile,
            session=session,
            delay=settings.instagram_delay if settings.instagram_delay >= 0 else None,
            notice=self._display.say,
            wait=request.wait,
            for_links=for_links,
        )
