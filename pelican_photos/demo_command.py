"""The whole main job on sample data: the commands that a person types, one after the other.

Instagram is a folder of sample posts, S3 is moto's server on loopback, and the CDN is a
small server before its private bucket.  Nothing leaves this machine.
"""

import os
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from pelican_photos.errors import PhotosError
from pelican_photos.pelican_site import run_apart
from pelican_photos.serving import Folder, running
from pelican_photos.terminal import Display

if TYPE_CHECKING:
    from pelican_photos.demo.storage import Storage

_CONFIGURATION = """\
import pelican_photos

AUTHOR = "someone"
SITENAME = "Photostream"
SITEURL = ""
PATH = "content"
THEME = pelican_photos.theme()
TIMEZONE = "Europe/Lisbon"
PLUGINS = ["pelican_photos"]

FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
"""

_PUBLICATION = """\
from pelicanconf import *

SITEURL = {url!r}
DELETE_OUTPUT_DIRECTORY = True

PHOTOS_BUCKET = {bucket!r}
PHOTOS_SITE_BUCKET = {bucket!r}
PHOTOS_S3_ENDPOINT = {endpoint!r}
PHOTOS_S3_REGION = {region!r}
"""


def run_demo(display: Display, folder: Path | None, *, serve: bool) -> None:
    """Draw, import, build, publish, check, and serve until Ctrl-C.

    Raises:
        PhotosError: a step failed, or an address of the result does not answer.
    """
    from pelican_photos.demo.cdn import Bucket  # noqa: PLC0415 - loads boto3
    from pelican_photos.demo.check import check  # noqa: PLC0415 - only the demo needs it
    from pelican_photos.demo.storage import storage  # noqa: PLC0415 - loads moto

    with _place(folder) as place, storage() as store:
        sample = _draw(display, place)
        client = store.client()
        with running(Bucket(client, store.bucket)) as url:
            site = _write_site(place / "site", store, url)
            _type(display, site, {}, "import-instagram", "--source", str(sample))
            _type(display, site, store.environment, "publish", "--yes")
            checked = check(url)
            for sentence in checked.broken[:20]:
                display.say(sentence)
            if checked.broken:
                raise PhotosError(f"{len(checked.broken)} of {checked.count} addresses are broken")
            display.say(f"{checked.count:,} addresses of the site answer, its originals included")
            if serve:
                display.say(f"The site is at {url}/photos/; its files are in {site}; Ctrl-C ends")
                _sleep_until_interrupted()
        client.close()


def take_screenshots(display: Display, folder: Path) -> None:
    """Build the sample gallery without a bucket, and take pictures of it.

    Raises:
        PhotosError: a step failed, or there is no Chromium.
    """
    from pelican_photos.demo.chromium import find_chromium  # noqa: PLC0415 - as below
    from pelican_photos.demo.screenshots import every_shot, take  # noqa: PLC0415 - loads Pillow

    find_chromium()  # before a minute of drawing
    with _place(None) as place:
        site = place / "site"
        _write_configuration(site)
        _type(display, site, {}, "import-instagram", "--source", str(_draw(display, place)))
        _type(display, site, {}, "build")
        with running(Folder(site / "output")) as url:
            pictures = take(
                every_shot(),
                url,
                folder,
                lambda done, of: display.advance("Taking", done, of, "pictures"),
            )
    display.say(f"{len(pictures)} pictures are in {folder}")


def _draw(display: Display, place: Path) -> Path:
    """Draw the sample posts, and give their folder."""
    from pelican_photos.demo.folder import write_sample  # noqa: PLC0415 - loads Pillow

    display.say("Drawing the sample posts, as Instaloader would have left them")
    sample = place / "instaloader" / "someone"
    write_sample(sample, progress=lambda done, of: display.advance("Drawing", done, of, "pictures"))
    return sample


@contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    """Lend a temporary folder, or make the one that was asked for."""
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="photostream-") as temporary:
            yield Path(temporary)
        return
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise PhotosError(f"{folder} exists already; name a new folder") from None
    yield folder.resolve()


def _write_site(site: Path, store: "Storage", url: str) -> Path:
    _write_configuration(site)
    (site / "publishconf.py").write_text(
        _PUBLICATION.format(
            url=url, bucket=store.bucket, endpoint=store.endpoint, region=store.region
        )
    )
    return site


def _write_configuration(site: Path) -> None:
    (site / "content").mkdir(parents=True)
    (site / "pelicanconf.py").write_text(_CONFIGURATION)
    (site / "tasks.py").write_text("from pelican_photos.tasks import namespace\n")


def _type(display: Display, site: Path, environment: Mapping[str, str], *words: str) -> None:
    """Run a task as a person would, who has no settings of their own in the environment."""
    display.say(f"\n$ invoke {shlex.join(words)}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}
    command = [sys.executable, "-m", "invoke", *words]
    if status := run_apart(command, site, {**kept, **environment}):
        raise PhotosError(f"invoke {words[0]} ended with {status}")


_OWN = ("PHOTOS_", "AWS_")


def _sleep_until_interrupted() -> None:
    try:
        while True:
            sleep(3600)
    except KeyboardInterrupt:  # the way to end a server
        return
