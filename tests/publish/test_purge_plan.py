"""What belongs to a photo that is taken down, and to no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.bucket_contents import a_known
from pelican_photos.publish.manifest import Manifest
from pelican_photos.publish.objects import Role, Version
from pelican_photos.publish.private import MANIFEST, journal_key, rendition_key
from pelican_photos.publish.purge_plan import (
    Takedown,
    doomed_keys,
    history,
    history_of_notes,
    homes_among,
    leftovers,
    markers_last,
    orphans,
    read,
    written,
)

BOATS = Takedown(
    homes=frozenset({"photos/2024/2024-05-12-boats"}),
    files=frozenset({"photos/2024/IMG_1.jpg"}),
    codes=frozenset({"CxYz_1"}),
)


@pytest.mark.parametrize(
    "key",
    [
        "photos/2024/2024-05-12-boats/index.html",
        "photos/2024/2024-05-12-boats/640-1a2b3c4d.webp",
        "photos/2024/2024-05-12-boats.jpg",
        "photos/2024/2024-05-12-boats.mp4",
        "drafts/photos/2024/2024-05-12-boats/index.html",
        ".pelican-photos/originals/photos/2024/2024-05-12-boats.jpg",
        "photos/2024/IMG_1.jpg",
        "p/CxYz_1/index.html",
        "someone/reel/CxYz_1/index.html",
    ],
)
def test_these_are_its_own(key):
    assert BOATS.owns(key)
    assert doomed_keys(BOATS, [key], ()) == {key}


@pytest.mark.parametrize(
    "key",
    [
        "photos/2024/2024-05-12-boats-2/index.html",
        "photos/2024/2024-05-12-boats-2.jpg",
        "photos/2024/2024-05-12-boats.x.jpg",
        "photos/2023/2024-05-12-boats/index.html",
        "photos/2024/02024-05-12-boats.jpg",
        "photos/2024/index.html",
        "photos/2024/IMG_1.jpg.txt",
        "p/CxYz_12/index.html",
        "p/cxyz_1/index.html",
        "xphotos/2024/2024-05-12-boats.jpg",
    ],
)
def test_these_are_somebody_else_s(key):
    assert not BOATS.owns(key)


slugs = st.from_regex(r"[a-z0-9]{1,3}(-[a-z0-9]{1,2}){0,3}", fullmatch=True)


@given(st.sets(slugs, min_size=2, max_size=6), st.data())
def test_no_slug_takes_another_one_with_it_however_alike_they_begin(names, data):
    doomed = data.draw(st.sampled_from(sorted(names)))
    takedown = Takedown(homes=frozenset({f"photos/2024/{doomed}"}))
    own = {name: {f"photos/2024/{name}.jpg", f"photos/2024/{name}/index.html"} for name in names}

    gone = doomed_keys(takedown, [key for keys in own.values() for key in keys], ())

    assert gone == own[doomed]
    for name in names - {doomed}:
        assert not takedown.is_named_in(f'<a href="/photos/2024/{name}/">'.encode())


def test_what_another_page_shows_as_well_stays():
    keys = ["photos/2024/IMG_1.jpg", ".pelican-photos/originals/photos/2024/IMG_1.jpg"]

    assert doomed_keys(BOATS, keys, {"photos/2024/IMG_1.jpg"}) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        b'<a href="https://example.org/photos/2024/2024-05-12-boats/">',
        b'{"address":"2024/2024-05-12-boats/"}',
        rb'{"url":"https:\/\/example.org\/photos\/2024\/2024-05-12-boats\/"}',
        b"<img src=/photos/2024/2024-05-12-boats.jpg>",
    ],
)
def test_a_document_that_leads_to_it_is_recognised(text):
    assert BOATS.is_named_in(text)


def test_a_name_that_is_no_ascii_is_recognised_in_every_spelling():
    takedown = Takedown(homes=frozenset({"photos/2024/böote"}))

    for spelt in ("2024/böote/", "2024/b%C3%B6ote/", r"2024/b\u00f6ote/"):
        assert takedown.is_named_in(spelt.encode())


def test_without_a_page_the_folder_is_found_by_the_whole_name_alone():
    keys = ["photos/2024/a-1/index.html", "drafts/photos/2023/a.jpg", "photos/2024/05/index.html"]

    assert homes_among(keys, "photos", {"a"}) == {"photos/2023/a"}
    assert homes_among(keys, "photos", {"05", "b"}) == frozenset()


def test_leftovers_are_documents_of_ours_that_the_site_has_no_more():
    objects = {
        "old/index.html": a_known(role=Role.SITE),
        "old.css": a_known(role=Role.SITE),
        "photos/index.html": a_known(role=Role.SITE),
        "gone/index.html": a_known(role=Role.SITE),
    }
    there = {*objects, "foreign.html"} - {"gone/index.html"}

    found = leftovers(Manifest(objects=objects), there, {"photos/index.html"})

    assert found == ["old/index.html"]


def test_what_workers_made_goes_with_the_last_original_that_it_was_made_of():
    objects = {
        "photos/2024/boats.jpg": a_known(sha256="aa", role=Role.ORIGINAL),
        "photos/2024/sea.jpg": a_known(sha256="bb", role=Role.ORIGINAL),
        "photos/2024/again.jpg": a_known(sha256="bb", role=Role.ORIGINAL),
    }
    made = {digest: rendition_key(digest, "1.webp") for digest in ("aa", "bb", "cc")}
    keys = {*objects, *made.values(), "photos/2024/boats/640-1a2b3c4d.webp"}

    found = orphans(
        Manifest(objects=objects), keys, {"photos/2024/boats.jpg", "photos/2024/sea.jpg"}
    )

    assert found == {made["aa"], made["cc"]}


def version(key: str, number: int, *, latest: bool = False, etag: str = "e") -> Version:
    return Version(key=key, id=str(number), etag=etag, size=1, is_latest=latest)


def test_of_other_pages_only_what_is_past_goes_and_nothing_of_other_pictures():
    keys = ("photos/index.html", "photos/2024/x.jpg", "photos/x.webp", "foreign.html")
    versions = {key: [version(key, 2, latest=True), version(key, 1)] for key in keys}
    roles = dict(zip(keys[:3], (Role.SITE, Role.ORIGINAL, Role.SITE), strict=True))

    assert list(history(versions, roles)) == [version("photos/index.html", 1)]


def test_of_our_notes_the_manifest_alone_stays():
    keys = (MANIFEST, journal_key(3), "photos/index.html")
    versions = {key: [version(key, 2, latest=True), version(key, 1)] for key in keys}

    found = list(history_of_notes(versions))

    assert [(each.key, each.id) for each in found] == [
        (MANIFEST, "1"),
        (journal_key(3), "2"),
        (journal_key(3), "1"),
    ]


def test_a_delete_marker_goes_after_what_it_hides():
    marker, hidden = version("a", 2, etag=""), version("b", 1)

    assert markers_last([marker, hidden]) == [hidden, marker]


def test_the_note_of_a_takedown_reads_as_it_was_written():
    assert read(written(BOATS)) == BOATS
    for damaged in (b"", b"[]", b'{"homes": 3}', b'{"x": []}'):
        with pytest.raises(ValueError, match="damaged"):
            read(damaged)
