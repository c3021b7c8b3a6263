"""Is this post one that we have already, through another door?  Pure.

Instagram's data export has no shortcodes, and a live post has none of the export's numbers.
So a post that nobody knows by its Uid is compared, the surest sign first: the name of a
file on Instagram's own servers; the time and the caption; the pixels.  Two that fit equally
well are no match: they are told, and never guessed at.
"""

import hashlib
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from pelican_photos.caption import one_line
from pelican_photos.model import Media, Post

# Instagram gives one post's time differently at its endpoints, by seconds; its export dates
# an album by its upload, up to 18 minutes before.
_SAME_MOMENT = timedelta(seconds=5).total_seconds()
_SAME_UPLOAD = timedelta(minutes=20).total_seconds()
_SAME_DAYS = timedelta(days=2).total_seconds()

# Bits of a 64-bit difference hash: the same picture, compressed anew, differs in a few;
# different pictures differ in about 32.
_SAME_PICTURE = 6
_OTHER_PICTURE = 16

_NUMBER_IN_EXPORT = 15  # digits: a number of Instagram's, not a name of an older export


class Features(NamedTuple):
    """What a known post is recognised by."""

    uids: tuple[str, ...]  # its own, then those it has elsewhere
    published: float  # seconds since 1970
    media_count: int
    caption: int  # its digest; 0 without one
    names: tuple[str, ...]  # of its files on Instagram's servers


class Verdict(NamedTuple):
    """The known post that a new one is; or several that it may be, and none of them for sure."""

    uid: str = ""
    rivals: tuple[str, ...] = ()


Look = Callable[[], str]  # the first picture's difference hash; "" when it cannot be had
LookOf = Callable[[str], str]


class Known:
    """The posts that are here already; some hundred bytes each."""

    def __init__(self, features: Iterable[Features] = ()) -> None:
        self._posts: dict[str, Features] = {}
        self._by_name: dict[str, str] = {}
        self._shared: dict[str, set[str]] = defaultdict(set)  # names that several posts have
        self._times: list[tuple[float, str]] = []
        for each in features:
            self.add(each)

    def add(self, post: Features) -> None:
        """Note a post, or what more is known of one."""
        uid = post.uids[0]
        if uid not in self._posts:
            insort(self._times, (post.published, uid))
        self._posts[uid] = post
        for name in post.names:
            if self._by_name.setdefault(name, uid) != uid:
                self._shared[name] |= {self._by_name[name], uid}

    def find(self, post: Post, claimed: Collection[str], look: Look, look_of: LookOf) -> Verdict:
        """Find the post that this one is.

        Args:
            post: one whose Uid is not known, or of which nothing is here: it is not itself.
            claimed: Uids of known posts that this source has given already in this run: a
                source yields each post once, so it is none of these.
            look: gives the new post's first picture; asked only when it has to decide.
            look_of: gives a known post's.
        """
        named = self._fitting(post, claimed, self._named(post))
        if len(named) == 1:
            return Verdict(named[0])
        pictures = _Pictures(look, look_of)
        words = caption_digest(post.caption)
        at_once, soon, near = (
            self._near(post, claimed, seconds)
            for seconds in (_SAME_MOMENT, _SAME_UPLOAD, _SAME_DAYS)
        )
        stages = (
            (named, None),
            (self._worded(at_once, words), None if words else _OTHER_PICTURE),
            (self._worded(soon, words) if words else [], _SAME_PICTURE),
        )
        for likely, most in stages:
            found = [uid for uid in likely if most is None or not pictures.differ(uid)]
            if len(found) > 1 or (found and most and pictures.differ(found[0], most)):
                return _decided(pictures.same_among(found), found)
            if found:
                return Verdict(found[0])
        alike = pictures.same_among(dict.fromkeys((*soon, *self._worded(near, words))))
        if words and not alike:  # an album that lost a photo between two doors looks like this
            changed = self._near(post, claimed, _SAME_MOMENT, of_any_size=True)
            return Verdict(rivals=tuple(self._worded(changed, words)))
        return _decided(alike, alike)

    def _named(self, post: Post) -> set[str]:
        names = {name for media in post.media for name in media.names}
        found = {self._by_name[name] for name in names if name in self._by_name}
        return found.union(*(self._shared[name] for name in names if name in self._shared))

    def _worded(self, uids: Iterable[str], words: int) -> list[str]:
        return [uid for uid in uids if self._posts[uid].caption == words]

    def _near(
        self,
        post: Post,
        claimed: Collection[str],
        seconds: float,
        *,
        of_any_size: bool = False,
    ) -> list[str]:
        """List the posts of about that time, mostly those with as many media."""
        moment = post.published.timestamp()
        first = bisect_left(self._times, (moment - seconds, ""))
        last = bisect_right(self._times, (moment + seconds, "\U0010ffff"))
        uids = {uid for _, uid in self._times[first:last]}
        fitting = self._fitting(post, claimed, uids)
        return [
            uid for uid in fitting if of_any_size or self._posts[uid].media_count == len(post.media)
        ]

    def _fitting(self, post: Post, claimed: Collection[str], uids: set[str]) -> list[str]:
        return sorted(
            uid
            for uid in uids
            if uid not in claimed
            and uid != post.uid
            and not _are_two([post.uid], self._posts[uid].uids)
        )


