"""The servers that may stand behind the recorder, and how each one's buckets are looked into.

``PHOTOS_TEST_S3`` names the one of a whole run: moto (as a rule), iam, rclone or radosgw.  What
one of them cannot do is named in ``lacks``, with a sentence; ``@needs`` skips a test by it.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import moto.backends as moto_backends
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import FakeKey

BUCKETS = ("originals", "site")
NAMES = ("moto", "iam", "rclone", "radosgw")
CHOSEN = os.environ.get("PHOTOS_TEST_S3") or "moto"
# Where all of them have to be tried, a missing one is a failure.
REQUIRED = os.environ.get("PHOTOS_REQUIRE_SERVERS", "") not in ("", "0")


def needs(*capabilities: str):
    """Mark a test as one for servers that can do so much."""
    return pytest.mark.needs(*capabilities)


@dataclass(frozen=True)
class Stored:
    body: bytes
    etag: str
    content_type: str
    cache_control: str


class Server(Protocol):
    """What stands behind the recorder."""

    lacks: Mapping[str, str]  # what it cannot do: a sentence each

    def answer(self, environ, start):
        """Answer a request to S3 (WSGI)."""

    def begin(self) -> None:
        """Be as new: two empty buckets."""

    def put(self, bucket: str, key: str, body: bytes) -> None: ...

    def remove(self, bucket: str, key: str) -> None: ...

    def objects(self, bucket: str, *, ours: bool) -> dict[str, Stored]:
        """Give every object, without those of the publisher's own unless ``ours``."""

    def unfinished(self, bucket: str) -> list[str]:
        """The uploads in parts that were neither completed nor taken back."""

    def keep_versions(self, bucket: str) -> None:
        """Let every version of an object stay."""

    def versions(self, bucket: str) -> dict[str, list[bytes | None]]:
        """The bodies of every version, the oldest first; None is a delete marker."""

    def lose_history(self, bucket: str, key: str) -> None:
        """Lose every version of an object but the newest."""


class Moto:
    """moto, in this process: no request is needed to look into it."""

    lacks: Mapping[str, str] = {
        "access control": "moto alone lets every key do everything; IAM mode asks for rights"
    }

    def __init__(self, app) -> None:
        self.answer = app

    def begin(self) -> None:
        moto_backends.get_backend("s3").reset()
        for bucket in BUCKETS:
            self.backend.create_bucket(bucket, "us-east-1")

    def put(self, bucket: str, key: str, body: bytes) -> None:
        self.backend.put_object(bucket, key, body)

    def remove(self, bucket: str, key: str) -> None:
        self.backend.delete_object(bucket, key)

    def objects(self, bucket: str, *, ours: bool) -> dict[str, Stored]:
        return {
            name: Stored(
                key.value,
                key.etag.strip('"'),
                key.metadata.get("content-type", ""),
                key.metadata.get("cache-control", ""),
            )
            for name, key in self.backend.get_bucket(bucket).keys.items()
            if (ours or ".pelican-photos/" not in name) and isinstance(key, FakeKey)
        }

    def unfinished(self, bucket: str) -> list[str]:
        return list(self.backend.get_bucket(bucket).multiparts)

    def keep_versions(self, bucket: str) -> None:
        self.backend.put_bucket_versioning(bucket, "Enabled")

    def versions(self, bucket: str) -> dict[str, list[bytes | None]]:
        stored = self.backend.get_bucket(bucket).keys
        return {
            key: [each.value if isinstance(each, FakeKey) else None for each in stored.getlist(key)]
            for key in stored
        }

    def lose_history(self, bucket: str, key: str) -> None:
        stored = self.backend.get_bucket(bucket).keys
        stored.setlist(key, stored.getlist(key)[-1:])

    @property
    def backend(self):
        return moto_backends.get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"]


@contextmanager
def server_of(name: str, moto_app, folder: Path) -> Iterator[Server]:
    """Start the server of this name, with its files in ``folder``; skip where it is missing."""
    from fakes import s3_iam, s3_processes  # noqa: PLC0415 - they import this module

    with ExitStack() as stack:
        if name == "moto":
            yield Moto(moto_app)
        elif name == "iam":
            yield stack.enter_context(s3_iam.moto_with_iam(moto_app))
        elif name == "rclone":
            _have(name, "rclone")
            yield stack.enter_context(s3_processes.rclone(folder))
        elif name == "radosgw":
            _have(name, "radosgw", "ceph-mon", "ceph-osd", "ceph", "monmaptool", "radosgw-admin")
            yield stack.enter_context(s3_processes.radosgw(folder))
        else:
            raise ValueError(f"PHOTOS_TEST_S3 is {name!r}, and none of {', '.join(NAMES)}")


def _have(name: str, *programs: str) -> None:
    missing = [program for program in programs if shutil.which(program) is None]
    if missing and (REQUIRED or name == CHOSEN):
        pytest.fail(f"{', '.join(missing)} is to be tried, and not installed")
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")
