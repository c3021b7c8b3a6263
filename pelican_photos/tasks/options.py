"""Options as people type them: texts, until they are read here."""

from pelican_photos.errors import SettingsError

_MANY = 10**9


def whole_number(option: str, text: str, least: int, most: int = _MANY) -> int:
    """Read a number of an option.

    Raises:
        SettingsError: it is none, or lies out of its range.
    """
    if not text.isdecimal() or not least <= int(text) <= most:
        wanted = f"a number from {least} to {most}" if most < _MANY else f"{least} or more"
        raise SettingsError(f"{option} {text}: should be {wanted}")
    return int(text)
