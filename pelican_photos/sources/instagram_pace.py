"""Instaloader, kept quiet and polite: it prints nothing, and never waits unannounced."""

import logging
import random
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from instaloader import InstaloaderContext, RateController
from instaloader.exceptions import BadResponseException, ConnectionException

from pelican_photos.errors import RateLimited
from pelican_photos.sources.instagram_errors import SLOW_DOWN, meaning_of

_log = logging.getLogger(__name__)

_NOTEWORTHY = 5.0  # seconds; a shorter wait is the ordinary pace
_LONGEST_WAIT = timedelta(days=7)  # what we believe of a Retry-After
_TIMEOUT = 60.0  # seconds for one request


class Polite(RateController):
    """Instaloader's own limits; a 429 ends the run at once, unless ``wait`` was asked for."""

    def __init__(
        self,
        context: InstaloaderContext,
        *,
        notice: Callable[[str], None],
        pause: Callable[[float], None],
        wait: bool,
    ) -> None:
        super().__init__(context)
        self._notice = notice
        self._pause = pause
        self._wait = wait

    def sleep(self, secs: float) -> None:
        """Wait; a wait that a person would notice is announced, with its end."""
        if secs > _NOTEWORTHY:
            until = datetime.now().astimezone() + timedelta(seconds=secs)
            self._notice(f"Waiting until {until:%H:%M:%S} to stay within Instagram's limits")
        self._pause(secs)

    def handle_429(self, query_type: str) -> None:
        """Stop, or announce the long wait.

        Raises:
            RateLimited: waiting was not asked for.
        """
        if not self._wait:
            raise RateLimited(SLOW_DOWN)
        self._notice("Instagram asks to slow down (429)")
        super().handle_429(query_type)


class QuietContext(InstaloaderContext):
    """Instaloader's connection to Instagram, with our pace and nothing on the terminal."""

    def __init__(
        self,
        *,
        delay: float | None,
        wait: bool,
        notice: Callable[[str], None],
        pause: Callable[[float], None],
    ) -> None:
        self._delay = delay
        self._pause = pause
        super().__init__(
            quiet=True,
            request_timeout=_TIMEOUT,
            rate_controller=lambda context: Polite(context, notice=notice, pause=pause, wait=wait),
        )

    def error(self, msg: str, repeat_at_end: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002 - Instaloader's signature
        """Keep what Instaloader would print for those who ask for debugging."""
        _log.debug("Instaloader: %s", msg)

    def load_session(self, username: str, sessiondata: Mapping[str, str]) -> None:
        """Use the cookies of a session from now on."""
        super().load_session(username, dict(sessiondata))  # type: ignore[no-untyped-call]  # as do_sleep

    def close(self) -> None:
        """End all connections."""
        super().close()  # type: ignore[no-untyped-call]  # as do_sleep

    def do_sleep(self) -> None:
        """Wait before a request: ``delay`` seconds on average, as irregularly as Instaloader."""
        if self._delay is None:
            super().do_sleep()  # type: ignore[no-untyped-call]  # Instaloader's is unannotated
        elif self._delay > 0:
            # As Instaloader's own: exponential, cut at nine times the mean.
            draw = random.expovariate(1 / self._delay)
            self._pause(min(draw, 9 * self._delay))

    def get_iphone_json(self, path: str, params: dict[str, Any]) -> dict[str, Any]:
        """Ask as Instaloader does, which would take an answer without comments for "none"."""
        answered: dict[str, Any] = super().get_iphone_json(path, params)
        wanted = re.search(r"/(comments|child_comments)/$", path.partition("?")[0])
        if wanted and not isinstance(answered.get(wanted[1]), list):
            raise BadResponseException("an answer without comments")
        return answered

    def get_json(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Ask as Instaloader does, and keep the time that a refusal names.

        Raises:
            RateLimited: with ``retry_at`` where Instagram said Retry-After.
        """
        headers = kwargs.get("response_headers")
        if headers is None:
            kwargs["response_headers"] = headers = {}
        try:
            return super().get_json(*args, **kwargs)
        except RateLimited as error:
            raise RateLimited(str(error), retry_time(headers)) from error
        except ConnectionException as error:
            if isinstance(error.__context__, KeyboardInterrupt):
                # Instaloader takes ^C during a retry for "skip this"; here it means "stop".
                raise KeyboardInterrupt from error
            refusal, retry_at = meaning_of(error), retry_time(headers)
            if isinstance(refusal, RateLimited) and retry_at is not None:
                raise RateLimited(str(refusal), retry_at) from error
            raise


def retry_time(headers: Mapping[str, str]) -> datetime | None:
    """Read Retry-After, in seconds or as a date; None when absent, odd, past or too far away."""
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    now = datetime.now(UTC)
    if re.fullmatch(r"[0-9]{1,9}", text):
        then = now + timedelta(seconds=int(text))
    else:
        try:
            then = parsedate_to_datetime(text)
        except (ValueError, IndexError, OverflowError):
            return None
        then = then.replace(tzinfo=then.tzinfo or UTC)
    return then if now < then <= now + _LONGEST_WAIT else None
