"""The theme's own files: where they lie, and their copies with a hash in the name."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_PACKAGE = Path(__file__).resolve().parents[1]


def theme_folder() -> Path:
    """Find our theme: in an installed package inside it, in the repository beside it."""
    inside = _PACKAGE / "themes" / "photostream"
    return inside if inside.is_dir() else _PACKAGE.parent / "themes" / "photostream"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages link to; its name changes with its content, so it is cached for ever."""

    address: str  # below the site
    text: str

    def write(self, output: Path) -> None:
        """Put it into the built site."""
        file = output / self.address
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.text, "utf-8")


def style(name: str) -> str:
    """Read one of the theme's style sheets, without what only people need in it."""
    text = re.sub(r"/\*.*?\*/", "", _read(name), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    # A space before a colon means something: ".photostream :focus" is not ".photostream:focus".
    return re.sub(r" ?([{};,>]) ?|(:) ", r"\1\2", text).replace(";}", "}").strip()


def asset(name: str, path: str) -> Asset:
    """Read one of the theme's files, for a gallery at ``path``."""
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    text = style(name) if suffix == ".css" else _read(name)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Asset(f"{path}/assets/{stem}-{digest}{suffix}", text)


def _read(name: str) -> str:
    return (theme_folder() / "assets" / name).read_text("utf-8")
