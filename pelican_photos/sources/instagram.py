"""Live Instagram: a profile's posts, read with Instaloader, fetched on our own.

Instaloader's own download loop skips a post whose picture was refused and
never comes back to it; so only its iterators are used here.  Each post is read
from the raw node that the timeline brought: it costs no request of its own.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Self

import instaloader
from instaloader import exceptions as theirs

from pelican_photos.errors import (
    LoginNeeded,
    PostMissing,
    ProfileMissing,
    SettingsError,
    SourceError,
    SourceOutdated,
)
from pelican_photos.model import Comment, Post, Unreadable
from pelican_photos.sources.instagram_discussion import Discussion
from pelican_photos.sources.instagram_download import BACK_OFF, Downloads
from pelican_photos.sources.instagram_errors import HOW_TO_LOG_IN, explained, private
from pelican_photos.sources.instagram_json import LIVE, SILENT, post_of
from pelican_photos.sources.instagram_login import USERNAME, log_in
from pelican_photos.sources.instagram_pace import QuietContext
from pelican_photos.sources.instagram_session import find_session, read_session
from pelican_photos.sources.instagram_share import leads_to
from pelican_photos.sources.instagram_timeline import UID, Timeline, says_gone

# The list of saved posts brings pictures whole, but without these.
_SILENT_IN_A_STUB = SILENT | {"coauthors", "location", "music", "people"}


class Instagram:
    """A profile on Instagram; close it, or use it in a ``with`` statement."""

    name = "Instagram"
    live = True  # each answer costs a request, and addresses expire
    whole = True  # a timeline shows every post of the grid

    def __init__(
        self,
        context: QuietContext,
        *,
        username: str,
        session: instaloader.Profile | None,
        downloads: Downloads,
        discussion: Discussion,
    ) -> None:
        self._context = context
        self._username = username
        self._session = session
        self._known = session if session is not None and session.username == username else None
        self._downloads = downloads
        self._discussion = discussion

    @classmethod
    def open(  # noqa: PLR0913 - all by name, and all but one with a default
        cls,
        *,
        notice: Callable[[str], None],
        profile: str = "",
        session: Path | None = None,
        delay: float | None = None,
        wait: bool = False,
        for_links: bool = False,
        pause: Callable[[float], None] = time.sleep,
    ) -> Self:
        """Open a profile: with a session file, else with Instaloader's own one, else anonymously.

        Args:
            notice: is told, in one sentence, what a person should know on the way.
            profile: a handle; "" is the session's own.
            session: Instaloader's session file.
            delay: mean seconds between two requests, and before a broken download is tried
                again; None is Instaloader's own pace.
            wait: sit out a rate limit, instead of stopping with ``RateLimited``.
            for_links: single posts are all that is wanted, so nobody's name is needed.
            pause: sleeps for some seconds.

        Raises:
            SettingsError: the handle or the session file is missing or wrong.
            SourceError: the session is not accepted, or Instagram refuses.
        """
        username = _checked(profile)
        cookies = _cookies(username, session)
        if not cookies and not username and not for_links:
            raise SettingsError(
                "whose photos? Log in with the login task, or name a profile"
                " (--profile, PHOTOS_INSTAGRAM_PROFILE)"
            )

        with ExitStack() as undo:
            context = QuietContext(delay=delay, wait=wait, notice=notice, pause=pause)
            undo.enter_context(closing(context))
            own = log_in(context, cookies) if cookies else None
            if own is not None:
                notice(f"Logged in to Instagram as {own.username}")
                username = username or own.username
            undo.pop_all()
        return cls(
            context,
            username=username,
            session=own,
            downloads=_downloads(context, delay, pause),
            discussion=Discussion(context),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all connections."""
        self._context.close()
        self._downloads.close()

    @property
    def skipped(self) -> Mapping[str, int]:
        """Nothing: a timeline holds posts only."""
        return {}

    @property
    def own_names(self) -> frozenset[str]:
        """Whose posts are not foreign, in small letters: the session's user, and the profile's."""
        session = str(self._session.username).lower() if self._session is not None else ""
        return frozenset({self._username.lower(), session} - {""})

    def expected(self) -> int | None:
        """Give the number of posts that the profile's page shows."""
        profile = self._profile()
        with explained(self._username):
            if self._context.is_logged_in:
                # The one request behind it is one that reading the timeline makes anyway.
                try:
                    count: Any = profile.mediacount
                except KeyError:
                    return None
            else:
                # Where the page does not say it, an endpoint is that refuses most networks.
                count = instaloader.get_json_structure(profile)["node"].get("all_media_count")
        return count if isinstance(count, int) else None

    def posts(self) -> Iterator[Post | Unreadable]:
        """Yield each post of the profile: pinned ones first, then newest first.

        Raises:
            SourceError: also when Instagram stops before the end of what it announced.
        """
        timeline = Timeline(
            self._nodes(), username=self._username, anonymous=not self._context.is_logged_in
        )
        yield from timeline.entries()
        if timeline.has_more or (not timeline.reached and self.expected()):
            raise SourceError(
                f"Instagram stopped showing the posts of {self._username} after "
                f"{timeline.reached}: go on later"
            )

    def saved(self) -> Timeline:
        """Ask for the posts that the session's user saved, the last saved first.

        A node of it may be a mere stub, which reads as ``Unreadable`` or names no owner.

        Raises:
            LoginNeeded: there is no session, and nobody else sees what somebody saved.
        """
        if self._session is None:
            raise LoginNeeded(
                f"Instagram shows saved posts only to whoever saved them: {HOW_TO_LOG_IN}"
            )
        username = str(self._session.username)
        with explained(username):
            nodes = self._session.get_saved_posts()
        return Timeline(nodes, username=username, anonymous=False, silent=_SILENT_IN_A_STUB)

    def leads_to(self, share: str) -> str:
        """Give the shortcode that a share link leads to; see ``instagram_share``."""
        self._context.do_sleep()
        return leads_to(share, user_agent=self._context.user_agent)

    def knows(self, uid: str) -> bool:
        """Whether a Uid holds a shortcode."""
        return UID.fullmatch(uid) is not None

    def refresh(self, uid: str) -> Post | Unreadable:
        """Ask for one post anew; its addresses are fresh.

        Raises:
            PostMissing: it is deleted, or private to this session.
        """
        found = UID.fullmatch(uid.partition("#")[0])
        if found is None:
            raise PostMissing(f"{uid[:80]!r} is no post of Instagram's")
        gone = f"https://www.instagram.com/p/{found[1]}/ is deleted or private"
        with explained(self._username or "this post"):
            try:
                post = instaloader.Post.from_shortcode(self._context, found[1])
            except (theirs.PostChangedException, theirs.QueryReturnedNotFoundException) as error:
                raise PostMissing(gone) from error
            except theirs.BadResponseException as error:
                if not says_gone(error):
                    raise
                raise PostMissing(gone) from error
            node = instaloader.get_json_structure(post)["node"]
        try:
            return post_of(node, edition=LIVE)
        except SourceOutdated as error:
            return Unreadable(uid=uid, reason=str(error), raw=node)

    def fetch(self, address: str) -> Iterator[bytes]:
        """Yield a picture or video in pieces; see ``Downloads.fetch``."""
        return self._downloads.fetch(address)

    def comments(self, post: Post) -> tuple[Comment, ...] | None:
        """Give the comments of a post; see ``Discussion.comments``."""
        return self._discussion.comments(post)

    def _profile(self) -> instaloader.Profile:
        """Look a profile up by its page, once; the session's own is known already."""
        if self._known is None:
            with explained(self._username):
                try:
                    self._known = instaloader.Profile.from_username(self._context, self._username)
                except theirs.AbortDownloadException as error:
                    if "Redirected to login page" not in str(error):
                        raise
                    # Instaloader reads this page anonymously: it says nothing about the session.
                    raise ProfileMissing(
                        f"Instagram hides the page of {self._username} from this network: go on "
                        "in some hours, or give the session file of the profile itself"
                    ) from error
        return self._known

    def _nodes(self) -> instaloader.NodeIterator[instaloader.Post]:
        """Ask for the first page of the timeline."""
        profile = self._profile()
        with explained(self._username):
            try:
                return profile.get_posts()
            except theirs.LoginRequiredException as error:
                if not profile.is_private:
                    raise
                raise ProfileMissing(private(self._username)) from error


def _cookies(username: str, session: Path | None) -> dict[str, str]:
    """Read a session file, else Instaloader's own one of a user; empty without one."""
    path = session or find_session(username)
    return read_session(path) if path else {}


def _downloads(
    context: QuietContext, delay: float | None, pause: Callable[[float], None]
) -> Downloads:
    back_off = BACK_OFF if delay is None else (delay, 4 * delay)
    return Downloads(user_agent=context.user_agent, back_off=back_off, pause=pause)


def _checked(profile: str) -> str:
    username = profile.strip().removeprefix("@").lower()
    if username and not USERNAME.fullmatch(username):
        raise SettingsError(f"{profile[:80]!r} is no handle of Instagram's, such as some.one_2")
    return username
