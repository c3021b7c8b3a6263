"""The audit: a gallery is built and served, and Chromium driven through it by Node, once."""

import hashlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock
from PIL import Image

from fakes.browser_formats import PAGES, add_gallery
from fakes.browser_gallery import Gallery
from fakes.site import Site
from pelican_photos.serving import Answer, Backend, Folder, running

FOLDER = Path(__file__).parents[1] / "browser"
_AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
_OLDEST_NODE = (18, 19)
_PATIENCE = 400  # seconds; a browser on a busy machine is slow
_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self'"


class MissingToolError(Exception):
    """What drives the browser is not on this machine; the message says what, and what to do."""


@dataclass(frozen=True)
class Tools:
    """Where the programs are."""

    chromium: str
    node: str


def find_tools() -> Tools:
    """Find Chromium and Node, and install what the audit imports."""
    chromium = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    node, npm = shutil.which("node"), shutil.which("npm")
    if not chromium:
        raise MissingToolError("Chromium is not installed; on Debian: apt-get install chromium")
    if not node or not npm:
        raise MissingToolError("Node and its npm are not installed; see https://nodejs.org")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, re.findall(r"\d+", said)[:2])) < _OLDEST_NODE:
        raise MissingToolError(f"Node is {said.strip()}, which is older than 18.19")
    _install(npm)
    return Tools(chromium, node)


def _install(npm: str) -> None:
    """Install what the lock file names, unless that is what is there."""
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    stamp = FOLDER / "node_modules" / ".installed"
    (FOLDER / ".cache").mkdir(exist_ok=True)
    with FileLock(FOLDER / ".cache" / "npm.lock"):
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        command = [npm, "ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
        ended = subprocess.run(
            command, cwd=FOLDER, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
        if ended.returncode:
            raise MissingToolError(f"npm ci failed in {FOLDER}: {ended.stderr.strip()}")
        stamp.write_text(wanted)


class Strict:
    """A backend that forbids pages to do more than they should need.

    Pictures are kept by the browser, as those of a site are whose addresses hold their digest.
    """

    def __init__(self, backend: Backend, tiles: str = "") -> None:
        self._backend = backend
        self._policy = f"{_POLICY} {tiles}"

    def open(self, path: str, span: str) -> Answer:
        answer = self._backend.open(path, span)
        headers = {**answer.headers, "Content-Security-Policy": self._policy}
        if path.endswith((".webp", "/axe.js")):
            headers["Cache-Control"] = "max-age=3600"
        return replace(answer, headers=headers)


class Tiles:
    """The server of a map's tiles: somebody else's, at an address of its own."""

    def __init__(self) -> None:
        file = io.BytesIO()
        Image.new("RGB", (256, 256), "lightblue").save(file, "PNG")
        self._tile = file.getvalue()

    def open(self, path: str, span: str) -> Answer:
        del path, span
        stream, headers = io.BytesIO(self._tile), {"Content-Type": "image/png"}
        return Answer(headers=headers, length=len(self._tile), stream=stream)


def audit(tools: Tools, folder: Path) -> dict[str, Any]:
    """Build the gallery, and tell what Chromium saw of it: chapter → what it found."""
    site = Site(folder, SITESUBTITLE="Pictures", AUTHOR="someone")
    gallery = Gallery(site)
    with running(Tiles()) as tiles, running(Strict(Folder(site.output), tiles)) as url:
        built = site.build(
            SITEURL=url,
            PHOTOS_RENDITIONS=["320h", "480h", "640h", "1280h"],
            PHOTOS_MAP_TILES=f"{tiles}/{{z}}/{{x}}/{{y}}.png",
        )
        noise = site.output / "noise.html"
        noise.write_text(_NOISE)
        (site.output / "axe.js").write_bytes(_AXE.read_bytes())
        asked = {
            "site": url,
            "tiles": tiles,
            "chromium": tools.chromium,
            "pages": gallery.pages,
            "hostile": gallery.hostile,
            "files": [str(file) for file in _different_pages(site.output) if file != noise],
            "noise": str(noise),
            "avif": PAGES,
        }
        addresses = sorted(f"/{a}" for a in built.addresses())
        add_gallery(folder / "formats", site.output, url)
        found = _run(tools.node, asked)
    return {
        **found,
        "log": built.log.said(),
        "pages": gallery.pages,
        "hostile": gallery.hostile,
        "tiles": tiles,
        "output": str(site.output),
        "addresses": addresses,
        "photo pages": [address for address in addresses if _is_photo(address)],
    }


def _run(node: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    ended = subprocess.run(
        [node, str(FOLDER / "audit.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, f"the audit ended with {ended.returncode}:\n{ended.stderr}"
    return json.loads(ended.stdout)


def _is_photo(address: str) -> bool:
    return bool(re.fullmatch(r"/photos/\d{4}/[^/]+/", address))


def _different_pages(output: Path) -> Iterator[Path]:
    """Every page, but of the fifty that differ in their number alone only the first."""
    for file in sorted(output.rglob("*.html")):
        if not re.search(r"/plain-(?!10/)", file.as_posix()):
            yield file


# Everything that the audit has to hear and see, on one page.
_NOISE = """\
<!DOCTYPE html><html lang="en"><head><title>Noise</title></head>
<body><img src="/gone.png" alt=""><img src="http://127.0.0.2/away.png" alt="">
<script>alert("inline")</script><p style="width: 3000px">Wide</p></body></html>
"""
