"""The lines before a photo is stored: all that matters, each in one line."""

import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.adding.chosen import Chosen, shown_path
from pelican_photos.adding.summary import in_megabytes, summary
from pelican_photos.adding.wording import Wording
from pelican_photos.embedded import Details

NOON = datetime(2024, 5, 12, 12, 0, tzinfo=UTC)
WORDING = Wording(published=NOON, caption="Boats #sea", alts=("",), place="Bar")
PICTURE = Chosen(
    path=Path("/card/a.jpg"),
    kind="image",
    sha256="0",
    size=2_900_000,
    width=4032,
    height=3024,
    details=Details(model="Foo 1"),
)


def lines(wording=WORDING, chosen=(PICTURE,), *, keep_gps=False):
    told = summary(wording, chosen, "content/a.md", "https://example.org/a/", keep_gps=keep_gps)
    return dict(line.split(maxsplit=1) for line in told)


def test_a_line_says_each_thing_there_is():
    assert lines() == {
        "Title": "Boats #sea",
        "Date": "2024-05-12 12:00:00 +0000",
        "Alt": "text  none yet",
        "Tags": "sea",
        "Place": "Bar",
        "Page": "content/a.md",
        "Address": "https://example.org/a/",
        "Size": "4032 x 3024, 2.9 MB",
        "Camera": "Foo 1",
    }


def test_coordinates_are_said_to_be_kept_out_only_where_they_are():
    placed = Wording(published=NOON, alts=("",), coordinates=(1.0, 2.0))
    shown = Wording(published=NOON, alts=("",), coordinates=(1.0, 2.0), with_coordinates=True)

    assert "neither page nor published file" in lines(placed)["Kept"]
    assert "PHOTOS_KEEP_GPS publishes the file with them" in lines(placed, keep_gps=True)["Kept"]
    assert "Kept" not in lines(shown)


def test_a_size_is_written_as_people_read_it():
    assert [in_megabytes(size) for size in (1, 99_000, 100_000, 12_345_678_901)] == [
        *("0.0 kB", "99.0 kB", "0.1 MB", "12,345.7 MB")
    ]


@given(st.text(), st.text(), st.text())
def test_no_words_leave_their_line(caption, place, path):
    wording = Wording(published=NOON, caption=caption, alts=(place,), place=place)
    told = summary(wording, [PICTURE], path, path, keep_gps=False)

    assert not any(unicodedata.category(letter) == "Cc" for line in told for letter in line)
    assert "\n" not in shown_path(Path("/site", path.replace("\0", "")), Path("/site"))
