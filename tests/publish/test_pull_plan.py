"""What a pull decides, and which names it lets pass."""

import os
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.bucket_contents import a_known, a_remote
from pelican_photos.errors import Guarded
from pelican_photos.publish.objects import Role
from pelican_photos.publish.private import untouched_key
from pelican_photos.publish.pull_plan import (
    Act,
    Here,
    There,
    check_collisions,
    judge,
    name_beside,
    there_of,
    wrong_with,
)

NOON = 1_714_561_200_123_456_789
THERE = There(key="a.jpg", size=9, published=9, etag="e", sha256="s", modified=NOON)
BLIND = replace(THERE, sha256="", modified=0)
FINE = Here(size=9, modified=NOON, sha256="s")


@pytest.mark.parametrize(
    ("there", "here", "act"),
    [
        (None, None, Act.MISSING),
        (None, FINE, Act.ONLY_HERE),
        (THERE, None, Act.FETCH),
        (THERE, FINE, Act.FINE),
        (THERE, replace(FINE, modified=1), Act.FINE),
        (THERE, replace(FINE, sha256="x"), Act.REPAIR),
        (THERE, replace(FINE, sha256="x", modified=NOON // 10**9 * 10**9), Act.REPAIR),
        (THERE, replace(FINE, sha256="x", modified=NOON + 1), Act.BESIDE),
        (THERE, Here(size=8, modified=NOON), Act.BESIDE),
        (THERE, Here(size=0, modified=1), Act.REPAIR),
        (replace(THERE, modified=0), replace(FINE, sha256="x", modified=0), Act.BESIDE),
        (replace(THERE, public_sha256="p"), replace(FINE, sha256="p"), Act.UNCOVER),
        (THERE, replace(FINE, sha256="u", public_sha256="s"), Act.ONLY_HERE),
        (replace(THERE, lost_sha256="u"), replace(FINE, sha256="u"), Act.ONLY_HERE),
        (replace(THERE, lost_sha256="u"), replace(FINE, sha256="x"), Act.BESIDE),
        (replace(THERE, intact=False), FINE, Act.OVERWRITTEN),
        (replace(THERE, size=5), None, Act.FOREIGN),
        (replace(THERE, size=5), replace(FINE, sha256="x"), Act.FOREIGN),
        (replace(THERE, size=5, intact=False), FINE, Act.OVERWRITTEN),
        (BLIND, None, Act.FETCH),
        (BLIND, Here(size=9, modified=1, etag="e"), Act.FINE),
        (BLIND, Here(size=9, modified=1, etag="x"), Act.UNSURE),
        (BLIND, Here(size=8, modified=1), Act.BESIDE),
        (BLIND, Here(size=0, modified=1), Act.REPAIR),
        (replace(BLIND, public_etag="p"), Here(size=9, modified=1, etag="p"), Act.UNCOVER),
    ],
)
def test_each_original_is_judged_for_a_stated_reason(there, here, act):
    assert judge(there, here) is act


digests = st.sampled_from(["", "a", "b", "c"])
sizes = st.sampled_from([0, 7, 9])
times = st.sampled_from([0, NOON - 9 * 10**9, NOON])


@given(
    there=st.builds(
        There,
        key=st.just("a.jpg"),
        size=sizes,
        published=sizes,
        etag=digests,
        sha256=digests,
        modified=times,
        public_sha256=digests,
        public_etag=digests,
        lost_sha256=digests,
        intact=st.booleans(),
    ),
    here=st.builds(
        Here, size=sizes, modified=times, sha256=digests, etag=digests, public_sha256=digests
    ),
)
def test_what_the_owner_changed_is_never_replaced(there, here):
    act = judge(there, here)

    if act in (Act.REPAIR, Act.UNCOVER) and here.size:
        public = (there.public_sha256, there.public_etag)
        is_public_copy = bool({here.sha256, here.etag} & {*public} - {""})
        is_untouched_by_hand = here.modified == there.modified and here.size == there.size
        assert is_public_copy or is_untouched_by_hand
    assert not act.fetches or there.whole
    assert act is not Act.FINE or here.sha256 == there.sha256 or here.etag == there.etag


def known(size=9, etag="e", role=Role.ORIGINAL):
    return a_known(size, f"sha-{etag}", etag, role=role, modified=NOON)


def test_the_untouched_file_is_taken_where_there_is_one():
    hidden = untouched_key("a.jpg")
    listed = {"a.jpg": a_remote(9, "p"), hidden: a_remote(9, "u")}
    noted = {"a.jpg": known(etag="p"), hidden: known(etag="u", role=Role.UNTOUCHED)}

    there = there_of("a.jpg", listed, noted)

    assert there == There(
        key=hidden,
        size=9,
        published=9,
        etag="u",
        sha256="sha-u",
        modified=NOON,
        public_sha256="sha-p",
        public_etag="p",
    )
    assert there_of("a.jpg", {"a.jpg": listed["a.jpg"]}, noted).lost_sha256 == "sha-u"


def test_an_edit_that_was_published_is_no_public_copy_of_the_untouched_file_before_it():
    """Such as one without its location: it stays, and what it was made of comes beside it."""
    hidden = untouched_key("a.jpg")
    listed = {"a.jpg": a_remote(8, "p"), hidden: a_remote(9, "u")}
    edit = replace(known(8, "p"), modified=NOON + 1)
    noted = {"a.jpg": edit, hidden: known(etag="u", role=Role.UNTOUCHED)}

    here = Here(size=8, modified=NOON + 1, sha256=edit.sha256)

    assert judge(there_of("a.jpg", listed, noted), here) is Act.BESIDE


@pytest.mark.parametrize(
    ("wanted", "there"),
    [("a.jpg", "drafts/a.jpg"), ("drafts/a.jpg", "a.jpg"), ("drafts/a.jpg", "drafts/a.jpg")],
)
def test_a_photo_is_found_as_a_draft_and_as_none(wanted, there):
    listed = {there: a_remote(9, "e")}

    assert there_of(wanted, listed, {}).key == there
    assert there_of("b.jpg", listed, {}) is None


def test_the_buckets_version_keeps_its_extension():
    assert name_beside("a.b.jpg") == "a.b.remote.jpg"
    assert name_beside(".jpg") == ".jpg.remote"


@pytest.mark.parametrize(
    "place",
    [
        *("../a.jpg", "2024/../../a.jpg", "/a.jpg", "/", "", "C:a.jpg", "2024/d:a.jpg"),
        *("2024\\a.jpg", "..\\a.jpg", "a\0.jpg", "a\n.jpg", "a\x1b[2J.jpg", "a\udc80.jpg"),
        *("CON.jpg", "2024/nul.jpg", "com1.jpg", "LPT¹.jpg", "aux .jpg", "a.jpg.", "a.jpg "),
        *(".a.jpg", ".git/a.jpg", "2024/a.md", "pelicanconf.py", "a", "a.html", "x.svg.js"),
    ],
)
def test_a_place_that_is_no_originals_is_named_with_its_reason(place):
    assert wrong_with(PurePosixPath(place))


@pytest.mark.parametrize(
    "place", ["2024/a.jpg", "2024/été 12:00.JPG", "a.webm", "console.jpg", "2024/写真.heic"]
)
def test_a_plain_place_passes(place):
    assert wrong_with(PurePosixPath(place)) == ""


names = st.text(st.sampled_from("aA./\\:\0é \u0301-"), max_size=9) | st.text(max_size=9)


@given(name=names)
def test_no_place_that_passes_leads_out_of_the_photos(name):
    place = PurePosixPath("2024", f"{name}.jpg")

    if not wrong_with(place):
        whole = os.path.normpath(f"/photos/{place}")
        assert whole == f"/photos/{place}"
        assert whole.startswith("/photos/2024/")
        assert "\\" not in whole
        assert "\0" not in whole


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024/a.jpg", "2024/A.jpg"),
        ("2024/é.jpg", "2024/e\u0301.jpg"),
        ("2024/straße.jpg", "2024/STRASSE.jpg"),
        ("2024/a.jpg", "2024/a.jpg/b.jpg"),
        ("2024/A.jpg/c/b.jpg", "2024/a.jpg"),
    ],
)
def test_two_places_that_some_system_takes_for_one_are_refused(one, other):
    with pytest.raises(Guarded, match="rename one of them"):
        check_collisions([PurePosixPath(one), PurePosixPath(other)])


@given(st.lists(st.text(st.sampled_from("ab/"), min_size=1, max_size=4).map(PurePosixPath)))
def test_places_that_pass_can_all_be_made(places):
    try:
        check_collisions(places)
    except Guarded:
        return
    above = {folder for place in places for folder in place.parents}
    assert not above & set(places) - {PurePosixPath()}
