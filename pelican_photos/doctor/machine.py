"""Checks of this machine: Instagram's session, and the programs that some things need."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

from pelican_photos.doctor.finding import Finding, bad, ok, unknown
from pelican_photos.doctor.site import Site
from pelican_photos.errors import LoginNeeded, SettingsError


def session(site: Site) -> Iterator[Finding]:
    """Whether a live import could log in, as far as the file tells; Instagram is not asked."""
    from pelican_photos.sources.instagram_session import (  # noqa: PLC0415 - instaloader
        find_session,
        read_session,
    )

    configured = site.settings.instagram_session
    path = (
        site.root / Path(configured).expanduser()
        if configured
        else find_session(site.settings.instagram_profile)
    )
    if path is None:
        yield unknown(
            "session",
            "there is none of Instagram's on this machine",
            "`invoke login` keeps one, for an import from a live profile; an export needs none",
        )
        return
    try:
        read_session(path)
    except (SettingsError, LoginNeeded) as error:
        yield bad("session", str(error), "`invoke login` makes a new one")
    else:
        yield ok("session", f"{path.name} can be read; whether Instagram takes it, an import tells")


def tools(_site: Site) -> Iterator[Finding]:
    """What posters of films and pictures of phones need."""
    if shutil.which("ffmpeg"):
        yield ok("ffmpeg", "is installed, and draws posters of films")
    else:
        yield unknown(
            "ffmpeg",
            "is not installed, so that a film gets no poster of its own",
            "install it, on Debian with: apt-get install ffmpeg",
        )
    if importlib.util.find_spec("pillow_heif"):
        yield ok("HEIC", "pictures of phones can be read")
    else:
        yield unknown(
            "HEIC",
            "pictures of phones cannot be read",
            "pip install 'pelican-photostream[heic]', if you have some",
        )
