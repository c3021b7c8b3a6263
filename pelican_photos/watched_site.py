"""What of a site is watched, as its settings say.  Pure, but for the folder that we are in."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from watchfiles import Change, DefaultFilter

from pelican_photos.changes import Watch
from pelican_photos.settings import settings_of

_NEVER = DefaultFilter()  # what no site is made of: editors' own files, .git, node_modules


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Where a change makes another build; every path is absolute, and need not be there."""

    configuration: Path
    folders: Sequence[Path]  # with all that is below them
    files: Sequence[Path]
    made: Sequence[Path]  # folders of what a build makes
    ignored: Sequence[str]  # patterns of paths, as in IGNORE_FILES
    imported: Sequence[Path] = ()  # modules that the settings import, or would if they could

    def is_setting(self, path: Path) -> bool:
        """Tell whether other settings, or another folder, may be behind a change of a path.

        Any module may be part of the settings: one that could not be imported is not known.
        """
        return path in self.folders or path.suffix == ".py"

    @property
    def watches(self) -> Sequence[Watch]:
        """What is to be watched, and what counts there."""
        beside = {each.parent for each in (*self.files, *self.imported)}
        return (
            Watch(self.folders, self._counts),
            Watch(sorted(beside), self._counts_beside, recursive=False),
        )

    @property
    def modules(self) -> Sequence[Path]:
        """All that may be part of the settings: what they import, and every module beside them."""
        beside = filter(self._is_module, self.configuration.parent.glob("*.py"))
        return sorted({self.configuration, *self.imported, *beside})

    def _counts(self, change: Change, path: str) -> bool:
        """Tell whether something below the folders is part of the site, and not made of it."""
        if any(Path(path).is_relative_to(each) for each in self.made):
            return False
        above = [each for each in self.folders if Path(path).is_relative_to(each)]
        folder = max(above, key=lambda each: len(each.parts), default=Path(path).parent)
        if Path(path) == folder:
            return True
        # The names above do not matter: a site may lie in a folder that is passed over elsewhere.
        inside = os.sep + str(Path(path).relative_to(folder))
        return _NEVER(change, inside) and not any(
            fnmatch(inside, pattern)
            or (fnmatch(path, pattern) and not fnmatch(str(folder / "any"), pattern))
            for pattern in self.ignored
        )

    def _counts_beside(self, _change: Change, path: str) -> bool:
        """Tell whether it is one of the files, or a module beside the settings."""
        return Path(path) in (*self.files, *self.imported) or self._is_module(Path(path))

    def _is_module(self, file: Path) -> bool:
        beside = file.parent == self.configuration.parent and file.suffix == ".py"
        return beside and _NEVER(Change.modified, os.sep + file.name)


def watched_of(configuration: Path, settings: Mapping[str, Any]) -> Watched:
    """Say what is watched of a site with this configuration file and these settings.

    Raises:
        SettingsError: a setting of ours is wrong.
        TypeError: one of Pelican's is of a kind that cannot be.
    """
    root = configuration.parent
    ours = settings_of(settings, root)
    content = Path(settings["PATH"]).absolute()
    named = (settings.get("THEME"), *settings.get("THEME_TEMPLATES_OVERRIDES", ()))
    folders = [content, *(content / each for each in settings.get("STATIC_PATHS", ()))]
    folders += [Path(each).absolute() for each in named if each]
    output = Path(settings.get("OUTPUT_PATH") or "output").absolute()
    made = (output, root / ours.cache, Path(settings.get("CACHE_PATH") or "cache").absolute())
    return Watched(
        configuration=configuration,
        folders=folders,
        files=[configuration, *([root / ours.stylesheet] if ours.stylesheet else [])],
        made=[each for each in made if not any(one.is_relative_to(each) for one in folders)],
        ignored=[str(each) for each in settings.get("IGNORE_FILES", ())],
    )
