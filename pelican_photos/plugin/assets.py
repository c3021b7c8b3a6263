"""The theme's own files: where they lie, and their copies with a hash in the name."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

_PACKAGE = Path(__file__).resolve().parents[1]
# What pages of the gallery are styled by, in this order: lists and photos, then all others.
STYLES = ("gallery.css", "pages.css")
# How a script of ours names another file of ours: "./viewer.js".
_SIBLING = re.compile(r"""(?<=["'])\./(?P<name>[\w./-]+\.(?:js|css))(?=["'])""")
_VENDORED = "vendor/"
_STYLE = "style"  # what all style sheets together are called among what was asked for


def theme_folder() -> Path:
    """Find our theme: in an installed package inside it, in the repository beside it."""
    inside = _PACKAGE / "themes" / "photostream"
    return inside if inside.is_dir() else _PACKAGE.parent / "themes" / "photostream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file that pages link to; its name changes with its content, so it is cached for ever."""

    file: str  # below the output
    text: str

    @property
    def address(self) -> str:
        """Percent-encoded, below the site."""
        return quote(self.file)

    def write(self, output: Path) -> None:
        """Put it into the built site."""
        file, data = output / self.file, self.text.encode()
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.is_file() or file.read_bytes() != data:
            file.write_bytes(data)


class Assets:
    """The files of a gallery at ``path``, by their names in the theme's ``assets`` folder.

    What is asked for is what is written; a script brings along the files that it names.
    """

    SHOWN = ("sources",)

    def __init__(self, path: str, stylesheet: str = "") -> None:
        self._path = path
        self._own = stylesheet
        self._found: dict[str, Asset] = {}
        self._asked: set[str] = set()

    def __iter__(self) -> Iterator[Asset]:
        """Yield everything that was asked for."""
        return iter(self._found.values())

    def __getitem__(self, name: str) -> Asset:
        """Read a file of the theme."""
        self._asked.add(name)
        if name not in self._found:
            self._found[name] = self._named(name, self._text(name))
        return self._found[name]

    @contextmanager
    def asked(self) -> Iterator[set[str]]:
        """Gather the names that are asked for meanwhile."""
        self._asked = set()
        yield self._asked

    def take(self, names: Iterable[str]) -> None:
        """Ask for some files, as a page did when it was made."""
        for name in names:
            self.style if name == _STYLE else self[name]

    @property
    def sources(self) -> tuple[str, ...]:
        """All that decides what any file is, and where."""
        folder = theme_folder() / "assets"
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        digests = (hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
        return (self._path, self._own, *digests)

    @property
    def style(self) -> Asset:
        """The style sheet of every page of the gallery, in a theme that is not ours."""
        self._asked.add(_STYLE)
        if STYLES[0] not in self._found:
            self._found[STYLES[0]] = self._named(STYLES[0], _styles() + self._own)
        return self._found[STYLES[0]]

    @property
    def inline_style(self) -> str:
        """The style of a list or a photo in our own theme; the site's own rules come last."""
        return style(STYLES[0]) + style("frame.css") + self._own

    @property
    def inline_more(self) -> str:
        """What another page of the gallery has behind that, so that photos do not carry it."""
        return style(STYLES[1]) + self._own

    def _text(self, name: str) -> str:
        if name.startswith(_VENDORED):
            return _read(name)  # byte for byte, with its licence
        if name.endswith(".css"):
            return style(name)
        return _SIBLING.sub(self._relative, _bare(_read(name)))

    def _relative(self, match: re.Match[str]) -> str:
        return f"./{PurePosixPath(self[match['name']].file).name}"

    def _named(self, name: str, text: str) -> Asset:
        plain = f"{self._path}/assets/{PurePosixPath(name).name}"
        return Asset(file=hashed_name(plain, text), text=text)


def hashed_name(file: str, text: str) -> str:
    """Put a hash of a file's text into its name: "a/b.js" becomes "a/b-1a2b3c4d.js"."""
    path = PurePosixPath(file)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return str(path.with_name(f"{path.stem}-{digest}{path.suffix}"))


def style(name: str) -> str:
    """Read one of the theme's style sheets, without what only people need in it."""
    text = re.sub(r"/\*.*?\*/", "", _read(name), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    # A space before a colon means something: ".photostream :focus" is not ".photostream:focus".
    return re.sub(r" ?([{};,>]) ?|(:) ", r"\1\2", text).replace(";}", "}").strip()


def _bare(script: str) -> str:
    """Leave out what only people need in a script: indents, and lines that are a comment."""
    return re.sub(r"^(?:\s+|//.*\n)+", "", script, flags=re.MULTILINE)


def _styles() -> str:
    return "".join(map(style, STYLES))


def _read(name: str) -> str:
    # Not as text: a line end of what is vendored stays as it is.
    return (theme_folder() / "assets" / name).read_bytes().decode()