class _Pictures:
    """Compares pictures; each is looked at once at most, and none before it has to be."""

    def __init__(self, look: Look, look_of: LookOf) -> None:
        self._look = look
        self._look_of = look_of
        self._own: str | None = None

    def differ(self, uid: str, most: int = _OTHER_PICTURE) -> bool:
        """Whether they differ in more bits: by default, whether they are others for sure."""
        distance = self._distance(uid)
        return distance is not None and distance > most

    def same_among(self, uids: Iterable[str]) -> list[str]:
        """Leave those that show the same picture."""
        return [
            uid
            for uid in uids
            if (found := self._distance(uid)) is not None and found <= _SAME_PICTURE
        ]

    def _distance(self, uid: str) -> int | None:
        if self._own is None:
            self._own = self._look()
        theirs = self._look_of(uid) if self._own else ""
        return difference(self._own, theirs) if theirs else None


def difference(look: str, other: str) -> int:
    """Count the bits in which two difference hashes, of 16 hexadecimal digits, differ."""
    return (int(look, 16) ^ int(other, 16)).bit_count()


def caption_digest(caption: str) -> int:
    """Reduce a caption, white space folded, to eight bytes; 0 without any."""
    folded = one_line(caption)
    digest = hashlib.blake2b(folded.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") if folded else 0


def twins(posts: Iterable[Features], look_of: LookOf) -> Iterator[tuple[str, str]]:
    """Find known posts that are one, by twos: two machines had it through different doors."""
    ordered = sorted(posts, key=lambda post: post.published)
    for number, post in enumerate(ordered, start=1):
        for other in islice(ordered, number, None):
            if other.published - post.published > _SAME_UPLOAD:
                break
            if _may_be_twins(post, other) and _look_like_one(post, other, look_of):
                yield post.uids[0], other.uids[0]


def _may_be_twins(post: Features, other: Features) -> bool:
    return (
        post.media_count == other.media_count
        and not _are_two(post.uids, other.uids)
        and (post.caption == other.caption or not set(post.names).isdisjoint(other.names))
    )


def _look_like_one(post: Features, other: Features, look_of: LookOf) -> bool:
    if not set(post.names).isdisjoint(other.names):
        return True
    looks = look_of(post.uids[0]), look_of(other.uids[0])
    if all(looks):
        return difference(*looks) <= _SAME_PICTURE
    return bool(post.caption) and other.published - post.published <= _SAME_MOMENT


class Mark(NamedTuple):
    """What a stored medium is known by."""

    id: str
    names: tuple[str, ...]
    kind: str = ""  # as a medium's; "" when the ledger does not say


def aligned(stored: Sequence[Mark], media: Sequence[Media]) -> tuple[int | None, ...]:
    """Find each stored medium among those of a post: its number there, or None.

    By Instagram's id, else by the name of its file; by its place among those of its kind only
    when neither is known, and while there are as many as before: exports before 2021 list the
    videos of an album behind its pictures.  No two are ever given the same one: of media that
    have all their marks in common, the first is the first.
    """
    places: list[int | None] = [None] * len(stored)
    free = set(range(len(media)))
    by_kind = _places_by_kind(stored, media)
    for is_it in (_have_one_id, _share_a_name, _may_be_one):
        for number, mark in enumerate(stored):
            offered = sorted(free & {by_kind[number]} if is_it is _may_be_one else free)
            found = next((place for place in offered if is_it(mark, media[place])), None)
            if places[number] is None and found is not None:
                places[number] = found
                free.remove(found)
    return tuple(places)


def additional(stored: Sequence[Mark], media: Sequence[Media]) -> tuple[int, ...]:
    """Find what a post has besides the stored media, by their numbers there.

    None while a stored one is not found among them by its id or name: then nobody can tell
    which are the others.
    """
    places = aligned(stored, media) if len(media) > len(stored) else (None,)
    return () if None in places else tuple(n for n in range(len(media)) if n not in places)


def _places_by_kind(stored: Sequence[Mark], media: Sequence[Media]) -> list[int | None]:
    """Pair the first picture with the first picture, the first video with the first video."""
    said = [mark.kind for mark in stored]
    offered: list[str] = [each.kind for each in media]
    if len(stored) != len(media):
        return [None] * len(stored)
    if sorted(said) != sorted(offered):
        return list(range(len(stored)))
    of_kind = {
        kind: iter([place for place, each in enumerate(offered) if each == kind])
        for kind in set(offered)
    }
    return [next(of_kind[kind]) for kind in said]


def _decided(found: list[str], rivals: list[str]) -> Verdict:
    return Verdict(found[0]) if len(found) == 1 else Verdict(rivals=tuple(rivals))


def _have_one_id(mark: Mark, media: Media) -> bool:
    return bool(mark.id) and mark.id == media.id


def _share_a_name(mark: Mark, media: Media) -> bool:
    return not set(mark.names).isdisjoint(media.names)


def _may_be_one(mark: Mark, media: Media) -> bool:
    return not (mark.id and media.id and mark.id != media.id)


def _are_two(uids: Sequence[str], others: Sequence[str]) -> bool:
    """Tell from their Uids alone that two posts are not the same: one door gave them both.

    Exports before 2021 had other names than later ones, so these say nothing of each other.
    """
    return any(
        door == other_door and name not in {own for _, own in map(_parted, others)}
        for door, name in map(_parted, uids)
        for other_door, other in map(_parted, others)
        if door in ("instagram", "file") or (_is_number(name) and _is_number(other))
    )


def _parted(uid: str) -> tuple[str, str]:
    door, _, name = uid.partition(":")
    return door, name


def _is_number(name: str) -> bool:
    return name.isdecimal() and len(name) >= _NUMBER_IN_EXPORT
