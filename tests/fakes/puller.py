"""Someone who pulls the originals of a site back from where it was published."""

import random

from pelican_photos.publish.pull import pull
from pelican_photos.publish_options import PullOptions

FILM = "2024-05-09-film.mp4"
LARGE = f"photos/2024/{FILM}"
LARGE_SIZE = (9 << 20) + 5  # more than a part that is not gone on with


class Puller:
    """One person at one machine, and what that one was told."""

    def __init__(self, site, server):
        self.site = site
        self.server = server
        self.said = []
        self.progress = []

    def __call__(self, *, originals=None, settings=None, **options):
        return pull(
            self.site.settings(**{"s3_endpoint": self.server.url} | (settings or {})),
            self.site.originals() if originals is None else originals,
            PullOptions(**options),
            say=self.said.append,
            progress=lambda *shown: self.progress.append(shown),
        )

    @property
    def folder(self):
        return self.site.content / "photos" / "2024"

    def files(self):
        """What lies beside the pages, by name."""
        return {file.name: file.read_bytes() for file in self.folder.iterdir()}

    def lose(self, *names):
        """Lose files, or all of them."""
        for file in list(self.folder.iterdir()):
            if not names or file.name in names:
                file.unlink()

    def add_film(self):
        """Put a large film beside the pages that it has, and name it."""
        film = self.folder / FILM
        film.write_bytes(random.Random(1).randbytes(LARGE_SIZE))
        named = [(key, file) for key, file in self.site.originals() if file.exists()]
        self.site.originals = lambda: [*named, (LARGE, film)]
