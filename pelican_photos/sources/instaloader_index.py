"""A first look through a folder of Instaloader's: which posts there are, whose, and in what order.

Each JSON file is read once and let go again; what stays is some hundred bytes a post.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pelican_photos.errors import SourceError, SourceOutdated
from pelican_photos.model import Post, Unreadable
from pelican_photos.sources.instagram_json import owner_id_of, post_of, uid_of
from pelican_photos.sources.instaloader_files import (
    PICTURES,
    DatedName,
    dated_name,
    files_below,
    json_stem,
    kind_of,
    node_in,
    read_json,
)
from pelican_photos.sources.loose_json import as_line

_KINDS = {
    "StoryItem": "story items",
    "Profile": "profiles",
    "Hashtag": "hashtags",
    "FrozenNodeIterator": "resume files",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What a folder offers: uids, newest first, with where each post is."""

    files: Mapping[str, tuple[str, ...]]  # uid → its JSON files; without any, its pictures
    unreadable: tuple[Unreadable, ...]
    skipped: Counter[str]


@dataclass(frozen=True, slots=True)
class _Sighting:
    uid: str
    file: str  # from the root, with slashes: JSON, or without any a picture or video
    published: datetime
    owner: str = ""
    owner_id: str = ""
    coauthors: tuple[str, ...] = ()


@dataclass(slots=True)
class _Notes:
    root: Path
    sightings: list[_Sighting] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    stems: dict[str, str] = field(default_factory=dict)  # uid → stem, of what has no JSON


def index_of(root: Path, owner: str = "") -> Index:
    """Look through a folder and all below it.

    Args:
        root: the folder, resolved.
        owner: a user name or an account's number; without one the owner is whoever
            has most posts here.  Posts that name no owner are taken for the owner's.

    Raises:
        SourceError: the folder is missing, cannot be read, or holds no post to give.
    """
    if not root.is_dir():
        raise SourceError(f"{as_line(str(root))}: there is no such folder; check the path")
    notes = _Notes(root)
    try:
        for directory, names in files_below(root):
            _look_into(directory, names, notes)
    except OSError as error:
        where = as_line(str(error.filename or root))
        raise SourceError(f"{where}: cannot be read ({error.strerror}); allow it first") from error

    own = _owned(notes, owner)
    unreadable = _still_unreadable(notes)
    if not own and not unreadable:
        raise SourceError(
            f"{as_line(str(root))}: no posts here; Instaloader's are *.json.xz or *.json files,"
            " or pictures named like 2023-07-30_09-15-37_UTC.jpg"
        )
    return Index(files=_by_uid(own), unreadable=unreadable, skipped=notes.skipped)


def detect(path: Path) -> bool:
    """Tell whether a folder is one of Instaloader's; it stops at the first sign."""
    if not path.is_dir():
        return False
    try:
        return any(
            dated_name(name) or _is_instaloader_json(directory, name)
            for directory, names in files_below(path)
            for name in names
        )
    except OSError:  # what cannot be listed cannot be imported either, and will say so then
        return False


def _is_instaloader_json(directory: Path, name: str) -> bool:
    file = directory / name
    # An export of Instagram's has JSON files of many megabytes; a post's has kilobytes.
    if not json_stem(name) or not file.is_file() or file.stat().st_size > 2**20:
        return False
    try:
        return bool(kind_of(read_json(Path(os.path.realpath(directory)), name)))
    except SourceOutdated:
        return False


def _look_into(directory: Path, names: list[str], notes: _Notes) -> None:
    stems = {stem for name in names if (stem := json_stem(name))}
    beside, has_posts = set(names), False
    for name in names:
        if json_stem(name) and not _is_comments(name, stems):
            has_posts |= _look_at(directory / name, beside, notes)
    for name in names:
        dated = dated_name(name)
        if dated and dated.stem not in stems:
            _note_bare(directory / name, dated, notes, beside_posts=has_posts)


def _is_comments(name: str, stems: set[str]) -> bool:
    stem = json_stem(name)
    post = stem.removesuffix("_comments")
    return post != stem and (post in stems or dated_name(f"{post}.jpg") is not None)


def _look_at(file: Path, beside: set[str], notes: _Notes) -> bool:
    """Note what one JSON file holds; tell whether it is a post's."""
    where = file.relative_to(notes.root).as_posix()
    node: Mapping[str, object] = {}
    try:
        structure = read_json(notes.root, where)
        kind = kind_of(structure)
        if kind != "Post":
            notes.skipped[_KINDS.get(kind, "other JSON files")] += 1
            return False
        node = node_in(structure)
        post = post_of(node, with_addresses=False)
    except SourceOutdated as error:
        return _note_unreadable(where, node, str(error), notes)
    notes.sightings.append(
        _Sighting(post.uid, where, post.published, post.owner, owner_id_of(node), post.coauthors)
    )
    _note_overwritten(file, post, beside, notes)
    return True


