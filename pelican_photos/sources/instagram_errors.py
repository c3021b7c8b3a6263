"""What Instaloader's exceptions mean, each as one sentence for a person.

Instaloader tells most refusals apart only by the text of a ``ConnectionException``,
and a changed answer of Instagram's reaches its caller as a bare ``TypeError``.
Nothing that came from the network is repeated in a message, save a status code.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import instaloader
import requests
from instaloader import exceptions as theirs

from pelican_photos.errors import (
    CheckpointNeeded,
    LoginNeeded,
    ProfileMissing,
    RateLimited,
    SourceError,
    SourceOutdated,
)

# What reading an answer of unknown shape raises, inside Instaloader.
ODD_ANSWER = (
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    ValueError,
    AssertionError,
    RecursionError,
)
_TROUBLE = (
    theirs.InstaloaderException,
    theirs.AbortDownloadException,
    requests.RequestException,
    *ODD_ANSWER,
)

_THIS = f"Instaloader {instaloader.__version__}"
_UPGRADE = (
    f"upgrade with pip install -U instaloader (this is {instaloader.__version__}), "
    "or import Instagram's data export"
)
HOW_TO_LOG_IN = "log in to instagram.com in Firefox, then run invoke login --cookies firefox"
EXPIRED = f"the Instagram session has expired: {HOW_TO_LOG_IN}"
SLOW_DOWN = "Instagram asks to slow down (429): what is imported stays, go on later"
OUTDATED = f"Instagram answers in a way that {_THIS} does not know: {_UPGRADE}"
_REFUSED = (
    "Instagram refuses for now (401): go on in some hours; "
    f"if this was the first request, {_UPGRADE}"
)
_CHECKPOINT = (
    "Instagram wants something confirmed: open instagram.com in the browser whose cookies "
    "the session has, confirm, and run invoke login again"
)
_DISTRUST = (
    "Instagram takes this for a robot (feedback_required): open instagram.com in a browser, "
    f"wait a day, and {_UPGRADE}"
)

# Instagram's word, wherever it stands in the answer.
_WORDS: tuple[tuple[str, type[SourceError], str], ...] = (
    ("checkpoint_required", CheckpointNeeded, _CHECKPOINT),
    ("challenge_required", CheckpointNeeded, _CHECKPOINT),
    ("feedback_required", CheckpointNeeded, _DISTRUST),
    ("login_required", LoginNeeded, EXPIRED),
    ("Redirected to login page", LoginNeeded, EXPIRED),
)
_STATUS = re.compile(r"(?:^|: )([1-5]\d\d) .*when accessing ", re.DOTALL)


@contextmanager
def explained(profile: str) -> Iterator[None]:
    """Turn whatever Instaloader raises into a ``SourceError``; ``profile`` is whom it is about."""
    try:
        yield
    except _TROUBLE as error:
        raise meaning_of(error, profile) from error


def meaning_of(error: BaseException, profile: str = "this profile") -> SourceError:
    """Say in one sentence what happened and what to do."""
    known = (meaning for kind, meaning in _MEANINGS if isinstance(error, kind))
    return next(known, _outdated)(error, profile)


def private(profile: str) -> str:
    """Say that a profile is private, and who may read it."""
    return f"{profile} is private: give a session file of its owner, or of a follower"


def _missing(_: BaseException, profile: str) -> SourceError:
    return ProfileMissing(
        f"{profile} does not exist, or Instagram hides it from this network: "
        "check the name, or give a session file"
    )


def _login(_: BaseException, profile: str) -> SourceError:
    return LoginNeeded(
        f"Instagram shows {profile} only to somebody who is logged in: {HOW_TO_LOG_IN}"
    )


def _refusal(error: BaseException, _: str) -> SourceError:
    """Tell refusals apart, by Instagram's own word where it gives one, else by status."""
    text = str(error)
    said = text.partition(" when accessing ")[0]  # an address may hold any word
    for word, kind, sentence in _WORDS:
        if word in said:
            return kind(sentence)
    found = _STATUS.search(text)
    status = int(found[1]) if found else 0
    if status == 429 or isinstance(error.__cause__, theirs.TooManyRequestsException):
        return RateLimited(SLOW_DOWN)
    if status == 401 or "Please wait a few minutes" in said:
        return RateLimited(_REFUSED)
    return _failure(error, status)


def _failure(error: BaseException, status: int) -> SourceError:
    if status >= 500:
        return SourceError(f"Instagram has trouble of its own ({status}): go on later")
    if status:
        return SourceOutdated(f"Instagram refuses this kind of request ({status}): {_UPGRADE}")
    if isinstance(error.__cause__, requests.JSONDecodeError):  # a page, perhaps
        return SourceOutdated(f"Instagram answers without data: {_UPGRADE}")
    return _unreachable(error.__cause__ or error, "")


def _misunderstood(_: BaseException, __: str) -> SourceError:
    return SourceOutdated(f"Instagram does not understand {_THIS} (400): {_UPGRADE}")


def _outdated(_: BaseException, __: str) -> SourceError:
    return SourceOutdated(OUTDATED)


def _unknown(error: BaseException, _: str) -> SourceError:
    return SourceError(f"{_THIS} gives up ({type(error).__name__}): {_UPGRADE}")


def _unreachable(error: BaseException, _: str) -> SourceError:
    return SourceError(
        f"Instagram cannot be reached ({type(error).__name__}): check the network, then go on"
    )


# The first that fits; what fits nowhere is an answer in an unknown dialect.
_MEANINGS: tuple[tuple[type[BaseException], Callable[[BaseException, str], SourceError]], ...] = (
    (
        theirs.PrivateProfileNotFollowedException,
        lambda _, profile: ProfileMissing(private(profile)),
    ),
    (theirs.ProfileNotExistsException, _missing),
    (theirs.LoginRequiredException, _login),
    (theirs.AbortDownloadException, _refusal),
    (theirs.ConnectionException, _refusal),
    (theirs.QueryReturnedBadRequestException, _misunderstood),
    (theirs.BadResponseException, _outdated),
    (theirs.InstaloaderException, _unknown),
    (requests.RequestException, _unreachable),
)
