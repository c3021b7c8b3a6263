"""What a server sends of an object: the right one, from the right place on, and all of it."""

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from botocore.exceptions import (
    ClientError,
    HTTPClientError,
    IncompleteReadError,
)
from urllib3.exceptions import HTTPError

from pelican_photos.errors import BrokenOff, Overtaken
from pelican_photos.publish.digests import BLOCK
from pelican_photos.publish.refusals import code_of

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

_ANOTHER = frozenset({"PreconditionFailed", "412", "InvalidRange", "416", "NoSuchKey", "404"})


def the_rest(etag: str, start: int) -> dict[str, str]:
    """Ask for an object from ``start`` on, if it still has this ETag; whole when that is 0."""
    if not start:
        return {}
    is_plain = etag.isascii() and etag.isprintable()  # as it has to be in a header
    return {"Range": f"bytes={start}-"} | ({"IfMatch": f'"{etag}"'} if is_plain else {})


def refuse_another(error: ClientError, key: str) -> None:
    """Say so when a refusal means that the object is not the one that was listed.

    Raises:
        Overtaken: it is another one by now, or gone.
    """
    if code_of(error) in _ANOTHER:
        raise _another(key) from None


def incoming(
    answer: "GetObjectOutputTypeDef", key: str, etag: str, size: int, start: int
) -> Iterator[bytes]:
    """Yield what was asked for of an object of ``size`` bytes, in pieces of ``BLOCK``.

    A server that does not know ranges sends the whole: what is here already is passed over.

    Raises:
        BrokenOff: it ended too early.
        Overtaken: it is another object than the one with this ETag.
    """
    with closing(answer["Body"]) as body:
        begin = start if answer.get("ContentRange", "").startswith(f"bytes {start}-") else 0
        length = answer.get("ContentLength", size - begin)
        if answer.get("ETag", "").strip('"') != etag or begin + length != size:
            raise _another(key)
        done = begin
        while done < size:
            piece = _read(body, size - done, key)
            done += len(piece)
            wanted = piece[max(len(piece) - (done - start), 0) :] if done > start else b""
            if wanted:
                yield wanted


def _read(body: "StreamingBody", lacking: int, key: str) -> bytes:
    """Read a piece, never more than is lacking: a server may have no end."""
    try:
        piece = body.read(min(BLOCK, lacking))
    except (HTTPClientError, IncompleteReadError, HTTPError):
        piece = b""
    if not piece:
        raise BrokenOff(f"{key} broke off again and again; check the network, then pull again")
    return piece


def _another(key: str) -> Overtaken:
    return Overtaken(f"{key} has changed in the bucket meanwhile; pull again")
