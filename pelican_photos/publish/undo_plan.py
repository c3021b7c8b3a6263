"""What takes a publish back: its journal, compared with what one bucket lists by now.

Pure.  Who lists is ``s3.py`` and ``versions.py``, and who acts on the plan ``undo.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pelican_photos.publish.classify import stage_of
from pelican_photos.publish.journal import Journal, Step
from pelican_photos.publish.manifest import Manifest, Publication
from pelican_photos.publish.objects import Known, Remote, Role, Stage, Version


class Verb(StrEnum):
    """What is done to an object."""

    BRING_BACK = "bring back"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One object to change; ``known`` is what it shall be, or what is to go."""

    key: str
    verb: Verb
    stage: Stage
    known: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPlan:
    """What to do in one bucket."""

    moves: tuple[Move, ...] = ()  # by stage, then by key; the deletes last
    settled: Mapping[str, Known | None] = field(default_factory=dict)  # as it was, or none of ours
    changed: tuple[str, ...] = ()  # what somebody else has changed since
    touched: Mapping[str, Role] = field(default_factory=dict)  # what a viewer saw change

    def __str__(self) -> str:
        back = sum(move.verb is Verb.BRING_BACK for move in self.moves)
        return f"{back:,} to bring back, {len(self.moves) - back:,} to delete"


def plan_undo(
    steps: Mapping[str, Step],
    remote: Mapping[str, Remote],
    sent: Mapping[str, Known],
    *,
    photos: str,
    overwrite: bool = False,
) -> UndoPlan:
    """Compare a journal with a bucket.

    ``sent`` is what this machine put there and no manifest tells of, as an undo that was
    killed leaves it.  With ``overwrite`` what somebody else has changed is brought back as
    well; what the publish had created and is somebody else's by now stays in any case.
    """
    moves, settled, changed = list[Move](), dict[str, Known | None](), list[str]()
    for key, step in steps.items():
        there = remote.get(key)
        if _is_undone(step, there, sent.get(key)):
            settled[key] = _as_it_lies(step, there, sent.get(key))
        elif not _is_as_published(step, there) and not overwrite:
            changed.append(key)
        elif step.before is not None:
            moves.append(_move(key, Verb.BRING_BACK, step.before, photos))
        elif step.after is not None and _is_as_published(step, there):
            moves.append(_move(key, Verb.DELETE, step.after, photos))
        else:
            settled[key] = None
    moves.sort(key=lambda move: (move.verb is Verb.DELETE, move.stage, move.key))
    touched = {key: role for key, step in steps.items() if (role := _touched(step)) is not None}
    return UndoPlan(
        moves=tuple(moves), settled=settled, changed=tuple(sorted(changed)), touched=touched
    )


def sources(
    plan: UndoPlan, versions: Mapping[str, Sequence[Version]]
) -> tuple[dict[str, Version], tuple[str, ...]]:
    """Find the version that each object is brought back from, and name those that have none."""
    found: dict[str, Version] = {}
    for move in plan.moves:
        if move.verb is Verb.BRING_BACK:
            for version in versions.get(move.key, ()):
                if version.etag == move.known.etag and version.size == move.known.size:
                    found.setdefault(move.key, version)
    wanted = (move.key for move in plan.moves if move.verb is Verb.BRING_BACK)
    return found, tuple(key for key in wanted if key not in found)


def keeps_none(versions: Mapping[str, Sequence[Version]]) -> bool:
    """Tell whether what is replaced or deleted would be lost.

    What was put while the bucket kept no versions, or kept them no longer, is one such.
    """
    latest = (version for each in versions.values() for version in each if version.is_latest)
    return not versions or any(version.etag and version.id == "null" for version in latest)


def objects_after(
    manifest: Manifest, plan: UndoPlan, restored: Mapping[str, Known]
) -> dict[str, Known]:
    """Say which objects are ours once all moves are made."""
    objects = dict(manifest.objects)
    gone: dict[str, Known | None] = {
        move.key: None for move in plan.moves if move.verb is Verb.DELETE
    }
    for key, known in {**plan.settled, **gone, **restored}.items():
        if known is None:
            objects.pop(key, None)
        else:
            objects[key] = known
    return objects


def fits(journal: Journal, manifest: Manifest) -> bool:
    """Tell whether nothing was published since; a publish that died may have left another."""
    return bool(journal.steps) and all(
        manifest.objects.get(key) == step.after for key, step in journal.steps.items()
    )


def last_publish(last: Mapping[str, Journal]) -> Publication | None:
    """Say which of the last publishes of some buckets was the last of all.

    Clocks of machines differ: what another one followed upon is older, whatever its time.
    """
    older = {journal.previous.identity for journal in last.values()}
    found = [journal.publication for journal in last.values()]
    newer = [each for each in found if each.identity not in older] or found
    return max(newer, key=lambda each: each.at, default=None)


def unfinished(last: Mapping[str, Journal]) -> tuple[str, ...]:
    """Name the buckets in which the last publish of all, an undo, has yet to be made."""
    newest = last_publish(last)
    if newest is None or not newest.undoes:
        return ()
    return tuple(name for name, each in last.items() if each.publication.identity == newest.undoes)


def taking_part(last: Mapping[str, Journal]) -> tuple[str, ...]:
    """Name the buckets that the last publish changed, or in which its undo is not complete.

    A bucket that it left alone has an older publish as its last: that one stays.
    """
    newest = last_publish(last)
    same = (
        name
        for name, each in last.items()
        if newest is not None and each.publication.identity == newest.identity
    )
    return unfinished(last) or tuple(same)


def _move(key: str, verb: Verb, known: Known, photos: str) -> Move:
    return Move(key=key, verb=verb, stage=stage_of(key, known.role, photos), known=known)


def _is_undone(step: Step, there: Remote | None, sent: Known | None) -> bool:
    if step.before is None or there is None:
        return step.before is None and there is None
    if sent is not None and sent.etag == there.etag:
        return _content(sent) == _content(step.before)
    if there.etag != step.before.etag:
        return False
    # Other headers under one ETag cannot be told apart from here; unknown ones were never wanted.
    return step.after is None or step.after.etag != there.etag or not _reheaded(step)


def _as_it_lies(step: Step, there: Remote | None, sent: Known | None) -> Known | None:
    if step.before is not None and sent is not None and there and sent.etag == there.etag:
        return sent
    return step.before


def _reheaded(step: Step) -> bool:
    before, after = step.before, step.after
    return bool(before and after and before.content_type and _headers(before) != _headers(after))


def _is_as_published(step: Step, there: Remote | None) -> bool:
    if step.after is None or there is None:
        return step.after is None and there is None
    return step.after.etag == there.etag


def _touched(step: Step) -> Role | None:
    """Give the side of an object whose bytes or headers the publish changed."""
    before, after = step.before, step.after
    if before and after and before.etag == after.etag and not _reheaded(step):
        return None
    known = after or before
    return known.role if known else None


def _content(known: Known) -> tuple[str, str, str]:
    return known.sha256, *_headers(known)


def _headers(known: Known) -> tuple[str, str]:
    return known.content_type, known.cache_control


def lines_of(plan: UndoPlan) -> Iterator[str]:
    """Say each move in a line, in the order in which it would be made."""
    for move in plan.moves:
        yield f"  {move.verb} {move.key}"
