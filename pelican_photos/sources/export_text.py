r"""The letters of an export's JSON: each byte of its UTF-8 was written as a character.

``"caf\u00c3\u00a9"`` is meant to read "café".  So it is in every JSON file since 2021, in
keys as well as values; never in the ``media.json`` of before, and never in HTML.
"""

from typing import Any

from pelican_photos.errors import SourceOutdated

_DEEPEST = 60  # lists and objects within each other; a post has some ten


def repaired(text: str) -> str:
    """Read a string's characters as the bytes that they stand for, once.

    A string that is no UTF-8 then, or has characters that are no bytes, is left as it is.
    """
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def repaired_all(value: Any, deepest: int = _DEEPEST) -> Any:
    """Repair each string in a JSON value, and each key.

    Raises:
        SourceOutdated: it is nested deeper than ``deepest``.
    """
    if isinstance(value, str):
        return repaired(value)
    if not isinstance(value, list | dict):
        return value
    if not deepest:
        raise SourceOutdated("nested far deeper than a post is")
    if isinstance(value, list):
        return [repaired_all(item, deepest - 1) for item in value]
    return {repaired(key): repaired_all(item, deepest - 1) for key, item in value.items()}
