"""A connection to an S3-compatible server: its address, its region, its patience."""

import gc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import botocore.session
from botocore.config import Config
from botocore.exceptions import InvalidRegionError
from botocore.handlers import (
    add_expect_header,
    convert_body_to_file_like_object,
    handle_expires_header,
)
from botocore.loaders import Loader

from pelican_photos.errors import SettingsError
from pelican_photos.publish.answer_parser import QuickAnswers
from pelican_photos.publish.parallel import WORKERS
from pelican_photos.publish.refusals import one_sentence, quiet_about_secrets, scrubbed
from pelican_photos.publish.wire import time_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Server(Protocol):
    """Where to connect to; the settings say so."""

    @property
    def s3_endpoint(self) -> str:
        """The address; "" is AWS."""

    @property
    def s3_region(self) -> str:
        """The region; "" is that of boto3's own configuration."""


@contextmanager
def connected(
    settings: Server, *, attempts: int = 5, patience: tuple[int, int] = (10, 60)
) -> Iterator["S3Client"]:
    """Open a client of the server in ``PHOTOS_S3_ENDPOINT``, or of AWS.

    ``patience`` is in seconds: for the connection, and for the answer.

    Raises:
        PublishError: there are no credentials, or no region.
        SettingsError: the address of the server is none.
    """
    quiet_about_secrets()
    config = Config(
        connect_timeout=patience[0],
        read_timeout=patience[1],
        max_pool_connections=WORKERS,
        user_agent="pelican-photostream",  # botocore's own is composed twice for each request
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        parameter_validation=False,  # a sixth of what a request costs, to check what we wrote here
        retries={"mode": "standard", "total_max_attempts": attempts},
        s3={
            "addressing_style": "path" if settings.s3_endpoint else "auto",
            "payload_signing_enabled": True,
        },
    )
    with one_sentence("no connection to the bucket"):
        session = new_session()
        region = settings.s3_region or session.get_config_variable("region")
        try:
            with _to_stay():
                client: Any = session.create_client(
                    "s3",
                    config=config,
                    endpoint_url=settings.s3_endpoint or None,
                    # Other servers sign for this region when theirs has no name.
                    region_name=region or ("us-east-1" if settings.s3_endpoint else None),
                )
        except InvalidRegionError:
            raise SettingsError(f"PHOTOS_S3_REGION: {region!r} is no region") from None
        except ValueError:
            raise SettingsError(
                f"PHOTOS_S3_ENDPOINT is {scrubbed(settings.s3_endpoint)!r}, which is no address"
            ) from None
    _hurry(client)
    with closing(client):
        yield client


def _hurry(client: "S3Client") -> None:
    """Leave out what costs time with each request, and changes nothing of ours."""
    events = client.meta.events
    # A body in memory is sent at once: to ask first whether it is welcome costs a journey more,
    # and to wrap it into a file, three pieces of it on the wire.
    events.unregister("before-call.s3", add_expect_header)
    events.unregister("before-parameter-build.s3.PutObject", convert_body_to_file_like_object)
    # It looks through all that an answer may hold for a field that nobody here asks for.
    events.unregister("before-parse.s3.*", handle_expires_header)


@contextmanager
def _to_stay() -> Iterator[None]:
    """Load what stays to the end: it is not looked through for garbage meanwhile, nor later.

    That costs a quarter of a publish that changes nothing.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()


class _Models(Loader):
    """The descriptions of services that come with botocore: of those alone that are spoken here.

    To see which there are at all, botocore looks into four hundred folders.
    """

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's
        return ["cloudfront", "iam", "s3", "s3control", "sts"]


_models = cache(_Models)


def new_session() -> botocore.session.Session:
    """Start a session that reads descriptions, listings and times in a fraction of the time.

    It is botocore's own: boto3 puts resources and transfers around it, which are not used here
    and take as long to load as the rest.
    """
    session = botocore.session.get_session()
    # The description of S3 is a megabyte of JSON, and the same for every publish.
    session.register_component("data_loader", _models())
    parsers = QuickAnswers()
    parsers.set_parser_defaults(timestamp_parser=time_of)
    session.register_component("response_parser_factory", parsers)
    return session
