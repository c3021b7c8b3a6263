"""The modules of a site's own that its settings import: read anew each time, and watched."""

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb


class SiteModules:
    """What the settings in a folder have imported from below it.

    Python imports a module once, so that settings that are read again would get the old one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Path] = {}
        self._mistaken: set[Path] = set()  # those that could not be imported

    @property
    def files(self) -> Sequence[Path]:
        """The files of all that were imported last, or would have been but for a mistake."""
        return sorted({*self._known.values(), *self._mistaken})

    @contextmanager
    def imported_anew(self) -> Iterator[None]:
        """Let settings be read with the modules as they are now."""
        for name in self._known:
            _forget(name)
        gc.collect()  # a plugin among them is connected for as long as it is there
        there, before = set(sys.modules), self._known
        self._known, self._mistaken = {}, set()
        try:
            yield
        except BaseException as error:
            # What was not reached this time will be, once the mistake is mended.
            self._known = before
            self._mistaken = set(filter(self._is_ours, map(Path, _files_of(error))))
            raise
        finally:
            self._known = self._known | self._imported_since(there)

    def _imported_since(self, there: set[str]) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for name in sys.modules.keys() - there:
            file = getattr(sys.modules[name], "__file__", None)
            is_package = name.partition(".")[0] == __package__  # which may be checked out here
            if isinstance(file, str) and self._is_ours(Path(file)) and not is_package:
                found[name] = Path(file)
        return found

    def _is_ours(self, file: Path) -> bool:
        """Tell whether a file is the site's own, and not of an environment in its folder."""
        inside = [Path(each) for each in (sys.prefix, sys.base_prefix)]
        inside = [each for each in inside if each.is_relative_to(self._folder)]
        installed = "site-packages" in file.parts or any(map(file.is_relative_to, inside))
        return file.is_relative_to(self._folder) and not installed


def _forget(name: str) -> None:
    """Take a module out, and out of its package: ``from package import module`` looks there."""
    sys.modules.pop(name, None)
    package, _, last = name.rpartition(".")
    getattr(sys.modules.get(package), "__dict__", {}).pop(last, None)


def _files_of(error: BaseException) -> Iterator[str]:
    """Yield the files that an error went through, and the one that is no Python."""
    for frame, _ in walk_tb(error.__traceback__):
        yield frame.f_code.co_filename
    if isinstance(error, SyntaxError) and error.filename:
        yield error.filename
