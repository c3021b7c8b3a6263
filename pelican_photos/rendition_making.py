"""Who makes the renditions that the cache lacks: other machines where there are any, then this one.

Whatever connects us to other machines is no matter of the cache's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Event
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pelican_photos.errors import PhotosError
from pelican_photos.freed_memory import kept
from pelican_photos.rendition_sizes import Size

if TYPE_CHECKING:
    from pelican_photos import images


class Wanted(NamedTuple):
    """One rendition of a picture."""

    size: Size
    format: str  # "webp" or "avif"


class Encoder(Protocol):
    """What turns a file into WebP and AVIF: ``images.encode``."""

    def __call__(
        self,
        path: Path,
        sizes: Sequence[Size],
        *,
        quality: int,
        avif: Sequence[Size] = (),
        beside: Sequence[Size] = (),
    ) -> "tuple[str, list[images.Encoded]]":
        """Give the mean colour, the WebPs, and the AVIFs."""


class Elsewhere(Protocol):
    """Other machines that make renditions of the same quality: ``publish.cluster``."""

    threads: int  # how many pictures it takes at a time

    def encode(
        self, digest: str, keys: Mapping[Wanted, str], lacking: Sequence[Wanted]
    ) -> "tuple[str, list[images.Encoded]] | None":
        """Give what ``images.encode`` would of the original with this SHA-256, or None.

        ``keys`` are all renditions of it, those that are lacking here among them.  None says
        that they have to be made here after all; this is asked from many threads.

        Raises:
            PhotosError: nothing can be had from there.
        """

    def close(self) -> None:
        """Call off what is under way, and say what came of it; who waits gets a PhotosError."""


Connect = Callable[[], Elsewhere]  # asked when there is something to make; raises PhotosError


class Making:
    """Makes renditions elsewhere, or else here with so many ``workers``.

    What decodes pictures is loaded for the first one: most builds meet none that is new.
    """

    def __init__(
        self, encode: Encoder | None, quality: int, workers: int, connect: Connect | None = None
    ) -> None:
        self._encode = encode
        self._quality = quality
        self._workers = workers
        self._connect = connect
        self._elsewhere: Elsewhere | None = None  # while a pool is lent
        self._here = BoundedSemaphore(workers)
        self._given_back = Event()  # the pool: nobody waits for what is still to be made

    @contextmanager
    def pool(self, pictures: int) -> Iterator[ThreadPoolExecutor]:
        """Lend threads that encode, or wait for what is encoded elsewhere.

        What has not begun when they are given back is dropped.

        Raises:
            PhotosError: what is elsewhere cannot be had.
        """
        self._given_back.clear()
        with kept(min(self._workers, pictures)):
            elsewhere = self._elsewhere = self._connect() if self._connect else None
            threads = max(self._workers, elsewhere.threads if elsewhere else 0)
            with ThreadPoolExecutor(min(threads, pictures), "renditions") as pool:
                try:
                    yield pool
                finally:
                    self._given_back.set()
                    pool.shutdown(wait=False, cancel_futures=True)
                    if elsewhere:
                        elsewhere.close()

    def measured(self, path: Path) -> Size:
        """Give the width and height of an original as it is seen.

        Raises:
            ImageError: it cannot be decoded.
        """
        from pelican_photos import images  # noqa: PLC0415 - for the first picture

        width, height, _ = images.measure(path)
        return width, height

    def encoded(
        self, path: Path, digest: str, keys: Mapping[Wanted, str], lacking: Sequence[Wanted]
    ) -> "tuple[str, list[images.Encoded]]":
        """Give the colour of an original, and the renditions that are lacking, of all ``keys``.

        Raises:
            ImageError: it cannot be decoded.
            PhotosError: what is elsewhere cannot be had.
        """
        from pelican_photos import images  # noqa: PLC0415 - for the first picture

        if self._elsewhere and lacking:  # for its colour alone nobody waits
            made = self._elsewhere.encode(digest, keys, lacking)
            if made is not None:
                return made
        sizes = {
            form: [each.size for each in lacking if each.format == form]
            for form in ("webp", "avif")
        }
        encode = self._encode or images.encode
        with self._here:
            if self._given_back.is_set():
                raise PhotosError(f"{path} was called off")
            return encode(
                path,
                sizes["webp"],
                quality=self._quality,
                avif=sizes["avif"],
                beside=[each.size for each in keys],
            )
