"""Reading JSON in which anything may stand anywhere: each verb takes any value at all.

What is not what was hoped for reads as nothing of its type: None, 0, "", an empty
mapping.  Nothing here raises.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_END_OF_TIME = 2**33  # seconds, in the year 2242; a time in milliseconds is larger


def as_mapping(value: object) -> Mapping[str, Any]:
    """Read a JSON object."""
    return value if isinstance(value, Mapping) else {}


def as_mappings(value: object) -> list[Mapping[str, Any]]:
    """Read a list of JSON objects, and leave out of it what is none."""
    entries = value if isinstance(value, list) else []
    return [entry for entry in entries if isinstance(entry, Mapping)]


def edge_nodes(connection: object) -> list[Mapping[str, Any]]:
    """Read GraphQL's ``{"edges": [{"node": …}]}``."""
    edges = as_mappings(as_mapping(connection).get("edges"))
    return [as_mapping(edge.get("node")) for edge in edges]


def overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one object over another; a null in the upper one covers nothing."""
    return {**below, **{key: value for key, value in above.items() if value is not None}}


def as_time(*candidates: object) -> datetime | None:
    """Read the first that is a time: Unix seconds, as a number or its digits."""
    for value in candidates:
        seconds = as_number(value)
        if seconds is not None and 0 < seconds < _END_OF_TIME:
            return datetime.fromtimestamp(int(seconds), UTC)
    return None


def as_number(value: object) -> float | None:
    """Read a number or its decimal digits; a truth value is no number."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # JSON allows integers too large for a float, and Python's reads NaN and Infinity.
    return float(value) if abs(value) < 1e300 else None


def as_count(*candidates: object) -> int | None:
    """Read the first that is a whole number, not below zero."""
    for value in candidates:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
            return value
    return None


def as_size(width: object, height: object) -> tuple[int, int] | None:
    """Read pixels across and down, both above zero."""
    across, down = as_count(width), as_count(height)
    return (across, down) if across and down else None


def as_id(value: object) -> str:
    """Read an identifier that is a number in one place, and a string in another."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 < value < 2**64 else ""
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def as_address(value: object) -> str:
    """Read an address on the web."""
    text = value if isinstance(value, str) else ""
    return text if text.startswith(("https://", "http://")) else ""


def as_text(value: object) -> str:
    """Compose the characters (NFC), and part with those that no file or feed can hold.

    Half a surrogate pair becomes U+FFFD; control characters that XML forbids go.
    """
    if not isinstance(value, str):
        return ""
    whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unicodedata.normalize("NFC", _UNWRITABLE.sub("", whole))


def as_line(value: object) -> str:
    """Read a text as one line: a run of spaces, line ends and control characters is a space."""
    return _CONTROL.sub(" ", as_text(value)).strip()
