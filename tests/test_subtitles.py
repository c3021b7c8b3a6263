"""SubRip in, WebVTT out, whatever the file holds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.subtitles import webvtt_of

TWO = """1
00:00:01,000 --> 00:00:02,500
Hello

2
00:00:03,000 --> 01:00:04,25
there,
you
"""


def cue(text: str) -> str:
    """Convert one cue with this text, and give what its text became."""
    converted = webvtt_of(f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n".encode())
    return converted.text.split("\n", 3)[3].removesuffix("\n")


def test_numbers_go_and_commas_become_full_stops():
    converted = webvtt_of(TWO.encode())

    assert (converted.cues, converted.broken) == (2, 0)
    assert converted.text == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:02.500\nHello\n\n"
        "00:00:03.000 --> 01:00:04.250\nthere,\nyou\n"
    )


@pytest.mark.parametrize(
    "changed",
    [
        TWO.replace("\n", "\r\n").encode(),
        TWO.replace("\n", "\r").encode(),
        TWO.encode("utf-8-sig"),
        TWO.encode("utf-16"),
        f"\n\n\n{TWO}\n\n".encode(),
        TWO.replace("\n\n", "\n \t\n").encode(),
        TWO.replace("\n\n", "\n").encode(),
        TWO.replace("1\n00", "00", 1).replace("2\n00", "00", 1).encode(),
        TWO.replace("02,500", "02,500 X1:40 X2:600 Y1:20 Y2:50").encode(),
        TWO.replace(",000", ".000").encode(),
        "\n\n".join(reversed(TWO.split("\n\n"))).encode(),
    ],
    ids=["crlf", "cr", "bom", "utf16", "space", "blank", "dense", "bare", "place", "dots", "order"],
)
def test_dialects_give_the_same(changed):
    assert webvtt_of(changed) == webvtt_of(TWO.encode())


def test_an_old_alphabet_is_read_too():
    assert "Café" in webvtt_of("1\n00:00:01,0 --> 00:00:02,0\nCafé\n".encode("cp1252")).text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<i>So</i> <B>bold</B>", "<i>So</i> <b>bold</b>"),
        ('<font color="red">red</font>', "red"),
        (r"{\an8}above", "above"),
        ("<i>open", "<i>open</i>"),
        ("<i><b>crossed</i></b>", "<i><b>crossed</b></i>"),
        ("closed</i>", "closed"),
        ("I <3 you & me", "I &lt;3 you &amp; me"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("a --> b", "a --&gt; b"),
        ("nul \0 byte", "nul \ufffd byte"),
    ],
)
def test_markup_is_kept_where_browsers_know_it_and_escaped_elsewhere(text, shown):
    assert cue(text) == shown


@pytest.mark.parametrize(
    "broken",
    [
        "9\n00:00:61,000 --> 00:01:02,000\nNo second",
        "9\n00:00:05,000 --> 00:00:04,000\nBackwards",
        "9\n00:00:05,000 --> \nEndless",
        "9\n00:00:05,000 --> 00:00:06,000\n",
        "Somebody's note",
    ],
)
def test_a_broken_cue_is_left_out_and_counted(broken):
    converted = webvtt_of(f"{TWO}\n\n{broken}\n".encode())

    assert (converted.cues, converted.broken) == (2, 1)
    assert converted.text == webvtt_of(TWO.encode()).text


LINES = st.sampled_from(
    [
        *("1", "", "00:00:01,000 --> 00:00:02,000", "00:00:00,5 --> 00:00:09,0 x", "-->", "<i>"),
        *("</i>", "NOTE", "WEBVTT", "STYLE", "a --> b", "&lt;", "<c.x>"),
    ]
)
FILES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.one_of(LINES, st.text(max_size=9)), max_size=12).map(
        lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")
    ),
)


@given(FILES)
def test_whatever_comes_in_what_goes_out_is_webvtt(srt):
    converted = webvtt_of(srt)

    header, *blocks = converted.text.encode().decode().removesuffix("\n").split("\n\n")
    assert header.strip() == "WEBVTT"
    assert len(blocks) == converted.cues
    starts = []
    for block in blocks:
        times, *text = block.split("\n")
        assert re.fullmatch(r"\d{2,4}:\d\d:\d\d\.\d{3} --> \d{2,4}:\d\d:\d\d\.\d{3}", times)
        assert text
        assert all(text)
        assert "-->" not in "".join(text)
        assert set(re.findall("<[^>]*>", "".join(text))) <= {
            f"<{slash}{name}>" for slash in ("", "/") for name in "biu"
        }
        starts.append([int(number) for number in re.split("[:.]", times.split(" ")[0])])
    assert starts == sorted(starts)
