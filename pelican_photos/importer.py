"""Posts in, photos out: decide what each post needs, and say what became of it.

How a post is stored is ``storing.py``'s, how it is merged ``reconciling.py``'s, and how it is
known again ``recognising.py``'s; which source it comes from is nobody's here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pelican_photos.commenting import Commenting
from pelican_photos.errors import PageError, PostMissing
from pelican_photos.ledger import Entry
from pelican_photos.model import Post, Unreadable
from pelican_photos.recognising import Recognising
from pelican_photos.reconciling import Reconciled, Reconciling
from pelican_photos.report import Outcome, Report
from pelican_photos.sources import Source
from pelican_photos.storing import Site, Storing, grown

# So many known posts in a row end a search for the latest; at most three are pinned to the top.
_KNOWN_IN_A_ROW = 12
# So many posts are asked for one by one; a page of a timeline brings as many at once.
_ASKED_SINGLY = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the owner asked of an import."""

    latest: bool = False  # stop where only known posts follow
    limit: int = 0  # new posts at most; 0 is all
    comments: bool = True
    missing: bool = False  # also fetch originals that their pages lack here
    as_new: bool = False  # import as posts of their own what may be one of several known ones
    dry_run: bool = False


# Told once for each post: how many so far, how many expected (None: unknown), and what.
Progress = Callable[[int, int | None, str], None]


def import_posts(
    source: Source, site: Site, wish: Wish, report: Report, progress: Progress
) -> bool:
    """Store everything of a source that the site lacks; ``report`` fills as it goes.

    What is here already is merged: what upstream says anew goes where the owner has not
    written something else.  Without ``wish.latest`` a known post never ends the search:
    pinned posts come first, and an earlier run may have stopped half-way.  What is pending
    is repaired first, and given up only when the whole source was read and does not hold it.

    Returns whether the source was read to its end.

    Raises:
        SourceError: the source cannot go on; what is stored stays stored.
    """
    run = _Run(source, site, wish, report)
    if not wish.dry_run:
        run.begin(progress)
    known = 0
    for number, post in enumerate(source.posts(), start=1):
        if wish.limit and report.opened >= wish.limit:
            return False
        outcome = run.take(post, listed=source.whole)
        progress(number, source.expected(), f"{outcome} {run.shown(post.uid)}")
        known = known + 1 if outcome in ("unchanged", "merged", "deleted") else 0
        if wish.latest and known >= _KNOWN_IN_A_ROW:
            return False
    if not wish.dry_run:
        run.end()
    return True


