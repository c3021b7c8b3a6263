"""The site around the plugin: its settings, and how a build ends that cannot go on."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import TemplateNotFound

from pelican_photos.errors import PhotosError, SettingsError
from pelican_photos.settings import Settings, settings_of

logger = logging.getLogger(__name__)

_CONFIGURATION = "pelicanconf.py"


@contextmanager
def one_line_errors() -> Iterator[None]:
    """End the build with one sentence where Pelican would print a traceback."""
    try:
        yield
    except TemplateNotFound as error:  # an OSError, to Jinja
        logger.critical("a template brings %s, which is not there", error)
        raise SystemExit(1) from None
    except OSError as error:  # a full disk, while Pelican itself writes a page
        logger.critical("%s: %s", error.filename or "the site", error.strerror or error)
        raise SystemExit(1) from None
    except PhotosError as error:
        logger.critical("%s", error)
        raise SystemExit(error.exit_status) from None


def site_settings(settings: Mapping[str, Any]) -> Settings:
    """Read the settings of a site; its root is the folder of ``pelicanconf.py``.

    A site that is configured otherwise has its root above its content.

    Raises:
        SettingsError: a setting is wrong.
    """
    content = Path(os.path.abspath(settings["PATH"]))  # noqa: PTH100 - a link to content stays here
    above = (
        folder for folder in (content, *content.parents) if (folder / _CONFIGURATION).is_file()
    )
    return settings_of(settings, next(above, content.parent))


def read_stylesheet(name: str, root: Path) -> str:
    """Read the site's own style sheet; ``name`` is below the site's root, "" for none.

    Raises:
        SettingsError: it cannot be read, or would end the element that it is put into.
    """
    if not name:
        return ""
    try:
        text = (root / name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"PHOTOS_STYLESHEET: {name} cannot be read: {error}") from error
    if "</" in text:
        raise SettingsError(f"PHOTOS_STYLESHEET: {name} holds </, which no style sheet may")
    return text
