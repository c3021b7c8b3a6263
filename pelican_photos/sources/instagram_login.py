"""Whose cookies these are: one request, asked with Instaloader."""

import re
from collections.abc import Callable, Mapping
from contextlib import closing

import instaloader

from pelican_photos.errors import LoginNeeded, SourceOutdated
from pelican_photos.sources.instagram_errors import EXPIRED, OUTDATED, explained
from pelican_photos.sources.instagram_pace import QuietContext

USERNAME = re.compile(r"[A-Za-z0-9._]{1,30}")


def log_in(context: QuietContext, cookies: Mapping[str, str]) -> instaloader.Profile:
    """Use the cookies of a session from now on, and learn whose it is: one request.

    Raises:
        LoginNeeded: Instagram does not accept them any more.
        SourceError: it refuses, or cannot be reached.
    """
    context.load_session("the session", cookies)
    with explained("the session"):
        try:
            own: instaloader.Profile = instaloader.Profile.own_profile(context)
        except TypeError as error:  # there is no profile in the answer
            if context.test_login() is not None:
                raise
            raise LoginNeeded(EXPIRED) from error
        context.username = own.username
    if not USERNAME.fullmatch(own.username):  # it goes into messages and addresses
        raise SourceOutdated(OUTDATED)
    return own


def whose(
    cookies: Mapping[str, str],
    *,
    notice: Callable[[str], None],
    pause: Callable[[float], None],
) -> str:
    """Give the user name of the account that cookies belong to; raises as ``log_in`` does."""
    context = QuietContext(delay=0, wait=False, notice=notice, pause=pause)
    with closing(context):
        return str(log_in(context, cookies).username)
