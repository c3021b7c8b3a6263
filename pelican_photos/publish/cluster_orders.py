"""What the building machine asks of a worker, and what a worker answers: both travel.  Pure.

An answer also lies in the bucket, beside the renditions that it is about, so that they are made
once for all machines.  It comes from outside, and is read as such.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pelican_photos.publish.private import rendition_key

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """A bucket, as the settings say it; credentials are nobody's to send."""

    bucket: str
    prefix: str
    owner: str  # account id, or ""
    s3_endpoint: str
    s3_region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An original in the bucket, as it was put there."""

    key: str
    etag: str
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How renditions are encoded."""

    quality: int  # that of WebP
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One original to be read, and what is to be made of it."""

    storage: Storage
    source: Source
    digest: str  # SHA-256 of the original
    wanted: Mapping[str, tuple[tuple[int, int], str]]  # by key: width and height, and format
    recipe: Recipe
    encoder: str  # what the pixels are to be made with
    anew: bool = False  # an answer that lies there is not to be believed

    @property
    def answer_key(self) -> str:
        """Where the answer lies: the keys of all that was asked for make its name."""
        name = hashlib.sha256("\n".join(sorted(self.wanted)).encode()).hexdigest()
        return rendition_key(self.digest, f"{name}.json")

    def rendition_key(self, key: str) -> str:
        """Where a rendition lies."""
        return rendition_key(self.digest, f"{key}.{self.wanted[key][1]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was made."""

    colour: str  # the mean, "#7a6a58"
    sha256: Mapping[str, str]  # of each rendition, by its key

    def is_for(self, order: Order) -> bool:
        """Tell whether it names all that was asked for, and nothing else."""
        return self.sha256.keys() == order.wanted.keys()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a worker made nothing: asked again, it would say the same."""

    problem: str
    unfit: bool = False  # it is the worker's fault: another one may do it


def written(answer: Answer) -> bytes:
    """Write an answer as JSON."""
    content = {"version": 1, "colour": answer.colour, "sha256": dict(sorted(answer.sha256.items()))}
    return json.dumps(content, separators=(",", ":")).encode()


def read(content: bytes) -> Answer:
    """Read an answer.

    Raises:
        ValueError: it is damaged, or of another make.
    """
    try:
        data: Any = json.loads(content)
        answer = Answer(colour=data["colour"], sha256=dict(data["sha256"]))
        known = data["version"] == 1 and _COLOUR.fullmatch(answer.colour)
        known = known and all(_SHA256.fullmatch(each) for each in answer.sha256.values())
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("it is damaged") from error
    if not known:
        raise ValueError("it is damaged, or of another make")
    return answer
