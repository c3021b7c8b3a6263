"""The Pelican site around us: where it is, what it is set to, and how it is built."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from pelican_photos.errors import PhotosError, SettingsError
from pelican_photos.settings import Settings, settings_of

DEVELOPMENT = "pelicanconf.py"
PRODUCTION = "publishconf.py"
_NO_CONTENT = "path containing the content"  # Pelican's words for a PATH that is no folder


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
    """Read what we are set to in a configuration file of the site.

    The file is run as Pelican runs it, but Pelican itself is not asked: its import takes longer
    than most tasks do, and what it adds or finds wanting is not ours.

    Raises:
        SettingsError: the file is missing, does not run, or sets something wrongly.
    """
    folder = root or find_root()
    with _one_line_errors(folder / configuration) as file:
        found = _run(file)
        found["PATH"] = Path(folder, found.get("PATH", ""))
        found["OUTPUT_PATH"] = Path(folder, found.get("OUTPUT_PATH", "output"))
        if not found["PATH"].is_dir():
            raise ValueError(_NO_CONTENT)
    return settings_of(found, folder)


def read_configuration(configuration: str, folder: Path) -> Mapping[str, Any]:
    """Read a configuration file with everything that it sets, and Pelican's own defaults.

    Raises:
        SettingsError: the file is missing, does not run, or is none for Pelican.
    """
    from pelican.settings import read_settings as read  # noqa: PLC0415 - a quarter of a second

    with _one_line_errors(folder / configuration) as file:
        return dict(read(str(file)))


def _run(file: Path) -> dict[str, Any]:
    """Run a configuration file, and give the names in capitals that it leaves."""
    # The name is taken before the file runs, so that one that imports itself does not begin anew.
    spec = spec_from_file_location(file.stem, file)
    assert spec
    assert spec.loader
    module = sys.modules[file.stem] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if name.isupper()}


@contextmanager
def _one_line_errors(file: Path) -> Iterator[Path]:
    """Lend a configuration file that is there, to be run; whatever it raises becomes one line."""
    if not file.is_file():
        raise SettingsError(f"{file} is missing")
    # A configuration file may import its neighbour, as publishconf.py does.
    sys.path.insert(0, str(file.parent))
    logging.disable(logging.WARNING)  # what Pelican thinks of feeds, the build says once
    try:
        yield file
    except ValueError as error:
        if _NO_CONTENT not in str(error):  # Pelican 4.12 speaks of its --help
            raise SettingsError(f"{file}: {error}") from error
        raise SettingsError(f"{file}: the folder that PATH names is missing; make it") from error
    except Exception as error:
        raise SettingsError(f"{file}: {type(error).__name__}: {error}") from error
    finally:
        logging.disable(logging.NOTSET)
        sys.path.remove(str(file.parent))
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
def watched(configuration: str, root: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Build the site, and build it again in the background whenever something changes.

    ``say`` hears of it, in a thread of its own, if that ends before the context does.
    """
    command = [sys.executable, "-m", "pelican_photos.rebuilding", configuration]
    over = threading.Event()

    def await_end(process: subprocess.Popen[bytes]) -> None:
        status = process.wait()
        if not over.is_set():
            say(f"Changes are not built any more, as the builder has ended ({status}); serve again")

    with _apart(command, root, None, stdin=subprocess.PIPE) as process:  # which ends with us
        threading.Thread(target=await_end, args=[process], daemon=True).start()
        try:
            yield
        finally:
            over.set()


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
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None,
    stdin: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603 - a list, no shell
        command, cwd=folder, env=environment, stdin=stdin, start_new_session=True
    )
    with process, _terminated_like_interrupted():
        try:
            yield process
        finally:
            process.terminate()
            process.wait()  # it may have a last word to say; leaving it would not wait long


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM unwind as Ctrl-C does, so that no program of ours stays behind.

    So does the end of the terminal, unless it is to be outlived (``nohup``).
    """
    numbers = [signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _pelican(configuration: str) -> list[str]:
    return [sys.executable, "-m", "pelican", "-s", configuration]
