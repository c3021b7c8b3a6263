"""A publish as the task runs it, of a site that is built: ROOT URL BUCKET."""

import sys
from pathlib import Path

from pelican_photos.publish import Options, publish
from pelican_photos.settings import Settings


def main(root: Path, url: str, bucket: str) -> None:
    settings = Settings(
        root=root,
        content=root / "content",
        output=root / "output",
        siteurl="https://photos.example.org",
        bucket=bucket,
        site_bucket=bucket,
        s3_endpoint=url,
    )
    publish(settings, [], Options(), confirm=lambda _: False, say=lambda _: None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:4])
