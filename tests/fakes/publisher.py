"""Someone who publishes a built site, and the keys of its first photo."""

from pelican_photos.publish import Options, publish
from pelican_photos.publish.manifest import read
from pelican_photos.publish.private import MANIFEST

PAGE = "photos/2024/2024-05-01-boats/index.html"
ORIGINAL = "photos/2024/2024-05-01-boats.jpg"
RENDITION = "photos/2024/2024-05-01-boats/640-00000000.webp"
ONE_BUCKET = {"site_bucket": "originals"}


class Publisher:
    """One person at one machine, who has said what to answer to questions."""

    def __init__(self, site, server):
        self.site = site
        self.server = server
        self.agrees = True
        self.questions = []
        self.said = []

    def __call__(self, *, originals=None, settings=None, progress=None, now=None, **options):
        return publish(
            self.site.settings(**{"s3_endpoint": self.server.url} | (settings or {})),
            self.site.originals() if originals is None else originals,
            Options(**options),
            confirm=self._asked,
            say=self.said.append,
            progress=progress,
            now=now,
        )

    def _asked(self, question):
        self.questions.append(question)
        return self.agrees


def everything(server):
    """Give the objects of both buckets with their bytes."""
    return server.bodies("originals") | server.bodies("site")


def manifest(server, bucket="site"):
    return read(server.objects(bucket, manifest=True)[MANIFEST].body)
