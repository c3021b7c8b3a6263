"""Upstream's edits flow in where the owner has not edited; the owner's always stay."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_photo
from pelican_photos.merge import merge_page
from pelican_photos.model import Location, Person
from pelican_photos.page import edit_body, edit_page, header_value, read_page, write_page

BEFORE = a_photo(
    title="Boats",
    content="Boats",
    tags=("sea", "boats"),
    location=Location(name="Nazaré", latitude=39.6, longitude=-9.1),
    people=(Person(username="bob", x=0.1, y=0.2),),
    alt="Two boats",
)
PAGE = write_page(BEFORE)


def merged(text, after, before=BEFORE):
    merge = merge_page(text, before, after)
    text = edit_page(text, merge.changes)
    return edit_body(text, merge.body) if merge.body is not None else text


def test_a_page_that_nobody_edited_becomes_what_upstream_says_now():
    after = replace(
        BEFORE,
        title="Ships",
        content="Ships",
        tags=("sea", "ships"),
        location=None,
        people=(),
        alt="Two ships",
    )

    assert read_page(merged(PAGE, after), BEFORE.slug) == after


def test_nothing_new_upstream_changes_nothing_whatever_the_owner_wrote():
    mine = edit_page(PAGE, {"Title": "Mine", "Tags": None, "Geo": "1,1", "Mood": "calm"})

    merge = merge_page(edit_body(mine, "My own words"), BEFORE, BEFORE)

    assert (merge.fields, merge.kept) == ((), ())


@pytest.mark.parametrize(
    ("edit", "after", "said"),
    [
        ({"Title": "Mine"}, {"title": "Theirs"}, 'Title: "Mine" stays; upstream has "Theirs"'),
        ({"Title": None}, {"title": "Theirs"}, 'Title: nothing stays; upstream has "Theirs"'),
        ({"Alt": "Mine"}, {"alt": ""}, 'Alt: "Mine" stays; upstream has nothing'),
        ({"Status": "draft"}, {"status": "hidden"}, 'Status: "draft" stays; upstream'),
    ],
)
def test_what_the_owner_wrote_stays_and_the_difference_is_told(edit, after, said):
    mine = edit_page(PAGE, edit)

    merge = merge_page(mine, BEFORE, replace(BEFORE, **after))

    assert merge.fields == ()
    assert [str(difference)[: len(said)] for difference in merge.kept] == [said]


def test_an_owner_who_wrote_the_same_as_upstream_is_not_told_so():
    mine = edit_page(PAGE, {"Title": "Ships"})

    assert merge_page(mine, BEFORE, replace(BEFORE, title="Ships")).kept == ()


def test_the_owners_body_stays_while_the_rest_follows():
    mine = edit_body(PAGE, "My own words")
    after = replace(BEFORE, title="Ships", content="Ships")

    page = read_page(merged(mine, after), BEFORE.slug)

    assert (page.title, page.content) == ("Ships", "My own words")


def test_an_editor_that_trims_lines_has_not_edited_the_body():
    before = replace(BEFORE, content="Boats  \nat dusk")
    trimmed = write_page(before).replace("Boats  \n", "Boats\n")

    assert merged(trimmed, replace(before, content="Ships"), before).endswith("\n\nShips\n")
    assert merged(trimmed, replace(before, title="Ships"), before).endswith("\n\nBoats\nat dusk\n")


def test_tags_are_merged_one_by_one():
    mine = edit_page(PAGE, {"Tags": "sea, favourite"})  # "boats" removed, "favourite" added
    after = replace(BEFORE, tags=("boats", "ships"))  # "sea" removed, "ships" added upstream

    assert header_value(merged(mine, after), "Tags") == "favourite, ships"


def test_a_person_who_moved_upstream_moves_here_unless_the_owner_moved_them():
    after = replace(BEFORE, people=(Person(username="bob", x=0.5, y=0.5),))
    mine = edit_page(PAGE, {"People": "bob@0.9,0.9; ana"})

    assert header_value(merged(PAGE, after), "People") == "bob@0.5,0.5"
    assert header_value(merged(mine, after), "People") == "bob@0.9,0.9; ana"


def test_a_place_follows_as_a_whole_or_not_at_all():
    after = replace(BEFORE, location=Location(name="Peniche", latitude=39.3, longitude=-9.4))
    mine = edit_page(PAGE, {"Location": "The beach"})

    page = merged(mine, after)

    assert (header_value(page, "Location"), header_value(page, "Geo")) == ("The beach", "39.6,-9.1")
    assert read_page(merged(PAGE, after), "x").location == after.location


@pytest.mark.parametrize(
    "spelling",
    [
        {"Date": "2024-05-12 14:00:00+02:00"},
        {"Date": "2024-05-12T12:00:00Z"},
        {"Geo": "39.60, -9.10"},
        {"Tags": "sea,boats"},
        {"Tags": "sea; boats"},
    ],
)
def test_another_spelling_of_the_same_is_no_edit(spelling):
    after = replace(
        BEFORE,
        published=NOON.replace(hour=13),
        location=Location(name="Peniche"),
        tags=("sea", "boats", "new"),
    )

    merge = merge_page(edit_page(PAGE, spelling), BEFORE, after)

    assert merge.kept == ()
    assert {"Date", "Location", "Geo", "Tags"} <= set(merge.fields)


def test_a_date_never_moves_a_page_to_another_year():
    after = replace(BEFORE, published=NOON.replace(year=2023))

    merge = merge_page(PAGE, BEFORE, after)

    assert merge.fields == ()
    assert merge.kept[0].field == "Date"


def test_a_page_that_its_owner_broke_can_be_merged_and_stays_broken():
    broken = PAGE.replace("Date: ", "Date: some day in ").replace("Geo: ", "Geo: about ")
    after = replace(BEFORE, published=NOON.replace(hour=1), title="Ships")

    page = merged(broken, after)

    assert "Date: some day in " in page
    assert "Title: Ships" in page


LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Zs"]))
TAGS = st.lists(st.sampled_from("abcdef"), unique=True).map(tuple)
PAGES = st.builds(
    lambda **values: replace(BEFORE, **values),
    title=LINES.filter(bool),
    content=st.lists(LINES, max_size=3).map("\n".join).map(str.strip),
    tags=TAGS,
    alt=LINES,
    people=TAGS.map(lambda names: tuple(Person(username=name) for name in names)),
)


@given(before=PAGES, mine=PAGES, after=PAGES)
def test_an_owners_edit_is_never_lost_and_an_untouched_field_always_follows(before, mine, after):
    page = read_page(merged(write_page(mine), after, before), "x")

    for name in ("title", "content", "alt"):
        was, own, theirs = (getattr(each, name) for each in (before, mine, after))
        assert getattr(page, name) == (theirs if own == was else own)
    for name in ("tags", "people"):
        was, own, theirs = (set(getattr(each, name)) for each in (before, mine, after))
        assert set(getattr(page, name)) == (own - (was - theirs)) | (theirs - was)


@given(before=PAGES, mine=PAGES, after=PAGES)
def test_merging_twice_is_merging_once(before, mine, after):
    once = merged(write_page(mine), after, before)

    assert merged(once, after, before) == once
    assert merge_page(once, after, after).fields == ()
