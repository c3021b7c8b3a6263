"""A page and its text are an inverse pair, and an edit touches only what it was asked to."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_photo, an_album
from pelican_photos.errors import PageError
from pelican_photos.model import Album, Location, Person, Photo
from pelican_photos.page import edit_page, read_page, write_page

TEXT = """\
Title: Boats at dusk
Date: 2024-05-12 18:03:00+00:00
Template: photo
Uid: instagram:CxYz_12AbCd
Original: 2024-05-12-boats-at-dusk.jpg
Size: 1080x1350
Alt: Fishing boats drawn up on the sand at dusk
Tags: sea, boats
Location: Nazaré
Geo: 39.6012,-9.071
People: ana.silva@0.31,0.52; bruno
Syndication: https://www.instagram.com/p/CxYz_12AbCd/

Back before the wind\\.\x20\x20
\\#sea \\#boats
"""


def test_a_page_is_read_whole():
    assert read_page(TEXT, "2024-05-12-boats-at-dusk") == Photo(
        slug="2024-05-12-boats-at-dusk",
        uid="instagram:CxYz_12AbCd",
        title="Boats at dusk",
        published=datetime(2024, 5, 12, 18, 3, tzinfo=UTC),
        original="2024-05-12-boats-at-dusk.jpg",
        width=1080,
        height=1350,
        alt="Fishing boats drawn up on the sand at dusk",
        tags=("sea", "boats"),
        location=Location(name="Nazaré", latitude=39.6012, longitude=-9.071),
        people=(Person(username="ana.silva", x=0.31, y=0.52), Person(username="bruno")),
        syndication="https://www.instagram.com/p/CxYz_12AbCd/",
        content="Back before the wind\\.  \n\\#sea \\#boats",
    )


def test_a_page_is_written_as_it_was_read():
    assert write_page(read_page(TEXT, "2024-05-12-boats-at-dusk")) == TEXT


# What a header value may hold: one line, no space at its ends.
_VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30).filter(
    lambda text: text == text.strip()
)
_NAMES = _VALUES.filter(bool)
_FILES = st.from_regex(r"[a-z0-9-]{1,20}\.(jpg|mp4)", fullmatch=True)
_TAGS = st.lists(_NAMES.filter(lambda tag: ";" not in tag), max_size=4).map(tuple)
_PLACES = st.builds(
    lambda name, place: Location(
        name=name, latitude=place and place[0], longitude=place and place[1]
    ),
    _VALUES,
    st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
).filter(lambda place: place.name or place.latitude is not None)
_PEOPLE = st.lists(
    st.builds(
        lambda name, at: Person(username=name, x=at and at[0], y=at and at[1]),
        st.from_regex(r"[a-z0-9._]{1,12}", fullmatch=True),
        st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)),
    ),
    max_size=3,
).map(tuple)
_BODIES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")).map(
    lambda body: body.strip("\n")
)
_EXTRA = st.lists(st.tuples(st.sampled_from(["Mood", "X-y", "Save_as"]), _VALUES), max_size=2).map(
    tuple
)
_COMMON = {
    "slug": st.just("2024-05-12-x"),
    "uid": _VALUES,
    "title": _NAMES,
    "published": st.datetimes(
        min_value=datetime(1900, 1, 1),
        timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m))),
    ).map(lambda date: date.replace(microsecond=0)),
    "tags": _TAGS,
    "location": st.none() | _PLACES,
    "coauthors": _TAGS,
    "music": _VALUES,
    "syndication": _VALUES,
    "shortlink": _VALUES,
    "status": st.sampled_from(["", "draft", "hidden"]),
    "content": _BODIES,
    "extra": _EXTRA,
}
_SIZES = st.just((0, 0)) | st.tuples(st.integers(1, 99999), st.integers(1, 99999))


@given(st.builds(Album, cover=st.integers(1, 20), **_COMMON))
def test_any_album_survives_being_written_and_read(album):
    assert read_page(write_page(album), album.slug) == album


@given(
    st.builds(
        Photo,
        original=_FILES,
        video=st.just("") | _FILES,
        duration=st.floats(0, 1e5, allow_subnormal=False),
        alt=_VALUES,
        alt_auto=_VALUES,
        people=_PEOPLE,
        album=_VALUES,
        position=st.integers(0, 20),
        taken=_VALUES,
        camera=_VALUES,
        **_COMMON,
    ),
    _SIZES,
)
def test_any_photo_survives_being_written_and_read(photo, size):
    assert read_page(write_page(photo), photo.slug) == photo


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_value_cannot_forge_a_key(end):
    with pytest.raises(PageError, match="Alt has more than one line"):
        write_page(a_photo(alt=f"Boats{end}Status: draft"))


def test_a_value_with_a_leading_space_is_refused():
    with pytest.raises(PageError, match="Title begins or ends with a space"):
        write_page(an_album(title=" Boats"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Date: yesterday", "Date is 'yesterday', but should read like 2024-05-12 18:03:00"),
        ("Size: big", "Size is 'big', but should read like 1080x1350"),
        ("Size: 0x9", "Size is '0x9'"),
        ("Geo: 91,0", "Geo is '91,0'"),
        ("Geo: nan,nan", "Geo is 'nan,nan'"),
        ("Duration: inf", "Duration is 'inf'"),
        ("Position: one", "Position is 'one'"),
        ("People: bob@here", "People is 'bob@here'"),
        ("Original: ../../etc/passwd", "Original is '../../etc/passwd'"),
        ("Video: /etc/passwd", "Video is '/etc/passwd'"),
        ("Template: article", "Template is 'article'"),
    ],
)
def test_a_key_that_does_not_read_like_one_is_named(line, message):
    key = line.split(":")[0]
    lines = [kept for kept in TEXT.splitlines() if not kept.startswith(key)]

    with pytest.raises(PageError) as error:
        read_page("\n".join([line, *lines]), "x")

    assert message in str(error.value)


@pytest.mark.parametrize(
    ("stray", "message"),
    [
        ("<<<<<<< HEAD", "line 4 begins a conflict that git has left"),
        (">>>>>>> theirs", "line 4 begins a conflict that git has left"),
        ("Status : draft", "line 4 is neither empty nor like 'Key: value'"),
        ("  more", "line 4 is neither"),
        ("Weiß: x", "line 4 is neither"),
        ("Back before the wind", "line 4 is neither .*; put an empty line before text"),
        ("\u200b", "line 4 is neither"),
    ],
)
def test_a_header_ends_nowhere_else_than_at_an_empty_line(stray, message):
    """Else a key below, such as who may see it, would be taken for text."""
    header = "Title: Boats\nDate: 2024-05-12 10:00\nOriginal: a.jpg"

    with pytest.raises(PageError, match=message):
        read_page(f"{header}\n{stray}\nStatus: draft\n\nBack before the wind\n", "boats")
    assert read_page(f"{header}\nStatus: draft\n\n{stray}\n", "boats").status == "draft"


def test_a_conflict_in_the_first_line_is_named_too():
    text = TEXT.replace(
        "Title: Boats at dusk", "<<<<<<< HEAD\nTitle: a\n=======\nTitle: b\n>>>>>>> b"
    )

    with pytest.raises(PageError, match="line 1 begins a conflict that git has left"):
        read_page(text, "boats")


def test_a_value_goes_on_behind_a_tab_too():
    """Markdown expands tabs before it reads the header."""
    page = read_page(TEXT.replace("Tags: sea, boats", "Tags: sea,\n\tboats\nStatus: draft"), "x")

    assert (page.tags, page.status) == (("sea", "boats"), "draft")


def test_a_page_without_a_picture_says_so():
    with pytest.raises(PageError, match="Original is missing"):
        read_page("Title: About me\nDate: 2024-05-12 10:00\n\nHello\n", "about")


def test_pages_by_hand_are_read_too():
    page = read_page(
        "\ufeff---\r\ntitle: Mine\r\ndate: 2024-05-12 10:00\r\noriginal: a.jpg\r\n"
        "alt: Two\r\n    lines\r\nMood: calm\r\n---\r\n\r\nBody\r\n\r\nmore\r\n",
        "mine",
    )

    assert (page.title, page.alt, page.uid, page.extra) == (
        "Mine",
        "Two lines",
        "",
        (("Mood", "calm"),),
    )
    assert page.published == datetime(2024, 5, 12, 10, tzinfo=UTC)
    assert page.content == "Body\n\nmore"


def test_an_edit_changes_one_line_and_no_other_byte():
    text = "alt:old  \n   Mood:  calm\nAlt_auto: x\n    more\n\n\nbody\n\n"

    assert edit_page(text, {"Alt": "new"}) == (
        "alt: new\n   Mood:  calm\nAlt_auto: x\n    more\n\n\nbody\n\n"
    )
    assert edit_page(text, {"Alt_auto": None, "Camera": "Pinhole"}) == (
        "alt:old  \n   Mood:  calm\nCamera: Pinhole\n\n\nbody\n\n"
    )
    assert edit_page(text, {}) == text


def test_an_edit_of_the_first_line_keeps_the_mark_before_it():
    assert edit_page("\ufeffTitle: a\n", {"Title": "b"}) == "\ufeffTitle: b\n"


def test_an_edit_keeps_windows_line_ends():
    assert edit_page("Title: a\r\n\r\nbody\r\n", {"Title": "b", "Alt": "c"}) == (
        "Title: b\r\nAlt: c\r\n\r\nbody\r\n"
    )


@given(
    st.builds(Album, **_COMMON),
    st.dictionaries(st.sampled_from(["Alt", "Title", "Tags", "Mood"]), _NAMES),
)
def test_an_edit_changes_what_it_was_asked_to_and_nothing_else(album, changes):
    before = write_page(album)
    after = edit_page(before, changes)

    for key, value in changes.items():
        assert f"{key}: {value}" in after.split("\n")
    touched = {key.lower() for key in changes}
    untouched = [
        line
        for line in before.split("\n\n")[0].split("\n")
        if line.split(":")[0].lower() not in touched
    ]
    assert all(line in after.split("\n") for line in untouched)
    assert after.partition("\n\n")[2] == before.partition("\n\n")[2]
