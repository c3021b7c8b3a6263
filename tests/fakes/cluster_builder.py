"""Someone who has a cluster make renditions, and hears what is said of it."""

import io
import time
from dataclasses import replace

from fakes import pictures
from fakes.built_site import picture_with_gps
from fakes.dask_cluster import key_of
from fakes.originals import SMALL, CountingEncoder
from pelican_photos.executor import executor_of
from pelican_photos.publish.cluster import Cluster
from pelican_photos.publish.cluster_orders import Recipe
from pelican_photos.renditions import Renditions

WEBP = Recipe(quality=78, formats=("webp",))
MADE = ".pelican-photos/renditions/"
NOBODY = "tcp://127.0.0.1:9"  # listens there


class Builder:
    """A site with published photos, built by whatever machine comes by; ``workers`` may be none."""

    def __init__(self, run, workers, photos=4, size=(400, 300)):
        self.run, self.site, self.server, self.workers = run, run.site, run.server, workers
        self.site.slugs = [f"2024-05-{day:02}-boats" for day in range(1, photos + 1)]
        for slug in self.site.slugs[1:]:
            file = io.BytesIO()
            pictures.noise(*size).save(file, "JPEG", quality=90)
            self.site.write_original(slug, file.getvalue())
        self.site.write_original(self.site.slugs[0], picture_with_gps())
        self.said, self.heard = [], []  # each sentence, and when it was said
        run()
        self.server.forget()

    def say(self, line):
        self.said.append(line)
        self.heard.append(time.monotonic())

    @property
    def originals(self):
        return [path for _, path in self.site.originals()]

    def settings(self, **changes):
        defaults = {
            "s3_endpoint": self.server.url,
            "executor": "dask",
            "dask_scheduler": self.workers.address if self.workers else NOBODY,
        }
        return self.site.settings(**(defaults | changes))

    def build(self, cache="one", *, steps=SMALL, crew=None, progress=None, **changes):
        """Build on a machine that has this cache; gives what was made, and who encoded here."""
        encoder, settings = CountingEncoder(), self.settings(**changes)
        given = (lambda: Cluster(settings, self.say, crew)) if crew else None
        made = Renditions(
            self.site.root / cache,
            steps=steps,
            quality=78,
            formats=settings.formats,
            workers=2,
            encode=encoder,
            elsewhere=given or executor_of(settings, self.say),
        ).render(self.originals, progress)
        return described(made), set(encoder.sizes)

    def made(self):
        """What workers have put into the bucket."""
        stored = self.server.objects("originals", manifest=True)
        return {key: each for key, each in stored.items() if key.startswith(MADE)}

    def read(self, slug):
        """The keys under which an original was read from the bucket."""
        return [
            key_of(each)
            for each in self.server.requests
            if each.method == "GET" and each.key.endswith(f"{slug}.jpg")
        ]


def described(made):
    """Everything that pages see of pictures, and the bytes."""
    return {
        path.name: (
            replace(entry, renditions=(), alternatives=()),
            [
                (each.name, each.file.read_bytes())
                for each in (*entry.renditions, *entry.alternatives)
            ],
        )
        for path, entry in made.items()
    }
