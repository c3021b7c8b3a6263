"""The text that a site is built of, each file with its digest: what two machines must agree on."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pelican_photos.content_types import is_picture_or_video
from pelican_photos.publish.digests import Digests
from pelican_photos.publish.keys import key_of
from pelican_photos.settings import Settings

# What Windows and editors leave in a folder by themselves.
_LEFT_BEHIND = re.compile(r"(?i)thumbs\.db|desktop\.ini|.*~|#.*#")
_SHOWN = 16  # hexadecimal digits: two versions of one page are told apart, not attacks


def page_digests(settings: Settings, *, remember: bool) -> Mapping[str, str]:
    """Read pages, articles and comments below Pelican's ``PATH``; ``remember`` keeps the digests.

    Raises:
        PublishError: a file cannot be read.
    """
    digests = Digests(settings.state / "publish" / "digests-pages.json", keep_gps=True)
    found = {
        key_of(path.relative_to(settings.content).as_posix()): (
            digests.remembered(path) or digests.measured_text(path)
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
            is_none = name.startswith(".") or _LEFT_BEHIND.fullmatch(name)
            if not is_none and not is_picture_or_video(name) and path.is_file():
                yield path
