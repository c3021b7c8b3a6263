"""Someone who publishes, and takes it back."""

from datetime import UTC, datetime, timedelta

from fakes.built_site import picture
from fakes.publisher import PAGE, RENDITION
from pelican_photos.publish.undo import Undoing, undo
from pelican_photos.publish_options import Options

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Undoer:
    """Whoever publishes and undoes at one machine, an hour later each time."""

    def __init__(self, run):
        self.run, self.site, self.server = run, run.site, run.server
        self.now = NOW
        self.said = []
        self.key = self.server.keeping  # that of one who undoes

    def publish(self, **options):
        self.now += timedelta(hours=1)
        return self.run(now=self.now, **options)

    def undo(self, *, settings=None, agrees=True, **options):
        self.now += timedelta(hours=1)
        changes = {"s3_endpoint": self.server.url} | (settings or {})
        how = Undoing(
            settings=self.site.settings(**changes),
            options=Options(**options),
            now=self.now,
            progress=lambda *_: None,
        )
        with self.key():
            return undo(how, confirm=lambda _: agrees, say=self.said.append)

    def stored(self):
        """What a visitor could get: bodies and headers, of both buckets."""
        found = self.server.objects("originals") | self.server.objects("site")
        return {
            key: (each.body, each.content_type, each.cache_control) for key, each in found.items()
        }

    def change(self):
        """Another page, a new photo, one rendition less, another picture."""
        slug = "2024-06-01-new"
        self.site.slugs.append(slug)
        self.site.write_original(slug, picture(77))
        self.site.write_original(self.site.slugs[0], picture(78))
        self.site.write(f"photos/2024/{slug}/index.html", b"new")
        self.site.write(PAGE, b"<p>changed</p>")
        self.site.write("photos/index.html", b"changed")
        (self.site.output / RENDITION).unlink(missing_ok=True)
