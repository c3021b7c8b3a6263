"""The text that a site is built of, each file with its digest: what two machines must agree on."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pelican_photos.content_types import is_picture_or_video
from pelican_photos.publish.digests import Digests
from pelican_photos.publish.keys import key_of
from pelican_photos.settings import Settings

_SHOWN = 16  # hexadecimal digits: two versions of one page are told apart, not attacks


def page_digests(settings: Settings, *, remember: bool) -> Mapping[str, str]:
    """Read pages, articles and comments below Pelican's ``PATH``; ``remember`` keeps the digests.

    Raises:
        PublishError: a file cannot be read.
    """
    digests = Digests(settings.state / "publish" / "digests-pages.json", keep_gps=True)
    found = {
        key_of(path.relative_to(settings.content).as_posix()): (
            digests.remembered(path) or digests.measured(path)
        ).sha256[:_SHOWN]
        for path in _texts(settings.content)
    }
    if remember:
        digests.save()
    return found


def _texts(folder: Path) -> Iterator[Path]:
    """Walk a folder; the ledger and the like begin with a dot and are no text of the site."""
    for below, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            path = Path(below, name)
            if not name.startswith(".") and not is_picture_or_video(name) and path.is_file():
                yield path
