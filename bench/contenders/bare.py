"""A bare boto3 loop, which lists, compares and sends, or fetches: ROOT URL BUCKET PHASE."""

import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from botocore.config import Config


def main(root: Path, url: str, bucket: str, phase: str) -> None:
    config = Config(max_pool_connections=10, s3={"addressing_style": "path"})
    client = boto3.client("s3", endpoint_url=url, config=config)
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    there = {
        entry["Key"]: (entry["Size"], entry["ETag"].strip('"'))
        for page in pages
        for entry in page.get("Contents", [])
    }
    folder = root / ("content" if phase == "pull" else "output")

    def put(path: Path) -> None:
        key, body = path.relative_to(folder).as_posix(), path.read_bytes()
        if there.get(key) != (len(body), hashlib.md5(body).hexdigest()):
            client.put_object(Bucket=bucket, Key=key, Body=body, ContentType="image/webp")

    def get(key: str) -> None:
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(client.get_object(Bucket=bucket, Key=key)["Body"].read())

    with ThreadPoolExecutor(10) as pool:
        if phase == "pull":
            list(pool.map(get, [key for key in there if not (folder / key).exists()]))
        else:
            list(pool.map(put, [path for path in folder.rglob("*") if path.is_file()]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
