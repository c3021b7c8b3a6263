"""What the checks look at: read once, and only as far as a check asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pelican_photos import pelican_site
from pelican_photos.errors import PublishError, SettingsError
from pelican_photos.library import Library, Stored
from pelican_photos.model import Photo
from pelican_photos.settings import Settings, settings_of
from pelican_photos.visibility import Visibility

if TYPE_CHECKING:
    from pelican_photos.publish.inspection import Inspection


@dataclass(frozen=True)
class Configuration:
    """A configuration file that can be read: as Pelican has it, and as we do."""

    name: str
    raw: Mapping[str, Any]
    settings: Settings


class Site:
    """A site and its pages."""

    def __init__(self, development: Configuration) -> None:
        self.development = development
        self.settings = development.settings
        self.root = development.settings.root
        self.library = Library(self.settings.content, self.settings.path)

    @classmethod
    def of(cls, root: Path) -> "Site":
        """Read the settings of a site.

        Raises:
            SettingsError: ``pelicanconf.py`` is missing, does not run, or sets something wrongly.
        """
        return cls(_configuration(pelican_site.DEVELOPMENT, root))

    @cached_property
    def production(self) -> Configuration | SettingsError:
        """``publishconf.py``, or what is wrong with it."""
        try:
            return _configuration(pelican_site.PRODUCTION, self.root)
        except SettingsError as error:
            return error

    @property
    def published(self) -> Settings:
        """The settings of ``publishconf.py``; where they cannot be read, of ``pelicanconf.py``."""
        found = self.production
        return found.settings if isinstance(found, Configuration) else self.settings

    @cached_property
    def inspection(self) -> "Inspection | str | None":
        """What buckets and CDN say of themselves, or why they cannot be asked; None without any."""
        if not self.published.bucket or isinstance(self.production, SettingsError):
            return None
        from pelican_photos.publish.inspection import inspect  # noqa: PLC0415 - loads boto3

        try:
            return inspect(self.published)
        except (PublishError, SettingsError) as error:
            return str(error)

    @property
    def asked(self) -> "Inspection | None":
        """What they say; why they cannot be asked, ``bucket.buckets`` has said."""
        found = self.inspection
        return None if isinstance(found, str) else found

    @cached_property
    def stored(self) -> list[Stored]:
        """Every page that can be read; ``library.problems`` has a sentence on each other one."""
        return list(self.library.stored())

    @cached_property
    def photos(self) -> list[tuple[Path, Photo]]:
        """The photos that are on a page, newest first; other people's private ones are not."""
        visibility = Visibility(self.stored)
        found = [
            (file, page)
            for file, page in self.stored
            if isinstance(page, Photo) and visibility.status(file, page) != "skip"
        ]
        return sorted(found, key=lambda each: each[1].published, reverse=True)

    def below_root(self, file: Path) -> str:
        """Name a file as one finds it from the site's folder."""
        return str(file.relative_to(self.root) if file.is_relative_to(self.root) else file)


def _configuration(name: str, root: Path) -> Configuration:
    raw = pelican_site.read_configuration(name, root)
    return Configuration(name, raw, settings_of(raw, root))
