"""Pictures of the sample gallery, taken by a headless Chromium."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pelican_photos.errors import PhotosError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PATIENCE = 120  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: of an address below the site, in CSS pixels."""

    name: str
    address: str
    width: int
    height: int
    dark: bool = False


def find_chromium() -> str:
    """Find the browser.

    Raises:
        PhotosError: there is none.
    """
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    raise PhotosError("Chromium is not installed; on Debian: apt-get install chromium")


def take(shot: Shot, site: str, folder: Path) -> Path:
    """Take a picture and keep it as a JPEG.

    Raises:
        PhotosError: the browser took none.
    """
    with tempfile.TemporaryDirectory(prefix="photostream-") as temporary:
        raw = Path(temporary, "shot.png")
        command = [
            find_chromium(),
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *("--no-first-run", "--disable-background-networking", "--disable-sync"),
            f"--blink-settings=preferredColorScheme={0 if shot.dark else 1}",
            f"--user-data-dir={temporary}/profile",
            f"--window-size={shot.width},{shot.height}",
            "--virtual-time-budget=5000",
            f"--screenshot={raw}",
            f"{site}/{shot.address}",
        ]
        ended = subprocess.run(  # noqa: S603 - a list, no shell, our own addresses
            command, capture_output=True, timeout=_PATIENCE, check=False
        )
        if ended.returncode or not raw.is_file():
            raise PhotosError(f"Chromium took no picture of {shot.address}")
        folder.mkdir(parents=True, exist_ok=True)
        picture = folder / f"{shot.name}.jpg"
        with Image.open(raw) as opened:
            opened.convert("RGB").save(picture, quality=82, optimize=True, progressive=True)
    return picture
