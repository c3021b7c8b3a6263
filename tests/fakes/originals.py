"""A site of originals and their cache, and an encoder that keeps account."""

import os
import threading
import time
from collections import Counter

from fakes import pictures
from pelican_photos import images
from pelican_photos.renditions import Renditions

SMALL = ("30h", "60h")  # two renditions of the pictures drawn here


class CountingEncoder:
    """Encodes for real, and keeps account of it."""

    def __init__(self, pause=0):
        self.pause = pause  # seconds, so that a build can be caught in the middle
        self.sizes = Counter()  # by original; each format counts
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def __call__(self, path, sizes, *, quality, avif=(), beside=()):
        with self._lock:
            self.sizes[path.name] += len(sizes) + len(avif)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            time.sleep(self.pause)
            return images.encode(path, sizes, quality=quality, avif=avif, beside=beside)
        finally:
            with self._lock:
                self.at_once -= 1


class Site:
    """A folder of originals and a cache; each build counts what it encoded."""

    def __init__(self, root):
        self.root = root
        self.photos = root / "content" / "photos"
        self.cache = root / ".cache" / "photos"
        self.photos.mkdir(parents=True)

    def add(self, name, seed=0, size=(160, 120)):
        """Add a photo that was taken an hour ago: the clock of the file has settled."""
        path = pictures.save(self.photos / name, pictures.noise(*size, seed=seed))
        taken = time.time() - 3600
        os.utime(path, (taken, taken))
        return path

    def originals(self):
        return sorted(self.photos.iterdir())

    def build(self, *originals, progress=None, pause=0, **recipe):
        encoder = CountingEncoder(pause)
        wanted = {"steps": SMALL, "quality": 78, "workers": 2} | recipe
        cache = Renditions(self.cache, encode=encoder, **wanted)
        return cache.render(originals or self.originals(), progress), encoder


def files(folder):
    """Give every file below a folder, with what changes when it is written again."""
    return {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def leftovers(folder):
    return [path for path in folder.rglob("unfinished/*") if path.is_file()]
