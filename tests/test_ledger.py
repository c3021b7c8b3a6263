"""The ledger remembers what a page cannot."""

import json

import pytest

from builders import a_media, a_post
from pelican_photos.errors import LedgerError
from pelican_photos.ledger import Entry, Item, Ledger
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


def test_addresses_expire_and_are_not_remembered():
    said = upstream_of(a_post(media=(a_media(picture="https://cdn/secret"),), raw={"a": 1}))

    assert "https://cdn/secret" not in json.dumps(said)
    assert "raw" not in said
    assert said["published"] == "2024-05-12T12:00:00+00:00"


@pytest.mark.parametrize("rubbish", ["", "{}", "[]", '{"items": [{"x": 1}]}', "<<<<<<< HEAD"])
def test_an_entry_that_cannot_be_read_is_named(tmp_path, rubbish):
    (tmp_path / "x.json").write_text(rubbish)

    with pytest.raises(LedgerError, match=r"x\.json cannot be read"):
        Ledger(tmp_path)
