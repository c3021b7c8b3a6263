"""A small site as a build leaves it, with originals beside their pages."""

import io
from pathlib import Path

from PIL import Image

from pelican_photos.settings import Settings


def picture(number: int, kind: str = "JPEG") -> bytes:
    """Draw a picture; no two numbers below 256 give the same bytes."""
    image = Image.new("RGB", (16, 16), (number % 256, 255 - number % 256, 90))
    image.putpixel((0, 0), (255 - number % 256, number % 256, 10))
    drawn = io.BytesIO()
    image.save(drawn, kind, quality=95)
    return drawn.getvalue()


def picture_with_gps() -> bytes:
    """Draw a picture that says it was taken at 51.5 degrees north."""
    image, exif, drawn = Image.new("RGB", (8, 8), (9, 9, 9)), Image.Exif(), io.BytesIO()
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0)})
    image.save(drawn, "JPEG", exif=exif)
    return drawn.getvalue()


class BuiltSite:
    """A site with photos, each with one rendition and one page."""

    def __init__(self, root: Path, photos: int = 3) -> None:
        self.root = root
        self.content = root / "content"
        self.output = root / "output"
        self.slugs = [f"2024-05-{day:02}-boats" for day in range(1, photos + 1)]
        for number, slug in enumerate(self.slugs):
            self.write_original(slug, picture(number))
            self.write(f"photos/2024/{slug}/640-{number:08x}.webp", picture(number, "WEBP"))
            self.write(f"photos/2024/{slug}/index.html", f"<p>{slug}</p>".encode())
        self.write("photos/index.html", " ".join(self.slugs).encode())
        self.write("index.html", b"<h1>home</h1>")
        self.write("photos/feed.atom", b"<feed/>")
        self.write("theme/css/photostream.1a2b3c4d.css", b"body{}")

    def write(self, key: str, body: bytes) -> Path:
        file = self.output / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        return file

    def write_original(self, slug: str, body: bytes) -> Path:
        file = self.content / "photos" / "2024" / f"{slug}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        return file

    def write_page(self, slug: str, text: str) -> Path:
        file = self.content / "photos" / "2024" / f"{slug}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def originals(self) -> list[tuple[str, Path]]:
        folder = self.content / "photos" / "2024"
        return [(f"photos/2024/{slug}.jpg", folder / f"{slug}.jpg") for slug in self.slugs]

    def settings(self, **changes) -> Settings:
        return Settings(
            **{
                "root": self.root,
                "content": self.content,
                "output": self.output,
                "siteurl": "https://example.org",
                "bucket": "originals",
                "site_bucket": "site",
                "grace_days": 0,
            }
            | changes
        )

    def bodies(self) -> dict[str, bytes]:
        """What should be in the buckets, taken together."""
        found = {key: path.read_bytes() for key, path in self.originals() if path.exists()}
        for path in self.output.rglob("*"):
            if path.is_file():
                found.setdefault(path.relative_to(self.output).as_posix(), path.read_bytes())
        return found
