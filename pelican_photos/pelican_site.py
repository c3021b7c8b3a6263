"""The Pelican site around us: where it is, what it is set to, and how it is built."""

import logging
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pelican_photos.errors import PhotosError, SettingsError
from pelican_photos.settings import Settings, settings_of

DEVELOPMENT = "pelicanconf.py"
PRODUCTION = "publishconf.py"


def find_root(start: Path | None = None) -> Path:
    """Find the folder that holds ``pelicanconf.py``: this one, or the nearest above.

    Raises:
        SettingsError: there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / DEVELOPMENT).is_file():
            return folder
    raise SettingsError(f"no {DEVELOPMENT} in {here} or above it; run this in your site's folder")


def read_settings(configuration: str = DEVELOPMENT, root: Path | None = None) -> Settings:
    """Read a configuration file of the site as Pelican does.

    Raises:
        SettingsError: the file is missing, does not run, or sets something wrongly.
    """
    folder = root or find_root()
    return settings_of(read_configuration(configuration, folder), folder)


def read_configuration(configuration: str, folder: Path) -> Mapping[str, Any]:
    """Read a configuration file with everything that it sets.

    Raises:
        SettingsError: the file is missing, or does not run.
    """
    from pelican.settings import read_settings as read  # noqa: PLC0415 - a quarter of a second

    file = folder / configuration
    if not file.is_file():
        raise SettingsError(f"{file} is missing")
    # A configuration file may import its neighbour, as publishconf.py does.
    sys.path.insert(0, str(folder))
    logging.disable(logging.WARNING)  # what Pelican thinks of feeds, the build says once
    try:
        return dict(read(str(file)))
    except ValueError as error:
        if "path containing the content" not in str(error):  # Pelican 4.12 speaks of its --help
            raise SettingsError(f"{file}: {error}") from error
        raise SettingsError(f"{file}: the folder that PATH names is missing; make it") from error
    except Exception as error:
        raise SettingsError(f"{file}: {type(error).__name__}: {error}") from error
    finally:
        logging.disable(logging.NOTSET)
        sys.path.remove(str(folder))
        sys.modules.pop(Path(DEVELOPMENT).stem, None)  # another site has another one


def build(configuration: str, root: Path) -> None:
    """Build the site as ``pelican -s <configuration>`` does, in a process of its own.

    Raises:
        PhotosError: Pelican said why, and ended with an error.
    """
    if run_apart(_pelican(configuration), root):
        raise PhotosError(
            f"Pelican could not build the site with {configuration}; it says why above"
        )


@contextmanager
def watched(configuration: str, root: Path) -> Iterator[None]:
    """Build the site, and build it again in the background whenever something changes."""
    with _apart([*_pelican(configuration), "--autoreload"], root, None):
        yield


def run_apart(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> int:
    """Run a program to its end and give its status; it ends with us, whatever ends us.

    Ctrl-C reaches us alone: a program that is interrupted while it starts would answer
    with a traceback of its own.
    """
    with _apart(command, folder, environment) as process:
        return process.wait()


@contextmanager
def _apart(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603 - a list, no shell
        command, cwd=folder, env=environment, start_new_session=True
    )
    with process, _terminated_like_interrupted():
        try:
            yield process
        finally:
            process.terminate()


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM unwind as Ctrl-C does, so that no program of ours stays behind."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _pelican(configuration: str) -> list[str]:
    return [sys.executable, "-m", "pelican", "-s", configuration]
