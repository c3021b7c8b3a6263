"""The sample posts as the folder that Instaloader would have made of them."""

import json
import lzma
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from pelican_photos.demo.node import comments_of, structure_of
from pelican_photos.demo.pictures import SIZES, Metadata, draw, jpeg
from pelican_photos.demo.posts import Account, Drawing, SamplePost, read_sample
from pelican_photos.demo.video import SIZE, film
from pelican_photos.errors import PhotosError

Progress = Callable[[int, int], None]
_Job = Callable[[], None]


def write_sample(folder: Path, *, count: int = 40, progress: Progress | None = None) -> None:
    """Write the newest ``count`` posts of the sample account into a folder.

    The same ``count`` always gives the same files with the same bytes and, as with
    Instaloader, with the time of their post.  ``progress`` hears how many pictures and
    videos are drawn, and of how many.

    Raises:
        PhotosError: the folder cannot be written, or there are not so many posts.
    """
    account, posts = read_sample()
    if not 1 <= count <= len(posts):
        raise PhotosError(f"{count} sample posts: there are 1 to {len(posts)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        jobs = [job for post in posts[:count] for job in _write_post(folder, account, post)]
        # Two threads for each core: Pillow lets go of Python's lock only while it works.
        with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
            drawn = [pool.submit(job) for job in jobs]
            try:
                for done, finished in enumerate(as_completed(drawn), start=1):
                    finished.result()
                    if progress:
                        progress(done, len(jobs))
            except BaseException:  # Ctrl-C too: what has not begun need not be drawn
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    except OSError as error:
        raise PhotosError(f"{folder} cannot be written: {error.strerror or error}") from error


def _write_post(folder: Path, account: Account, post: SamplePost) -> Iterator[_Job]:
    """Write what is text, and give a job for each picture and video."""
    stem = f"{post.taken:%Y-%m-%d_%H-%M-%S}_UTC"
    moment = int(post.taken.timestamp())
    structure = json.dumps(structure_of(account, post), separators=(",", ":")).encode()
    _write(folder / f"{stem}.json.xz", lzma.compress(structure, check=lzma.CHECK_NONE), moment)
    if post.caption:
        _write(folder / f"{stem}.txt", post.caption.encode(), moment)
    if comments := comments_of(account, post):
        text = json.dumps(comments, indent=4, sort_keys=True)
        _write(folder / f"{stem}_comments.json", text.encode(), moment)
    for position, drawing in enumerate(post.drawings, start=1):
        name = f"{stem}_{position}" if len(post.drawings) > 1 else stem
        yield partial(_write_drawing, folder / name, drawing, moment)


def _write_drawing(path: Path, drawing: Drawing, moment: int) -> None:
    """Draw a picture, or a video and its poster, beside its post's JSON."""
    if drawing.is_video:
        video, poster = film(drawing.motif, drawing.mood, SIZE)
        _write(path.with_name(f"{path.name}.mp4"), video, moment)
        data = jpeg(poster, Metadata())
    else:
        picture = draw(drawing.motif, drawing.mood, SIZES[drawing.shape])
        data = jpeg(picture, drawing.metadata)
    _write(path.with_name(f"{path.name}.jpg"), data, moment)


def _write(path: Path, data: bytes, moment: int) -> None:
    path.write_bytes(data)
    os.utime(path, (moment, moment))
