"""What takes a publish back, worked out from its journal and a listing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.bucket_contents import a_known, a_remote
from pelican_photos.publish.journal import Journal, Step, journal_of
from pelican_photos.publish.manifest import Manifest, Publication
from pelican_photos.publish.objects import Known, Remote, Version
from pelican_photos.publish.undo_plan import (
    Verb,
    fits,
    keeps_none,
    objects_after,
    plan_undo,
    sources,
    taking_part,
)

KEYS = ("photos/2024/a.jpg", "photos/2024/a/index.html", "photos/index.html", "x.css", "y.txt")
HEADERS = (("text/html", "no-cache"), ("text/html", "public"), ("image/jpeg", "public"))


def known(content: str, headers: tuple[str, str] = HEADERS[0]) -> Known:
    kind, rule = headers
    return a_known(len(content), content, f"e{content}", content_type=kind, cache_control=rule)


objects = st.dictionaries(
    st.sampled_from(KEYS), st.builds(known, st.sampled_from("abc"), st.sampled_from(HEADERS))
)


class PlayedBucket:
    """A bucket in memory that keeps versions: what each key held, the newest last."""

    def __init__(self) -> None:
        self.held: dict[str, list[Known | None]] = {}

    def publish(self, wanted: dict[str, Known]) -> None:
        for key in {*wanted, *self.held}:
            self.put(key, wanted.get(key))

    def put(self, key: str, entry: Known | None) -> None:
        held = self.held.setdefault(key, [None])
        if held[-1] != entry:
            held.append(entry)

    def now(self) -> dict[str, Known]:
        return {key: held[-1] for key, held in self.held.items() if held[-1]}

    def listing(self) -> dict[str, Remote]:
        return {key: a_remote(e.size, e.etag) for key, e in self.now().items()}

    def versions(self) -> dict[str, list[Version]]:
        return {
            key: [
                Version(key=key, id=str(n), etag=e.etag, size=e.size, is_latest=e is held[-1])
                for n, e in reversed(list(enumerate(held)))
                if e
            ]
            for key, held in self.held.items()
        }

    def carry_out(self, plan, steps: int | None = None) -> dict[str, Known]:
        """Make some of the moves, and give what was brought back."""
        found, missing = sources(plan, self.versions())
        assert not missing
        restored = {}
        for move in plan.moves[:steps]:
            if move.verb is Verb.DELETE:
                self.put(move.key, None)
                continue
            source = self.held[move.key][int(found[move.key].id)]
            restored[move.key] = replace(
                source,
                content_type=move.known.content_type,
                cache_control=move.known.cache_control,
            )
            self.put(move.key, restored[move.key])
        return restored


@settings(max_examples=150, deadline=None)
@given(objects, objects, st.integers(0, 6))
def test_a_publish_after_another_is_taken_back_to_the_byte_and_the_header(a, b, killed_at):
    bucket = PlayedBucket()
    bucket.publish(a)
    bucket.publish(b)
    before, after = Manifest(objects=a), Manifest(objects=b)
    journal = journal_of(before, after)

    sent = bucket.carry_out(
        plan_undo(journal.steps, bucket.listing(), {}, photos="photos"), killed_at
    )
    plan = plan_undo(journal.steps, bucket.listing(), sent, photos="photos")
    restored = bucket.carry_out(plan)

    assert not plan.changed
    assert bucket.now() == a
    assert objects_after(after, plan, restored) == a
    again = journal_of(after, Manifest(objects=objects_after(after, plan, restored)))
    bucket.carry_out(plan_undo(again.steps, bucket.listing(), {}, photos="photos"))
    assert bucket.now() == b


@given(objects, objects)
def test_what_a_page_needs_comes_back_before_it_and_deletes_come_last(a, b):
    steps = journal_of(Manifest(objects=a), Manifest(objects=b)).steps
    listed = {key: a_remote(e.size, e.etag) for key, e in b.items()}

    moves = plan_undo(steps, listed, {}, photos="photos").moves

    order = [(move.verb is Verb.DELETE, move.stage) for move in moves]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("step", "listed"),
    [
        (Step(known("a"), known("b")), "ex"),
        (Step(known("a"), known("b")), ""),
        (Step(None, known("b")), "ex"),
        (Step(known("a"), None), "ex"),
    ],
)
def test_what_somebody_changed_is_named_and_not_moved(step, listed):
    remote = {"y.txt": a_remote(etag=listed)} if listed else {}

    plan = plan_undo({"y.txt": step}, remote, {}, photos="photos")

    assert plan.changed == ("y.txt",)
    assert plan.moves == ()


def test_a_stranger_s_object_in_the_place_of_a_new_one_stays_whatever_is_asked():
    remote = {"y.txt": a_remote(etag="ex")}
    step = Step(None, known("b"))

    plan = plan_undo({"y.txt": step}, remote, {}, photos="photos", overwrite=True)

    assert plan.moves == ()
    assert objects_after(Manifest(objects={"y.txt": known("b")}), plan, {}) == {}


def test_a_key_without_its_old_version_is_named():
    steps = {"y.txt": Step(known("a"), known("b"))}
    plan = plan_undo(steps, {"y.txt": a_remote(etag="eb")}, {}, photos="photos")
    other = Version(key="y.txt", id="1", etag="eb", size=1, is_latest=True)

    assert sources(plan, {"y.txt": [other]}) == ({}, ("y.txt",))


def test_what_would_be_lost_for_good_is_not_taken_back():
    kept = Version(key="y.txt", id="1", etag="eb", size=1, is_latest=True)
    old, lost = replace(kept, is_latest=False), replace(kept, id="null")
    marker = replace(lost, etag="", size=0)

    assert keeps_none({})
    assert keeps_none({"x.txt": [kept], "y.txt": [lost, old]})  # versions were switched off
    assert not keeps_none({"y.txt": [kept, replace(lost, is_latest=False)]})  # or on later
    assert not keeps_none({"y.txt": [marker, old]})


def journal(at: str, undoes: str = "", after: str = "") -> Journal:
    publication = Publication(machine="m", at=at, undoes=undoes)
    previous = Publication(machine="m", at=after)
    return Journal(publication=publication, previous=previous, steps={})


@pytest.mark.parametrize(
    ("last", "names"),
    [
        ({}, ()),
        ({"a": journal("1")}, ("a",)),
        ({"a": journal("1"), "b": journal("1")}, ("a", "b")),
        ({"a": journal("1"), "b": journal("2")}, ("b",)),
        ({"a": journal("3", undoes="m 2"), "b": journal("2")}, ("b",)),
        ({"a": journal("3", undoes="m 2"), "b": journal("3", undoes="m 2")}, ("a", "b")),
        ({"a": journal("3", undoes="m 2"), "b": journal("1")}, ("a",)),
        ({"a": journal("9"), "b": journal("2", after="9")}, ("b",)),
    ],
)
def test_only_what_the_last_publish_changed_takes_part(last, names):
    assert taking_part(last) == names


def test_a_journal_of_a_publish_that_died_does_not_fit():
    steps = {"y.txt": Step(None, known("b"))}
    written = Journal(publication=Publication(), previous=Publication(), steps=steps)

    assert fits(written, Manifest(objects={"y.txt": known("b")}))
    assert not fits(written, Manifest())
    assert not fits(replace(written, steps={}), Manifest())
