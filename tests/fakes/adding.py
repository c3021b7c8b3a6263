"""A small site to add photos to, by the function and by the command itself."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from pelican_photos.add_command import Request, run_add
from pelican_photos.adding.wording import Said
from pelican_photos.ledger import Ledger
from pelican_photos.library import Library
from pelican_photos.settings import settings_of
from pelican_photos.terminal import Display

COMMAND = [sys.executable, "-c", "from pelican_photos.tasks import main; main()", "add"]
CONFIGURATION = {
    "SITENAME": "A site",
    "SITEURL": "https://example.org",
    "PATH": "content",
    "TIMEZONE": "Europe/Lisbon",
    "PLUGINS": ["pelican_photos"],
}


class AddingSite:
    """A site in a folder, and what its pages say."""

    def __init__(self, root: Path, **changes) -> None:
        self.root = root
        (root / "content").mkdir(parents=True)
        self.configuration = CONFIGURATION | changes
        lines = [f"{name} = {value!r}\n" for name, value in self.configuration.items()]
        (root / "pelicanconf.py").write_text("".join(lines))

    def add(self, *files: Path, **wish) -> str:
        """Add files as somebody without a terminal would; give what was said."""
        text = io.StringIO()
        request = {name: wish.pop(name) for name in list(wish) if name in Request.__slots__}
        settings = settings_of(self.configuration, self.root, {})
        with Display(Console(file=text, width=200)) as shown:
            self.whole = run_add(
                settings, Request(files=files, said=Said(**wish), **request), shown
            )
        return text.getvalue()

    def command(self, *words: str | Path, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *map(str, words)],
            cwd=self.root,
            input=said,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=os.environ | {"COLUMNS": "200"},
        )

    def pages(self) -> dict:
        library = Library(self.root / "content", "photos")
        pages = {stored.page.slug: stored.page for stored in library.stored()}
        assert library.problems == []
        return pages

    def page(self):
        [page] = self.pages().values()
        return page

    def text(self) -> str:
        """Everything that goes into git: pages and ledger."""
        files = [*self.photos.rglob("*.md"), *self.photos.rglob("*.json")]
        return "".join(file.read_text() for file in sorted(files))

    @property
    def photos(self) -> Path:
        return self.root / "content" / "photos"

    def ledger(self) -> Ledger:
        return Ledger(self.photos / ".import")

    def originals(self) -> dict[str, bytes]:
        return {
            file.name: file.read_bytes()
            for file in sorted(self.photos.rglob("*"))
            if file.is_file() and file.suffix not in (".md", ".json")
        }

    def interrupt(self, uid: str) -> None:
        """Leave the note of a run that was killed."""
        file = self.root / ".photos" / "adding.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps([uid]))
