"""A pull as the task runs it, of the files that ROOT/keys names: ROOT URL BUCKET."""

import sys
from pathlib import Path

from pelican_photos.publish.pull import pull
from pelican_photos.publish_options import PullOptions
from pelican_photos.settings import Settings


def main(root: Path, url: str, bucket: str) -> None:
    content = root / "content"
    settings = Settings(
        root=root, content=content, output=root / "output", bucket=bucket, s3_endpoint=url
    )
    named = [(key, content / key) for key in (root / "keys").read_text().split()]
    pull(settings, named, PullOptions(), say=lambda _: None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:4])