def _note_overwritten(file: Path, post: Post, beside: set[str], notes: _Notes) -> None:
    """Note the pictures of an earlier post of the same second, whose JSON this one's replaced.

    One of the two is an album, ``X_1.jpg``, and the other is not, ``X.jpg``; two of a
    kind share their files as well, and only the shape of the pictures tells.
    """
    stem = json_stem(file.name)
    alone = {f"{stem}{suffix}" for suffix in PICTURES} & beside
    numbered = {f"{stem}_1{suffix}" for suffix in PICTURES} & beside
    if alone and numbered and not {f"{stem}_1.json.xz", f"{stem}_1.json"} & beside:
        lost = min(alone if len(post.media) > 1 else numbered)
        where = as_line(file.with_name(lost).relative_to(notes.root).as_posix())
        reason = (
            f"{where}: of a post of the same second as {post.uid}, whose JSON file is overwritten;"
            " let Instaloader fetch it again with {shortcode} in its --filename-pattern"
        )
        notes.unreadable.append(Unreadable(uid=f"instaloader:{where}", reason=reason))


def _note_unreadable(where: str, node: Mapping[str, object], why: str, notes: _Notes) -> bool:
    name = where.rpartition("/")[2]
    if not node and ("iterator_" in name or name.endswith("_comments.json")):
        notes.skipped["damaged files that hold no post"] += 1
        return False
    uid = uid_of(node) or f"instaloader:{as_line(json_stem(where))}"
    reason = f"{as_line(where)}: {why}" if node else why
    notes.unreadable.append(Unreadable(uid=uid, reason=reason, raw=node))
    return True


def _note_bare(file: Path, dated: DatedName, notes: _Notes, *, beside_posts: bool) -> None:
    stem = file.with_name(dated.stem).relative_to(notes.root).as_posix()
    uid = f"instaloader:{dated.stem}"
    if notes.stems.setdefault(uid, stem) != stem:  # the same second in another folder
        uid = f"instaloader:{as_line(stem)}"
    if not beside_posts:
        where = file.relative_to(notes.root).as_posix()
        notes.sightings.append(_Sighting(uid, where, dated.published))
    else:
        reason = f"{as_line(stem)}: pictures without a JSON file; let Instaloader finish them"
        notes.unreadable.append(Unreadable(uid=uid, reason=reason))


def _still_unreadable(notes: _Notes) -> tuple[Unreadable, ...]:
    """List each post once that no other file tells of."""
    found = {sighting.uid for sighting in notes.sightings}
    found |= {f"instaloader:{as_line(json_stem(s.file))}" for s in notes.sightings}
    missing = {post.uid: post for post in notes.unreadable if post.uid not in found}
    return tuple(missing.values())


def _owned(notes: _Notes, wanted: str) -> list[_Sighting]:
    """Choose the posts of one owner, with those that others wrote together with the owner."""
    names: dict[str, set[str]] = {}  # of each account, by its number
    for sighting in notes.sightings:
        if sighting.owner_id and sighting.owner:
            names.setdefault(sighting.owner_id, set()).add(sighting.owner)
    numbers = {name: number for number in sorted(names) for name in names[number]}

    def account(sighting: _Sighting) -> str:
        return sighting.owner_id or numbers.get(sighting.owner, sighting.owner)

    counts = Counter({s.uid: account(s) for s in notes.sightings if account(s)}.values())
    main = _main_account(counts, names, wanted)
    own_names = names.get(main, {main, wanted} - {""})
    own = [
        sighting
        for sighting in notes.sightings
        if account(sighting) in ("", main) or not own_names.isdisjoint(sighting.coauthors)
    ]
    if counts and not own:
        shown = ", ".join(sorted(set(numbers) | (counts.keys() - names.keys()))[:10])
        raise SourceError(f"{as_line(str(notes.root))}: no posts of {wanted}; there are {shown}")
    foreign = {s.uid for s in notes.sightings} - {s.uid for s in own}
    if foreign:
        notes.skipped["posts of others"] += len(foreign)
    return own


def _main_account(counts: Counter[str], names: Mapping[str, set[str]], wanted: str) -> str:
    candidates: Iterable[str] = counts
    if wanted:
        wanted = wanted.lower()
        candidates = [a for a in counts if a == wanted or wanted in names.get(a, ())]
    return max(sorted(candidates), key=lambda account: counts[account], default="")


def _by_uid(sightings: list[_Sighting]) -> Mapping[str, tuple[str, ...]]:
    newest_first = sorted(sightings, key=lambda s: (-s.published.timestamp(), s.uid, s.file))
    files: dict[str, list[str]] = {}
    for sighting in newest_first:
        files.setdefault(sighting.uid, []).append(sighting.file)
    return {uid: tuple(places) for uid, places in files.items()}
