"""Rows about files of the site: what was noted is known again, and nothing else is."""

import pytest

from pelican_photos.plugin.page_cache import (
    PARTS,
    PageCache,
    Printed,
    differing,
    digest_of,
    pages_in,
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "cache" / "pages.sqlite3"


def a_row(inputs="i", text="<p>Boats</p>", stamp="1 2 3", note="gallery.js") -> tuple[Printed, str]:
    return Printed(inputs, stamp, digest_of(text), note), text


def noted(file, rows, *, keeps_text=False):
    cache = PageCache(file, keeps_text=keeps_text)
    with cache.opened():
        for path, (printed, text) in rows.items():
            cache.add(path, printed, text)


def test_what_was_noted_is_known_again_for_the_same_inputs(file):
    noted(file, {"a.html": a_row()})

    cache = PageCache(file, keeps_text=False)
    with cache.opened():
        assert cache.get("a.html", "i") == a_row()[0]
        assert cache.get("a.html", "other") is None
        assert cache.get("b.html", "i") is None
        cache.keep("a.html", "1 2 3")


def test_what_a_whole_build_had_no_part_in_is_forgotten(file):
    noted(file, {"a.html": a_row(), "b.html": a_row()})
    noted(file, {"a.html": a_row()})

    cache = PageCache(file, keeps_text=False)
    with cache.opened():
        assert cache.get("b.html", "i") is None


def test_a_build_that_breaks_off_forgets_nothing_and_keeps_what_it_made(file):
    noted(file, {"a.html": a_row()})
    cache = PageCache(file, keeps_text=False)

    def broken_off():
        with cache.opened():
            cache.add("b.html", *a_row())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    with cache.opened():
        assert cache.get("a.html", "i")
        assert cache.get("b.html", "i")


def test_texts_come_back_where_they_were_kept(file):
    noted(file, {"a.html": a_row(text="Weiß 海")}, keeps_text=True)
    noted_apart = file.with_name("plain.sqlite3")
    noted(noted_apart, {"a.html": a_row()})

    for place, expected in ((file, "Weiß 海"), (noted_apart, None)):
        cache = PageCache(place, keeps_text=True)
        with cache.opened():
            known = cache.get("a.html", "i")
            assert cache.text("a.html", known) == expected
            cache.keep("a.html", known.stamp)


def test_a_text_that_is_not_what_was_printed_is_none(file):
    noted(file, {"a.html": a_row(text="Boats")}, keeps_text=True)

    cache = PageCache(file, keeps_text=True)
    with cache.opened():
        assert cache.text("a.html", Printed("i", "", digest_of("Nets"))) is None


def test_what_another_build_has_noted_meanwhile_is_left_to_it(file):
    """Its row says what it was made from: our stamp would be that of another file."""
    noted(file, {"a.html": a_row()})

    cache = PageCache(file, keeps_text=False)
    with cache.opened():
        cache.keep("a.html", "4 5 6")
        noted(file, {"a.html": a_row("other inputs", "Nets", "7 8 9")})

    with cache.opened():
        assert cache.get("a.html", "other inputs").stamp == "7 8 9"
        cache.keep("a.html", "7 8 9")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("a b c", ""),
        ("x b c", PARTS[0]),
        ("a x c", PARTS[1]),
        ("a x x", f"{PARTS[1]}; {PARTS[2]}"),
        ("", ""),
    ],
)
def test_what_differs_is_named(now, expected):
    assert differing("a b c", now) == expected


def test_a_cache_that_cannot_be_used_costs_a_warning_and_no_build(file, caplog):
    file.parent.mkdir()
    file.mkdir()

    noted(file, {"a.html": a_row()})

    assert "All pages of photos are made again next time: " in caplog.text
    assert caplog.text.count("PHOTOS_CACHE") == 1


def test_pages_are_counted(file):
    noted(file, {"a.html": a_row(), "b.html": a_row()})

    assert pages_in(file) == 2
    file.write_bytes(b"no database")
    assert pages_in(file) == 0


def test_a_file_is_what_was_printed_while_its_stamp_is(file):
    noted(file, {"a.html": a_row()})

    cache = PageCache(file, keeps_text=False)
    with cache.opened():
        digest = a_row()[0].digest
        assert cache.holds("a.html", digest, "1 2 3")
        assert not cache.holds("a.html", digest, "9 9 9")
        assert not cache.holds("a.html", digest_of("other"), "1 2 3")
        cache.keep("a.html", "4 5 6")

    with cache.opened():
        assert cache.get("a.html", "i").stamp == "4 5 6"
