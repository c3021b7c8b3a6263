"""What a worker of the cluster does: read one original from the bucket, put its renditions there.

This runs on another machine, under that machine's own credentials.  Whatever fails travels as
one sentence: an error of boto3's would carry its request along, signature and all.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

from pelican_photos import image_formats, images
from pelican_photos.errors import BrokenOff, ImageError, Overtaken, PhotosError, PublishError
from pelican_photos.publish.classify import SECRET
from pelican_photos.publish.cluster_orders import (
    Answer,
    Order,
    Recipe,
    Refused,
    Storage,
    read,
    written,
)
from pelican_photos.publish.connection import connected
from pelican_photos.publish.s3 import Bucket

# Connections last as long as the worker: to open one takes longer than to encode a thumbnail.
_OPEN = ExitStack()


def encoder(recipe: Recipe) -> str:
    """Say whose pixels this machine makes: what encodes, and what reads an original."""
    makers = [image_formats.maker(form, recipe.quality) for form in sorted(recipe.formats)]
    return "; ".join([*makers, image_formats.reader()])


def reads_orders() -> bool:
    """Be called by a scheduler, which shows that it has this package."""
    return True


def make(order: Order) -> bytes | Refused:
    """Make what was ordered, put it into the bucket, and give the answer as it lies there.

    What lies there already is left as it is, where it is the same.

    Raises:
        PublishError: the bucket cannot be read or written; another attempt may help.
    """
    try:
        return _made(order)
    except Overtaken:
        return Refused(f"{order.source.key} has changed in the bucket since it was published")
    except PhotosError as error:
        problem = str(error)
    raise PublishError(problem)  # anew, so that nothing hangs on to it


def _made(order: Order) -> bytes | Refused:
    if encoder(order.recipe) != order.encoder:
        return Refused(f"it has another encoder: {encoder(order.recipe)}", unfit=True)
    bucket = bucket_of(order.storage)
    found = None if order.anew else bucket.read_if_there(order.answer_key)
    if found is not None and _is_answer(found, order):
        return found
    with tempfile.TemporaryDirectory(prefix="photostream-") as folder:
        original = Path(folder, "original")
        if _fetched(bucket, order, original) != order.digest:
            raise PublishError(f"{order.source.key} is not the original that was published")
        try:
            colour, encoded = _encoded(original, order)
        except ImageError as error:  # it names a file that nobody can look at
            return Refused(str(error).replace(str(original), order.source.key))
    digests = {
        key: _stored(bucket, order.rendition_key(key), data, f"image/{order.wanted[key][1]}")
        for key, data in encoded.items()
    }
    answer = written(Answer(colour=colour, sha256=digests))
    # The last of all: where it lies, all that it names does too.
    bucket.put(
        order.answer_key,
        answer,
        content_type="application/json",
        cache_control=SECRET,
    )
    return answer


def _encoded(original: Path, order: Order) -> tuple[str, dict[str, bytes]]:
    """Give the colour, and the bytes of each rendition by its key."""
    keys = {wanted: key for key, wanted in order.wanted.items()}
    sizes = {form: [size for size, other in keys if other == form] for form in ("webp", "avif")}
    colour, made = images.encode(
        original, sizes["webp"], quality=order.recipe.quality, avif=sizes["avif"]
    )
    return colour, {keys[(each.width, each.height), each.format]: each.data for each in made}


@lru_cache(maxsize=8)
def bucket_of(storage: Storage) -> Bucket:
    """Open a bucket, with this machine's own credentials."""
    client = _OPEN.enter_context(connected(storage))
    return Bucket(client, storage.bucket, storage.prefix, storage.owner)


def _is_answer(content: bytes, order: Order) -> bool:
    try:
        return read(content).is_for(order)
    except ValueError:
        return False  # made anew, and put in its place


def _fetched(bucket: Bucket, order: Order, path: Path) -> str:
    """Bring the original, and give its SHA-256."""
    source, sha256 = order.source, hashlib.sha256()

    def heard() -> Iterator[bytes]:
        for piece in bucket.pieces(source.key, source.etag, source.size):
            sha256.update(piece)
            yield piece

    try:
        with path.open("wb") as file:
            file.writelines(heard())
    except BrokenOff as error:
        raise PublishError(f"{source.key} broke off on its way to the worker") from error
    except OSError as error:
        raise PublishError(f"the worker cannot keep an original: {error.strerror}") from error
    return sha256.hexdigest()


def _stored(bucket: Bucket, key: str, data: bytes, kind: str) -> str:
    """Put a rendition, unless it is there, and give its SHA-256."""
    try:
        bucket.put_if_unchanged(
            key,
            data,
            etag="",
            content_type=kind,
            cache_control=SECRET,
        )
    except Overtaken:
        if bucket.read(key) != data:  # damaged: another worker's would be the same, byte for byte
            bucket.put(key, data, content_type=kind, cache_control=SECRET)
    return hashlib.sha256(data).hexdigest()
