"""HTML exports, as well as they can be read."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.export_files import page_of
from fakes.export_reading import bytes_of, only_post, posts, source
from fakes.instagram_export import FakeExport, film, picture
from pelican_photos.errors import SourceError
from pelican_photos.model import Edition, Location, Person, Unreadable
from pelican_photos.sources.export_html import posts_in
from pelican_photos.sources.export_media import Found
from pelican_photos.sources.export_posts import Origin

PAGE = "your_instagram_activity/media/posts_1.html"
ORIGIN = Origin(PAGE, Edition(1, ""), lambda _: Found())


def block(*parts, date="Apr 05, 2026 5:31 am"):
    inside = "".join(parts)
    stamp = f'<div class="_3-94 _a6-o">{date}</div>'
    return f'<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder">{inside}{stamp}</div>'


def caption(text):
    return f'<div class="_3-95 _2pim _a6-h _a6-i">{text}</div>'


def link(number, inside=""):
    shown = f'<a target="_blank" href="media/posts/1/{number}.jpg">{inside}</a>'
    return f'<div class="_a6-p">{shown}</div>'


def row(label, value):
    inside = f'{label}<div><div class="_a6-q">{value}</div></div>'
    return f'<tr><td colspan="2" class="_2pin _a6_q">{inside}</td></tr>'


def with_page(*blocks, name=PAGE):
    export = FakeExport(None).write(name, page_of(blocks))
    for number in range(1, 5):
        export.write(f"media/posts/1/{number}.jpg", picture(number))
    return export


def pictures(post):
    return [medium.picture.rpartition("/")[2] for medium in post.media]


def test_letters_entities_and_line_ends_of_a_caption_are_read_once(tmp_path):
    page = with_page(block(caption("Café 🌸 &lt;b&gt; &amp;amp; Ã©<br/>two<br>\n  three"), link(1)))

    assert only_post(page, tmp_path).caption == "Café 🌸 <b> &amp; Ã©\ntwo\nthree"


def test_a_missing_caption_moves_no_other(tmp_path):
    blocks = [
        block(caption("One"), link(1), date="Apr 05, 2026 5:31 am"),
        block(link(2), date="Apr 06, 2026 5:31 am"),
        block(caption("Three"), link(3), date="Apr 07, 2026 5:31 am"),
    ]

    found = posts(with_page(*blocks), tmp_path)

    assert [(post.caption, pictures(post)) for post in found] == [
        ("One", ["1.jpg"]),
        ("", ["2.jpg"]),
        ("Three", ["3.jpg"]),
    ]


def test_posts_of_one_minute_stay_apart(tmp_path):
    assert len(posts(with_page(block(link(1)), block(link(2))), tmp_path)) == 2


def test_an_album_is_one_block_in_its_order(tmp_path):
    assert pictures(only_post(with_page(block(link(3), link(1), link(2))), tmp_path)) == [
        "3.jpg",
        "1.jpg",
        "2.jpg",
    ]


def test_the_picture_of_a_link_is_its_thumbnail(tmp_path):
    shown = '<img src="media/posts/1/thumb.jpg">'

    assert pictures(only_post(with_page(block(link(1, shown), link(2))), tmp_path)) == [
        "1.jpg",
        "2.jpg",
    ]


def test_a_picture_without_a_link_is_the_picture(tmp_path):
    shown = '<div><img src="media/posts/1/1.jpg"></div>'

    assert pictures(only_post(with_page(block(shown)), tmp_path)) == ["1.jpg"]


def test_a_video_has_its_subtitles(tmp_path):
    shown = (
        '<video controls><source src="../../media/posts/1/9.mp4">'
        '<track src="media/1/9.srt"></video><a href="media/posts/1/9.mp4">View</a>'
    )
    export = with_page(block(shown)).write("media/posts/1/9.mp4", film(9))
    reader = source(export.write("media/1/9.srt", "1\n"), tmp_path)

    (post,) = reader.posts()

    assert bytes_of(reader, post) == [film(9)]
    assert post.media[0].subtitles == "media/1/9.srt"
    assert "subtitles" not in post.silent


def test_tables_tell_of_places_and_people(tmp_path):
    table = (
        f"<table>{row('Latitude', '49,25')}{row('Longitude', '8,5')}"
        f"{row('Tagged users', 'some.user (Tagged, 0.50, 0.25), other_1 (Tagged, 0.00, 0.00)')}"
        "</table>"
    )

    post = only_post(with_page(block(caption("Boats"), link(1), table)), tmp_path)

    assert post.caption == "Boats"
    assert post.location is None
    assert post.media[0].place == Location(latitude=49.25, longitude=8.5)
    assert post.media[0].people == (
        Person(username="some.user", x=0.5, y=0.25),
        Person(username="other_1"),
    )
    assert post.silent.isdisjoint({"people", "place"})


def test_a_table_tells_of_the_picture_before_it(tmp_path):
    table = f"<table>{row('Breitengrad', '49,25')}{row('Längengrad', '8,5')}</table>"

    post = only_post(with_page(block(link(1), link(2), table)), tmp_path)

    assert [bool(medium.place) for medium in post.media] == [False, True]


def test_other_classes_than_we_know_leave_a_caption_to_its_place(tmp_path):
    page = with_page(block("<h2>Boats at dusk</h2>", link(1)), block(link(2)))

    assert {post.caption for post in posts(page, tmp_path)} == {"Boats at dusk", ""}


def test_a_date_in_a_caption_dates_nothing(tmp_path):
    page = with_page(block(caption("Jan 01, 2020 1:00 am"), link(1)))

    post = only_post(page, tmp_path)

    assert f"{post.published:%Y-%m-%d}" == "2026-04-05"
    assert post.caption == "Jan 01, 2020 1:00 am"


def test_languages_may_change_within_a_file(tmp_path):
    page = with_page(block(link(1)), block(link(2), date="11 de nov de 2021 03:47"))

    found = posts(page, tmp_path)

    assert [post.published.isoformat() for post in found] == [
        "2021-11-11T03:47:00+00:00",
        "2026-04-05T05:31:00+00:00",
    ]


def test_what_cannot_be_dated_is_named(tmp_path):
    _, found = source(
        with_page(block(link(1)), block(link(2), date="03/04/2024 1:00")), tmp_path
    ).posts()

    assert isinstance(found, Unreadable)
    assert found.reason == (
        f"{PAGE}: post 2 has no date that can be read for sure; ask for the export as JSON"
    )


def test_a_permalink_gives_the_shortcode(tmp_path):
    page = block(link(1), '<a href="https://www.instagram.com/p/AbCdEfGhIj1/">Link</a>')

    assert only_post(with_page(page), tmp_path).uid == "instagram:AbCdEfGhIj1"


def test_many_pages_are_one_list(tmp_path):
    export = with_page(block(link(1)))
    export.write(PAGE.replace("_1", "_2"), page_of([block(link(2))]))

    assert len(posts(export, tmp_path)) == 2


def test_advice_says_what_to_ask_for(tmp_path):
    reader = source(with_page(block(link(1))), tmp_path)

    list(reader.posts())

    assert "no seconds and no time zone" in reader.advice
    assert "Accounts Centre → Your information and permissions" in reader.advice


def test_other_lists_keep_their_meaning(tmp_path):
    export = with_page(block(link(1)))
    for number, name in enumerate(("archived_posts", "stories", "recently_deleted_content"), 2):
        export.write(f"your_instagram_activity/media/{name}.html", page_of([block(link(number))]))
    reader = source(export, tmp_path)

    assert sorted((post.status, pictures(post)) for post in reader.posts()) == [
        ("", ["1.jpg"]),
        ("hidden", ["2.jpg"]),
    ]
    assert reader.skipped == {"story items": 1, "recently deleted posts": 1}


@pytest.mark.parametrize("cut", [1, 7, 100])
def test_a_page_may_come_in_any_pieces(cut):
    page = page_of([block(caption("Été 🌸"), link(1)), block(link(2))]).encode()
    pieces = [page[at : at + cut] for at in range(0, len(page), cut)]

    first, second = posts_in(pieces, ORIGIN)

    assert (first.caption, second.caption) == ("Été 🌸", "")


def test_a_page_cut_short_keeps_what_was_whole():
    page = page_of([block(caption("A"), link(1)), block(caption("B"), link(2))])
    cut = page[: page.index("media/posts/1/2.jpg")]

    assert [post.caption for post in posts_in([cut.encode()], ORIGIN)] == ["A"]


TAGS = st.sampled_from(
    (
        '<div class="uiBoxWhite">|</div>|<a href="media/1.jpg">|</a>|<img src=x.jpg>|<|<br|&amp;'
        "|Apr 05, 2026 5:31 am|&#x110000;|<!--|<table>|</table>|\0|<video|<h2 class=_a6-h>"
        "|<![a[|<!x|<![CDATA[|<?"
    ).split("|")
)


@given(st.lists(TAGS, max_size=30))
@settings(max_examples=200)
def test_no_markup_makes_a_traceback(tags):
    with suppress(SourceError):
        for post in posts_in(["".join(tags).encode()], ORIGIN):
            assert post.uid.startswith("instagram")


def test_a_damaged_page_is_named_after_all_others_are_read(tmp_path):
    other = "your_instagram_activity/media/reels.html"
    export = with_page(block(link(1))).write(other, "<!--" + "a" * 2**21)
    found = []

    with pytest.raises(SourceError, match=r"reels\.html: is no HTML"):
        found.extend(source(export, tmp_path).posts())

    assert len(found) == 1


def test_a_declaration_without_end_is_no_html_and_not_kept():
    taken = []

    def endless():
        yield b'<div class="uiBoxWhite"><!--'
        while True:
            taken.append(1)
            yield b"a" * 2**16

    with pytest.raises(SourceError, match=r"posts_1\.html: is no HTML; ask for the export as JSON"):
        list(posts_in(endless(), ORIGIN))

    assert len(taken) < 40


def test_elements_without_end_are_no_traceback():
    page = '<div class="uiBoxWhite">' + "<div>" * 100_000 + "<a href='media/1.jpg'></a>"

    (found,) = posts_in([page.encode()], ORIGIN)

    assert isinstance(found, Unreadable)
