"""One file that the owner chose, and what was found in it.  Pure."""

from dataclasses import dataclass
from pathlib import Path

from pelican_photos.caption import one_line
from pelican_photos.embedded import Details
from pelican_photos.model import Kind


def shown_path(file: Path, root: Path) -> str:
    """Name a file as a person in the site's folder would."""
    return one_line(str(file.relative_to(root) if file.is_relative_to(root) else file))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One picture or film, readable to its end."""

    path: Path  # absolute; links are not resolved
    kind: Kind
    sha256: str
    size: int  # bytes
    width: int = 0  # pixels as it is meant to be seen; 0 for a film that does not say
    height: int = 0
    look: str = ""  # difference hash of a picture, as images.check gives it
    details: Details
    uncleanable: str = ""  # why what is private cannot be taken out of its metadata

    @property
    def name(self) -> str:
        """The file's name, as it may be shown."""
        return one_line(self.path.name)
