"""The letters of an export: bytes that were written as characters."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.export_files import json_of
from pelican_photos.errors import SourceOutdated
from pelican_photos.sources.export_text import repaired, repaired_all


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [
        ("caf\u00c3\u00a9", "café"),
        ("\u00f0\u009f\u008c\u00b8", "🌸"),
        ("L\u00c3\u00a9gende", "Légende"),
        ("it\u00e2\u0080\u0099s", "it’s"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_a_text_reads_as_it_was_written(garbled, meant):
    assert repaired(garbled) == meant


@pytest.mark.parametrize(
    "text", ["café", "Ã", "\u00e2\u0080", "🌸", "\ud83c", "caf\u00c3\u00a9 🌸"]
)
def test_what_is_no_utf8_in_disguise_stays(text):
    assert repaired(text) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_survives_the_export(text):
    assert repaired(json.loads(json_of(text))) == text


def test_a_text_is_never_mended_twice():
    wrote_it_so = "caf\u00c3\u00a9"  # somebody who quotes a broken export

    assert repaired_all(json.loads(json_of({"title": wrote_it_so}))) == {"title": wrote_it_so}


def test_keys_and_everything_inside_are_mended_and_numbers_kept():
    value = {"Légende": ["é", {"ü": [1, None, True, 1.5]}]}

    assert repaired_all(json.loads(json_of(value))) == value


def test_what_is_nested_beyond_reason_is_refused():
    deep: list = []
    for _ in range(100):
        deep = [deep]

    with pytest.raises(SourceOutdated, match="deeper"):
        repaired_all(deep)
