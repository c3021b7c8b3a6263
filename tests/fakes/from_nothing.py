"""What a build from nothing gives: every other build has to give the same."""

import shutil
from pathlib import Path

from fakes.site import Site

TEXTS = {".html", ".atom", ".json", ".js", ".css", ".svg", ".vtt"}


def texts(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.suffix in TEXTS)
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def from_nothing(site: Site, **settings) -> dict[str, bytes]:
    """Build the same site without knowing anything; its renditions are known."""
    shutil.copytree(site.folder / ".cache", site.folder / ".other")
    shutil.rmtree(site.folder / ".other" / "photos" / "pages")
    other = site.folder / "other"
    site.build(OUTPUT_PATH=str(other), PHOTOS_CACHE=".other/photos", **settings)
    found = texts(other)
    shutil.rmtree(other)
    shutil.rmtree(site.folder / ".other")
    return found
