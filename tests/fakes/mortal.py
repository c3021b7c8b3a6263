"""Imports that die: each time just before one more file gets its name or loses it.

    python -m fakes.mortal TEMPLATE FOLDER [SOURCE…]

imports into a copy of the site TEMPLATE, ``FOLDER/1``, and dies before the first step; into
``FOLDER/2``, and dies before the second; until an import lives to its end.  Into each
copy but that one it imports once more, as its owner would.  Without a SOURCE it asks Instagram.
"""

import gc
import io
import os
import shutil
import sys
from pathlib import Path

import instaloader  # noqa: F401 - loaded once, before the forks
from PIL import Image
from rich.console import Console

from pelican_photos.atomic import PARTIAL
from pelican_photos.import_command import Request, run_import
from pelican_photos.settings import settings_of
from pelican_photos.sources import instagram, instagram_export, instaloader_folder  # noqa: F401 - as above
from pelican_photos.terminal import Display

KILLED = 137


def run(site: Path, sources: tuple[Path, ...]) -> bool:
    """Import; returns whether nothing is missing."""
    display = Display(Console(file=io.StringIO()))
    return not run_import(settings_of({}, site), Request(sources=sources), display).incomplete


def die_before(step: int) -> None:
    """End this process before a file gets its name, or loses it, for the n-th time."""
    taken = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal taken
        # A temporary file is removed also where there is none; that is no step.
        if event == "os.rename" or (event == "os.remove" and PARTIAL not in str(arguments[0])):
            taken += 1
            if taken == step:
                os._exit(KILLED)

    sys.addaudithook(watch)


def in_a_fork(site: Path, sources: tuple[Path, ...], step: int = 0) -> int:
    """Import in a process of its own; gives the status it ended with."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        if step:
            die_before(step)
        os._exit(0 if run(site, sources) else 1)
    finally:  # an exception was printed by nobody
        sys.excepthook(*sys.exc_info())
        os._exit(3)


def main() -> None:
    template, folder, *sources = map(Path, sys.argv[1:])
    Image.init()
    gc.freeze()  # what every fork shares is not looked through by each
    for step in range(1, 1000):
        site = folder / str(step)
        shutil.copytree(template, site)
        ended = in_a_fork(site, tuple(sources), step)
        if ended == 0:
            print(step - 1)
            return
        again = in_a_fork(site, tuple(sources))
        if ended != KILLED or again:
            raise SystemExit(f"step {step} ended with {ended}, the next run with {again}")


if __name__ == "__main__":
    main()
