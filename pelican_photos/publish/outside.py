"""What answers somebody who has no key: plain requests, as anybody on the web could send them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from pelican_photos.errors import PhotosError
from pelican_photos.publish.anonymous import look
from pelican_photos.publish.parallel import WORKERS, Progress, in_parallel

# Nothing there, or nothing without a key; some S3 servers answer 400 or 401 where none signs.
_GONE = frozenset({400, 401, 403, 404, 410})
_as_a_stranger = partial(look, follow=True, patience=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Which of some addresses still answer, and which could not be asked; each with the reason."""

    still: tuple[str, ...]
    unknown: tuple[str, ...]


def addresses(base: str, keys: Iterable[str], token: str) -> list[str]:
    """Give the addresses of keys below ``base``; with ``token`` also one that no cache knows."""
    found = []
    for key in keys:
        address = f"{base.rstrip('/')}/{quote(key)}"
        each = [address]
        if address.endswith("/index.html"):
            each.append(address.removesuffix("index.html"))
        found += [*each, *(f"{one}?purged={token}" for one in each if token)]
    return found


def still_answering(
    urls: Sequence[str], *, waits: Sequence[float], pause: Callable[[float], None], ask: Progress
) -> Answers:
    """Ask for each address; those that answer are asked again after each wait (in seconds)."""
    waiting, unknown = list(urls), list[str]()
    for wait in (0, *waits):
        if wait:
            pause(wait)
        answered, failed = list[tuple[str, int]](), list[str]()
        asked = in_parallel(_as_a_stranger, waiting, WORKERS)
        for done, (url, answer) in enumerate(asked, start=1):
            ask("asking from outside", done, len(waiting))
            if isinstance(answer, PhotosError):
                raise answer
            if answer.problem:
                failed.append(f"{url}: cannot be reached: {answer.problem}")
            elif answer.status not in _GONE:
                answered.append((url, answer.status))
        unknown += failed
        waiting = [url for url, _ in answered]
        if not waiting:
            break
    still = tuple(f"{url} answers {status}" for url, status in sorted(answered))
    return Answers(still=still, unknown=tuple(sorted(unknown)))
