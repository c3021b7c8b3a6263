"""Links from articles and pages to photos: ``{filename}/photos/…md``, ``{static}/photos/…jpg``."""

import os
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from pelican_photos.plugin.gallery import Gallery
from pelican_photos.settings import Settings


@dataclass(frozen=True, slots=True)
class LinkedOriginal:
    """An original, as Pelican asks for the target of a link."""

    url: str

    def attach_to(self, content: object) -> None:
        """Stay where it is: an original has one address."""


def resolve_links(context: dict[str, Any], gallery: Gallery, options: Settings) -> None:
    """Let Pelican find photos by the path of their page, and originals by their own.

    Pelican would copy a linked original as it is, with the place where it was taken, over
    the copy that is fit to be published: so its list of files to copy is cleared of them.
    """
    root = f"{options.content}{os.sep}"
    context["static_links"] -= {
        link for link in context["static_links"] if PurePath(link).is_relative_to(options.path)
    }
    for entry in gallery.entries:
        page = str(entry.file).removeprefix(root).replace(os.sep, "/")
        context["generated_content"][page] = entry
        for address in filter(None, (entry.original, entry.video)):
            folder, name = page.rpartition("/")[0], address.rpartition("/")[2]
            target = LinkedOriginal(_linked(address, options))
            context["static_content"][f"{folder}/{name}"] = target


def _linked(address: str, options: Settings) -> str:
    below = quote(address)
    return f"{options.originals_url.rstrip('/')}/{below}" if options.originals_url else below
