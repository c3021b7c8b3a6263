"""What one publish changed: each object as it was before, and as it was after.

Pure.  It lies beside the manifest, one for each publish, and is what ``invoke undo`` goes by.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pelican_photos.publish.manifest import (
    VERSION,
    Manifest,
    Publication,
    known_of,
    packed,
    publication_of,
    unpacked,
)
from pelican_photos.publish.objects import Known


@dataclass(frozen=True, slots=True)
class Step:
    """One object; None where there was or is none of ours."""

    before: Known | None
    after: Known | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The steps of one publish by their keys, and what the manifest said of the rest before."""

    publication: Publication
    previous: Publication
    steps: Mapping[str, Step]


def journal_of(before: Manifest, after: Manifest) -> Journal:
    """Compare the manifests before and after a publish."""
    keys = {
        key
        for key in {*before.objects, *after.objects}
        if before.objects.get(key) != after.objects.get(key)
    }
    return Journal(
        publication=after.publication,
        previous=before.publication,
        steps={key: Step(before.objects.get(key), after.objects.get(key)) for key in sorted(keys)},
    )


def written(journal: Journal) -> bytes:
    """Write a journal: JSON behind gzip."""
    steps = {
        key: [step.before and step.before.row(), step.after and step.after.row()]
        for key, step in journal.steps.items()
    }
    return packed(
        {
            "version": VERSION,
            "publication": asdict(journal.publication),
            "previous": asdict(journal.previous),
            "steps": steps,
        }
    )


def read(content: bytes) -> Journal:
    """Read a journal back.

    Raises:
        PublishError: a later version of this package wrote it.
        ValueError: it is damaged.
    """
    try:
        data: Any = unpacked(content)
        return Journal(
            publication=publication_of(data["publication"]),
            previous=publication_of(data["previous"]),
            steps={key: _step(*pair) for key, pair in data["steps"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("the journal in the bucket is damaged") from error


def _step(before: Any, after: Any) -> Step:
    return Step(before and known_of(before), after and known_of(after))
