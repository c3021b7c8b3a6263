"""Pictures of the sample gallery: what it looks like on a phone, a tablet and a desk."""

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from queue import SimpleQueue

from PIL import Image

from pelican_photos.demo.chromium import Chromium

Progress = Callable[[int, int], None]

_PAGES = {
    "gallery": "photos/",
    "photo": "photos/2024/2024-05-12-boats-at-dusk-back-before-the/",
    "album": "photos/2025/2025-04-12-a-week-on-the-coast-with/",
    "map": "photos/map/",
    "archive": "photos/archive/",
}
_WINDOWS = ((360, 780, 2), (768, 1024, 1), (1440, 960, 1))  # CSS pixels, and the screen's for each
_BROWSERS = 2  # side by side


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: of an address below the site, in a window of so many CSS pixels."""

    name: str
    address: str
    width: int
    height: int
    scale: int = 1
    dark: bool = False

    @property
    def file(self) -> str:
        """The picture's file name."""
        return f"{self.name}-{self.width}-{'dark' if self.dark else 'light'}.jpg"


def every_shot() -> list[Shot]:
    """Each page that is shown, in each window, in light and in dark."""
    return [
        Shot(name=name, address=address, width=width, height=height, scale=scale, dark=dark)
        for (name, address), (width, height, scale), dark in product(
            _PAGES.items(), _WINDOWS, (False, True)
        )
    ]


def take(
    shots: Sequence[Shot], site: str, folder: Path, progress: Progress | None = None
) -> list[Path]:
    """Take pictures of a site that is served, and keep them as JPEG; ``progress`` counts them.

    Raises:
        PhotosError: there is no Chromium, or it took no picture.
    """
    folder.mkdir(parents=True, exist_ok=True)
    browsers: SimpleQueue[Chromium] = SimpleQueue()

    def take_one(shot: Shot) -> None:
        browser = browsers.get()
        try:
            _keep(_taken(browser, shot, site), folder / shot.file)
        finally:
            browsers.put(browser)

    with ExitStack() as stack, ThreadPoolExecutor(_BROWSERS) as pool:
        for _ in range(min(_BROWSERS, len(shots))):
            browsers.put(stack.enter_context(Chromium.running()))
        taken = [pool.submit(take_one, shot) for shot in shots]
        try:
            for done, finished in enumerate(as_completed(taken), start=1):
                finished.result()
                if progress:
                    progress(done, len(shots))
        except BaseException:  # Ctrl-C too: what has not begun need not be taken
            pool.shutdown(cancel_futures=True)
            raise
    return [folder / shot.file for shot in shots]


def _taken(browser: Chromium, shot: Shot, site: str) -> bytes:
    return browser.picture(
        f"{site}/{shot.address}",
        width=shot.width,
        height=shot.height,
        scale=shot.scale,
        dark=shot.dark,
    )


def _keep(png: bytes, file: Path) -> None:
    with Image.open(io.BytesIO(png)) as opened:
        opened.convert("RGB").save(file, quality=80, optimize=True, progressive=True)
