"""Two contenders of ``publish.py``, each a program of its own: our verbs, and a bare boto3 loop.

    python bench/contenders.py ours|bare ROOT URL BUCKET PHASE

They load nothing but what they need: to load it is part of what they cost.
"""

import sys
from pathlib import Path


def ours(root: Path, url: str, bucket: str, phase: str) -> None:
    from pelican_photos.settings import Settings  # noqa: PLC0415 - see above

    settings = Settings(
        root=root,
        content=root / "content",
        output=root / "output",
        siteurl="https://photos.example.org",
        bucket=bucket,
        site_bucket="" if phase == "pull" else bucket,
        s3_endpoint=url,
    )
    if phase == "pull":
        from pelican_photos.publish.pull import pull  # noqa: PLC0415 - see above
        from pelican_photos.publish_options import PullOptions  # noqa: PLC0415 - see above

        pull(settings, named(root), PullOptions(), say=lambda _: None)
        return
    from pelican_photos.publish import Options, publish  # noqa: PLC0415 - see above

    publish(settings, [], Options(), confirm=lambda _: False, say=lambda _: None)


def named(root: Path) -> list[tuple[str, Path]]:
    """The files that the pages would name; where they are missing, too."""
    keys = (root / "keys").read_text().split()
    return [(key, root / "content" / key) for key in keys]


def bare(root: Path, url: str, bucket: str, phase: str) -> None:
    import hashlib  # noqa: PLC0415 - see above
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - see above

    import boto3  # noqa: PLC0415 - see above
    from botocore.config import Config  # noqa: PLC0415 - see above

    config = Config(max_pool_connections=10, s3={"addressing_style": "path"})
    client = boto3.client("s3", endpoint_url=url, config=config)
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    there = {
        entry["Key"]: (entry["Size"], entry["ETag"].strip('"'))
        for page in pages
        for entry in page.get("Contents", [])
    }
    output = root / ("content" if phase == "pull" else "output")

    def put(path: Path) -> None:
        key, body = path.relative_to(output).as_posix(), path.read_bytes()
        if there.get(key) != (len(body), hashlib.md5(body).hexdigest()):
            client.put_object(Bucket=bucket, Key=key, Body=body, ContentType="image/webp")

    def get(key: str) -> None:
        path = output / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(client.get_object(Bucket=bucket, Key=key)["Body"].read())

    with ThreadPoolExecutor(10) as pool:
        if phase == "pull":
            list(pool.map(get, [key for key in there if not (output / key).exists()]))
        else:
            list(pool.map(put, [path for path in output.rglob("*") if path.is_file()]))


if __name__ == "__main__":
    root, *words = sys.argv[2:]
    {"ours": ours, "bare": bare}[sys.argv[1]](Path(root), *words)
