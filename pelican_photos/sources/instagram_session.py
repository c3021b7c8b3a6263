"""Instaloader's session files: cookies in a pickle, read without trusting the pickle.

Nothing here logs a session, or puts any part of one in a message.
"""

import io
import os
import pickle
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from instaloader.instaloader import get_default_session_filename

from pelican_photos.errors import LoginNeeded, SettingsError
from pelican_photos.sources.instagram_errors import HOW_TO_LOG_IN

NEEDED = ("sessionid", "ds_user_id", "csrftoken")
_LARGEST = 1_000_000  # bytes; a real one has some hundred
_COOKIE = re.compile(r"[!-~ ]*")  # a line break would forge a header

# What unpickling anything but a pickle raises.
_BROKEN = (
    pickle.UnpicklingError,
    EOFError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ImportError,
    OverflowError,
    MemoryError,
    RecursionError,
)


class _PlainUnpickler(pickle.Unpickler):
    """Reads dicts, texts and numbers: whatever names a class or a function is refused."""

    def find_class(self, module_name: str, global_name: str, /) -> NoReturn:  # noqa: ARG002 - pickle's signature
        raise pickle.UnpicklingError("it names code")


def find_session(profile: str) -> Path | None:
    """Give Instaloader's own session file of a profile; without a name, the only one there is."""
    if profile:
        path = own_place(profile)
        return path if path.is_file() else None
    found = [path for path in own_place("").parent.glob("session-*") if path.is_file()]
    return found[0] if len(found) == 1 else None


def own_place(username: str) -> Path:
    """Give the path at which Instaloader keeps the session of a user."""
    return Path(get_default_session_filename(username))


def packed(cookies: Mapping[str, str]) -> bytes:
    """Write cookies as ``Instaloader.save_session_to_file`` does, and reads them back."""
    return pickle.dumps(dict(cookies))


def read_session(path: Path) -> dict[str, str]:
    """Read the cookies of a session file.

    Raises:
        SettingsError: the file is missing or unreadable, or is no session file.
        LoginNeeded: it is a session file, of somebody who is not logged in.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(_LARGEST + 1)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise SettingsError(f"session file {path}: {reason}; {HOW_TO_LOG_IN}") from error
    cookies = _cookies_in(packed)
    if cookies is None:
        raise SettingsError(
            f"session file {path} is refused: it holds something else than the cookies of "
            f"Instaloader; {HOW_TO_LOG_IN}"
        )
    if any(not cookies.get(name) for name in NEEDED):
        raise LoginNeeded(f"session file {path} is of nobody who is logged in: {HOW_TO_LOG_IN}")
    return cookies


def _cookies_in(packed: bytes) -> dict[str, str] | None:
    if len(packed) > _LARGEST:
        return None
    try:
        content = _PlainUnpickler(io.BytesIO(packed)).load()
    except _BROKEN:
        return None
    if type(content) is not dict:
        return None
    cookies = {name: _text(value) for name, value in content.items() if type(name) is str}
    if len(cookies) != len(content) or None in cookies.values():
        return None
    return {name: value for name, value in cookies.items() if value is not None}


def _text(value: Any) -> str | None:
    """Give a plain value as the text of a cookie; None for whatever is not plain."""
    if type(value) not in (str, int, float, bool):
        return None
    text = str(value)
    return text if _COOKIE.fullmatch(text) else None