class _Run:
    """One import: the source, the site, and what was done so far."""

    def __init__(self, source: Source, site: Site, wish: Wish, report: Report) -> None:
        self._source = source
        self._site = site
        self._library = site.library
        self._ledger = site.ledger
        self._storing = Storing(source, site)
        self._recognising = Recognising(source, site)
        self._reconciling = Reconciling(source, site)
        self._commenting = Commenting(source, site.library, site.ledger, report)
        self._wish = wish
        self._report = report
        self._seen: set[str] = set()
        self._profiles: set[str] | None = None  # whose posts all of these may be
        self._doubtful: dict[str, str] = {}  # posts that may be gone, with the reason
        self._foretold: dict[str, str] = {}  # the slugs that a dry run would give

    def shown(self, uid: str) -> str:
        """Name a post for a person: its slug, as soon as it has one."""
        entry = self._ledger.get(uid)
        return (entry.slug if entry else "") or self._foretold.get(uid, uid)

    def begin(self, progress: Progress) -> None:
        """Sweep, and ask again for what earlier runs left pending, with fresh addresses."""
        self._storing.sweep()
        self._tell_of_twins()
        pending = self._pending()[:_ASKED_SINGLY]
        for number, entry in enumerate(pending, start=1):
            self._repair(entry)
            progress(number, len(pending), f"asked again for {entry.slug}")

    def end(self) -> None:
        """After the whole source: what it does not hold any more cannot come."""
        for entry in self._pending():
            if entry.uid not in self._seen and entry.uid not in self._doubtful:
                self._repair(entry)
        for uid, reason in self._doubtful.items():
            known = self._ledger.get(uid)
            if known is not None and uid not in self._seen:
                self._give_up(known, reason)
        if self._source.whole:
            self._look_for_what_is_gone()

    def take(self, post: Post | Unreadable, *, listed: bool = False) -> Outcome:
        """Store what is missing of one post, and say what became of it."""
        if listed and isinstance(post, Post):
            names = {post.owner, *post.coauthors}
            self._profiles = names if self._profiles is None else self._profiles & names
        entry = self._ledger.get(post.uid)
        uid = entry.uid if entry else post.uid
        if uid in self._seen:  # repaired a moment ago, or the source repeats itself
            return self._report.outcomes[uid]
        self._doubtful.pop(uid, None)
        if isinstance(post, Post) and not post.media:
            post = Unreadable(uid=post.uid, reason="it has no picture or video", raw=post.raw)
        if isinstance(post, Unreadable):
            return self._set_aside(post, uid)
        if self._library.find_any(post.uid) is None and (entry is None or _is_bare(entry)):
            verdict = self._recognising.find(post)
            if entry is None and verdict.rivals and not self._wish.as_new:
                return self._note(post.uid, "ambiguous", self._rivalry(verdict.rivals))
            entry = self._joined(entry, self._ledger.get(verdict.uid))
        try:
            outcome = self._take(post, entry, listed=listed)
        except PageError as error:  # of this post alone; the others shall not wait for it
            outcome = self._note(entry.uid if entry else post.uid, "pending", str(error))
        known = self._ledger.get(post.uid) or entry
        if known is not None:
            self._recognising.claim(known)
        return outcome

    def _joined(self, bare: Entry | None, found: Entry | None) -> Entry | None:
        """Give the entry that a post goes on with: its own, of which nothing is here, or another.

        A run that was broken off knew of the post.  Before it went on another door brought it.
        """
        if bare is not None and found is not None and not self._wish.dry_run:
            self._ledger.drop(bare.uid)
        return found or bare

    def _take(self, post: Post, entry: Entry | None, *, listed: bool) -> Outcome:
        outcome = self._outcome_of(entry)
        if outcome == "deleted" and entry is not None:
            return self._note(entry.uid, outcome)
        if entry is not None and not _is_strangers(post, entry):
            before, entry = entry, grown(entry, post)
            outcome = outcome if entry is before else "completed"
        if self._wish.dry_run:
            return self._foretell(post, entry, outcome)
        known = entry
        if entry is None or outcome in ("new", "completed"):
            here_already = entry is None and self._library.find_any(post.uid)
            bare = self._storing.posterless
            stored = self._storing.store(post, entry)
            self._report.posterless += self._storing.posterless - bare
            # What left its album upstream is asked for each time: it may be back.
            nothing_came = stored == entry and not self._wish.missing
            outcome = "unchanged" if here_already or nothing_came else outcome
            entry = stored
            self._report.opened += outcome == "new"
        if known is not None and entry.upstream and not _is_strangers(post, entry):
            merged = self._reconciling.reconcile(post, entry, listed=listed, dry_run=False)
            entry = merged.entry
            outcome = self._tell(merged, outcome)
        page_file = self._storing.page_of(entry)
        if self._wish.comments and page_file is not None:
            entry = self._commenting.store(post, entry, page_file)
        remark = self._storing.remarks.get(entry.uid, "")
        outcome = "pending" if entry.pending else outcome
        return self._note(entry.uid, outcome, _reason(entry) or remark)

    def _tell(self, merged: Reconciled, outcome: Outcome) -> Outcome:
        """Say what was merged, and what the owner keeps."""
        uid = merged.entry.uid
        self._report.notes += merged.notes
        if merged.kept:
            self._report.kept[uid] = merged.kept
        if not merged.merged:
            return outcome
        self._report.merged[uid] = merged.merged
        return "merged" if outcome == "unchanged" else outcome

    def _outcome_of(self, entry: Entry | None) -> Outcome:
        """Decide what a post needs, from what the ledger and the pages say."""
        if entry is not None and entry.forgotten:
            return "deleted"
        if entry is None or not entry.slug:
            return "new"
        if entry.stored_something and self._storing.page_of(entry) is None:
            if entry.pending and not self._wish.dry_run:
                self._abandon(entry, "its pages were deleted here")
            return "deleted"
        lacking = entry.pending or "gone" in {item.state for item in entry.items}
        if self._wish.missing and self._storing.lacks_files(entry):
            lacking = True
        return "completed" if lacking else "unchanged"

    def _pending(self) -> list[Entry]:
        """List what this source can be asked for again."""
        if not self._source.live:
            return []
        return [
            entry
            for uid in self._ledger.pending()
            if self._source.knows(uid) and (entry := self._ledger.get(uid))
        ]

    def _repair(self, entry: Entry) -> None:
        try:
            self.take(self._source.refresh(entry.uid))
        except PostMissing as error:
            self._doubtful[entry.uid] = str(error)
            self._report.add(entry.uid, "pending", str(error))

    def _give_up(self, entry: Entry, reason: str) -> None:
        self._abandon(replace(entry, gone=True), reason)
        self._note(entry.uid, "gone", reason)

    def _abandon(self, entry: Entry, reason: str) -> None:
        """Note that what is missing cannot come any more; what is here stays."""
        items = tuple(
            replace(item, state="gone", reason=reason) if item.state == "pending" else item
            for item in entry.items
        )
        album = "gone" if entry.album == "pending" else entry.album
        self._ledger.put(replace(entry, items=items, album=album, reason=""))

    def _look_for_what_is_gone(self) -> None:
        """Ask once for each post that stood on the profile and stands there no more."""
        unlisted = [
            entry
            for uid in self._ledger.listed()
            if uid not in self._seen and (entry := self._ledger.get(uid)) and self._is_of(entry)
        ]
        for entry in unlisted[:_ASKED_SINGLY]:
            address = next(filter(self._source.knows, entry.uids), "")
            try:
                self.take(self._source.refresh(address))
            except PostMissing:
                self._ledger.put(replace(entry, gone=True))
                self._note(entry.uid, "gone", "deleted or archived upstream; it stays here")
            else:  # it is there all the same, and need not be asked for again
                self._ledger.put(replace(self._ledger.get(entry.uid) or entry, listed=False))

    def _is_of(self, entry: Entry) -> bool:
        """Whether a post stood on this profile: a site may have several, and share posts."""
        names = {entry.upstream.get("owner", ""), *entry.upstream.get("coauthors", ())}
        return not names.isdisjoint(self._profiles or ())

    def _note(self, uid: str, outcome: Outcome, reason: str = "") -> Outcome:
        self._seen.add(uid)
        return self._report.add(uid, outcome, reason)

    def _tell_of_twins(self) -> None:
        """Say which pages show one post: two machines had it through different doors."""
        for pair in self._recognising.twins():
            pages = sorted({page.stem for entry in pair if (page := self._storing.page_of(entry))})
            note = f"{' and '.join(pages)} look like one post; if so, `forget` one of them"
            if len(pages) > 1 and note not in self._report.notes:
                self._report.notes.append(note)

    def _rivalry(self, rivals: tuple[str, ...]) -> str:
        names = ", ".join(sorted(map(self.shown, rivals)))
        if len(rivals) == 1:
            return f"may be {names}, and it cannot be told for sure"
        return f"may be one of these, and it cannot be told which: {names}"

    def _set_aside(self, post: Unreadable, uid: str) -> Outcome:
        if not self._wish.dry_run:
            self._site.keep_raw(post)
            if self._ledger.get(uid) is None:
                self._ledger.put(Entry(uid=uid, reason=post.reason))
        return self._note(uid, "unreadable", post.reason)

    def _foretell(self, post: Post, entry: Entry | None, outcome: Outcome) -> Outcome:
        if outcome == "new":
            self._foretold[post.uid] = self._storing.reserve(post)
            self._report.opened += 1
        elif entry is not None and not _is_strangers(post, entry):
            merged = self._reconciling.reconcile(post, entry, listed=False, dry_run=True)
            outcome = self._tell(merged, outcome)
        return self._note(entry.uid if entry else post.uid, outcome)


def _is_bare(entry: Entry) -> bool:
    """Whether a post is known, and nothing of it is here yet.

    That of a file which ``add`` stores is noted before, so that it is taken for no other.
    """
    added = entry.uid.startswith("file:")
    return not (added or entry.stored_something or entry.forgotten)


def _is_strangers(post: Post, entry: Entry) -> bool:
    """Whether a post of the owner's comes as somebody else's, as a saved one does."""
    return post.foreign and not entry.upstream.get("foreign", False)


def _reason(entry: Entry) -> str:
    missing = [item.reason for item in entry.items if item.state == "pending"]
    return next(filter(None, missing), "")
