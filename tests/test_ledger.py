"""The ledger remembers what a page cannot."""

import json

import pytest

from builders import a_post
from pelican_photos.errors import LedgerError
from pelican_photos.ledger import Entry, Item, Ledger
from pelican_photos.model import Edition
from pelican_photos.upstream import upstream_of


def test_an_entry_comes_back_as_it_was_written(tmp_path):
    entry = Entry(
        uid="instagram:AbC",
        slug="2024-05-12-boats",
        album="pending",
        items=(Item(state="done", original="x.jpg", sha256="ab"), Item(reason="cut short")),
        upstream=upstream_of(a_post()),
    )
    Ledger(tmp_path).put(entry)

    assert Ledger(tmp_path).get("instagram:AbC") == entry
    assert entry.pending
    assert not entry.with_item(1, Item(state="gone")).items[1].reason


def test_an_entry_that_says_nothing_new_is_not_written_again(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.put(Entry(uid="instagram:A"))
    [file] = tmp_path.iterdir()
    before = file.stat().st_mtime_ns

    ledger.put(Entry(uid="instagram:A"))

    assert file.stat().st_mtime_ns == before


def test_every_slug_that_was_given_away_stays_taken(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.put(Entry(uid="instagram:A", slug="boats", items=(Item(), Item())))

    assert ledger.slugs() == {"boats", "boats-1", "boats-2"}


def test_a_post_is_found_by_every_uid_it_has(tmp_path):
    entry = Entry(
        uid="instagram:A", aliases=("instagram-export:1",), upstream=upstream_of(a_post())
    )
    ledger = Ledger(tmp_path)
    ledger.put(entry)

    assert ledger.get("instagram-export:1") == Ledger(tmp_path).get("instagram-export:1") == entry
    assert [features.uids for features in ledger.features()] == [entry.uids]


def test_an_entry_of_an_earlier_version_is_read(tmp_path):
    old = {"uid": "instagram:A", "slug": "boats", "album": "done", "reason": "", "items": [
        {"state": "done", "media_id": "", "reason": "", "original": "boats.jpg", "sha256": "ab",
         "video": "", "video_sha256": ""}
    ], "comment_count": None, "upstream": {"published": "2024-05-12T12:00:00+00:00"}}  # fmt: skip
    (tmp_path / "instagram-A.json").write_text(json.dumps(old))

    entry = Ledger(tmp_path).get("instagram:A")

    assert entry is not None
    assert entry.items == (Item(state="done", original="boats.jpg", sha256="ab"),)
    assert (entry.listed, entry.gone, entry.forgotten, entry.pending) == (False,) * 4


def test_no_export_speaks_louder_than_an_entry_of_before_there_were_exports(tmp_path):
    old = {"uid": "instagram:A", "slug": "boats", "album": "done", "reason": "", "items": [],
           "comment_count": None, "upstream": upstream_of(a_post())}  # fmt: skip
    (tmp_path / "instagram-A.json").write_text(json.dumps(old))

    entry = Ledger(tmp_path).get("instagram:A")

    assert entry is not None
    assert Edition(1, "2026-05-01") < entry.edition < Edition(3)


def test_what_is_dropped_is_as_if_it_had_never_been_seen(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.put(Entry(uid="instagram:A", aliases=("x:1",), slug="boats", items=(Item(),)))

    assert ledger.named("boats") is not None
    ledger.drop("instagram:A")

    assert (ledger.get("instagram:A"), ledger.get("x:1"), list(ledger)) == (None, None, [])
    assert list(tmp_path.iterdir()) == []


def test_more_entries_than_are_kept_at_hand_are_read_again(tmp_path):
    ledger = Ledger(tmp_path)
    entries = [Entry(uid=f"instagram:{n}", slug=f"s{n}", items=(Item(),)) for n in range(100)]
    for entry in entries:
        ledger.put(entry)

    assert list(ledger) == entries
    assert ledger.pending() == [entry.uid for entry in entries]


@pytest.mark.parametrize("rubbish", ["", "{}", "[]", '{"items": [{"x": 1}]}', "<<<<<<< HEAD"])
def test_an_entry_that_cannot_be_read_is_named(tmp_path, rubbish):
    (tmp_path / "x.json").write_text(rubbish)

    with pytest.raises(LedgerError, match=r"x\.json cannot be read"):
        Ledger(tmp_path)
