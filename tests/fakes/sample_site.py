"""The sample account's site, as the demo command makes it and a CDN would serve it."""

import gzip
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from fakes.browser import Strict
from fakes.demo_run import Demo
from pelican_photos.serving import Answer, Backend, Folder, running

# The pages of posts are told by their names, since they are one kind in their addresses.
POSTS = {
    "photo": "/photos/2022/2022-12-31-last-lights-of-the-year-see/",
    "album": "/photos/2025/2025-04-12-a-week-on-the-coast-with/",
    "picture of an album": "/photos/2025/2025-04-12-a-week-on-the-coast-with-1/",
    "film": "/photos/2025/2025-02-01-sound-off-city-on/",
}
# Of these there are many: the first one stands for all.  What is named nowhere here, as the map
# or a page that is new, is a kind of its own.
MANY = {
    "year": r"/photos/\d{4}/",
    "month": r"/photos/\d{4}/\d\d/",
    "day of the year": r"/photos/on-this-day/\d\d-\d\d/",
    "tag": r"/photos/tags/[^/]+/",
    "place": r"/photos/places/[^/]+/",
    "person": r"/photos/people/[^/]+/",
    "camera": r"/photos/cameras/[^/]+/",
    "later page": r"/photos/.*page/\d+/",
}
_POST = r"/photos/\d{4}/\d{4}-[^/]+/"
_SITE = r"/|/404\.html|/photos/.*"  # the rest of a blog is not ours


@contextmanager
def served(demo: Demo) -> Iterator[tuple[str, Path]]:
    """Build the site for an address on this machine; gives it, and the folder that is served.

    What the home page says of itself to search engines is its owner's: ``SITESUBTITLE``.
    """
    output = demo.site / "audited"
    output.mkdir()
    with running(Strict(Compressed(Folder(output)))) as url:
        configuration = demo.site / "auditconf.py"
        configuration.write_text(
            "from pelicanconf import *\n"
            f"SITEURL = {url!r}\nOUTPUT_PATH = {str(output)!r}\nSITESUBTITLE = 'Pictures'\n"
        )
        command = [sys.executable, "-m", "pelican", "-s", configuration.name]
        subprocess.run(command, cwd=demo.site, env=_quiet(), check=True, timeout=120)
        yield url, output
    shutil.rmtree(output)


def _quiet() -> dict[str, str]:
    return {**os.environ, "PYTHONWARNINGS": "ignore"}


def kinds_of_page(output: Path) -> dict[str, str]:
    """One page of every kind that a folder holds: kind → address."""
    built = [f"/{file.relative_to(output).as_posix()}" for file in output.rglob("*.html")]
    kinds = dict(POSTS)
    for address in sorted(re.sub(r"(^|/)index\.html$", r"\1", each) for each in built):
        if re.fullmatch(_SITE, address) and not re.fullmatch(_POST, address):
            many = (kind for kind, shape in MANY.items() if re.fullmatch(shape, address))
            kinds.setdefault(next(many, address), quote(address))
    return kinds


class Compressed:
    """A backend whose texts are compressed, as by a CDN for any browser."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def open(self, path: str, span: str) -> Answer:
        answer = self._backend.open(path, span)
        kind = answer.headers.get("Content-Type", "")
        if not answer.stream or answer.status == HTTPStatus.PARTIAL_CONTENT:
            return answer
        if not re.match(r"text/|application/.*(json|xml|javascript)|image/svg", kind):
            return answer
        text = gzip.compress(answer.stream.read(answer.length))
        answer.stream.close()
        headers = {**answer.headers, "Content-Encoding": "gzip"}
        return replace(answer, headers=headers, length=len(text), stream=io.BytesIO(text))
