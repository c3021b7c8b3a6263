"""An S3 server for the demonstration: moto's, in this process, on loopback, in memory."""

import logging
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from pelican_photos.errors import PhotosError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

REGION = "us-east-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """A server that runs, with one private bucket and credentials that die with it."""

    endpoint: str
    bucket: str
    region: str = REGION
    environment: Mapping[str, str] = field(repr=False)  # what boto3's own chain looks for

    def client(self) -> "S3Client":
        """Make a client that signs with the storage's own credentials; close it after use."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
            config=Config(
                s3={"addressing_style": "path"},
                response_checksum_validation="when_required",
                max_pool_connections=32,
            ),
        )


@contextmanager
def storage(bucket: str = "sample-originals") -> Iterator[Storage]:
    """Run an S3 server on a free port, with an empty private bucket in it.

    Raises:
        PhotosError: moto's server is not installed.
    """
    try:
        # A machine that never runs the demonstration need not have it.
        from moto.moto_server import threaded_moto_server  # noqa: PLC0415 - so only here
    except ImportError as error:
        raise PhotosError(
            "The local S3 server is not installed; run: pip install 'pelican-photostream[dev]'"
        ) from error
    with _quiet("werkzeug"):
        server = threaded_moto_server.ThreadedMotoServer(
            ip_address="127.0.0.1", port=0, verbose=False
        )
        server.start()
        try:
            host, port = server.get_host_and_port()
            made = Storage(
                endpoint=f"http://{host}:{port}", bucket=bucket, environment=_credentials()
            )
            _create_bucket(made)
            yield made
        finally:
            server.stop()


def _create_bucket(made: Storage) -> None:
    client = made.client()
    try:
        client.create_bucket(Bucket=made.bucket)
        client.put_public_access_block(
            Bucket=made.bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )
    finally:
        client.close()


def _credentials() -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": f"AKIA{secrets.token_hex(8).upper()}",
        "AWS_SECRET_ACCESS_KEY": secrets.token_hex(20),
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Keep a logger's request lines off the terminal for a while."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
