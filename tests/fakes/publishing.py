"""A publish in a process of its own, so that a test can kill it: ROOT and the server's URL."""

import sys
from pathlib import Path

from pelican_photos.publish import Options, publish
from pelican_photos.settings import Settings


def main(root: Path, url: str) -> None:
    photos = root / "content" / "photos"
    originals = [(f"photos/{file.relative_to(photos)}", file) for file in photos.rglob("*.jpg")]
    settings = Settings(
        root=root,
        content=root / "content",
        output=root / "output",
        siteurl="https://example.org",
        bucket="originals",
        site_bucket="site",
        s3_endpoint=url,
    )
    print(publish(settings, originals, Options(), confirm=lambda _: False, say=lambda _: None))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
