"""What a second import does: nothing, unless upstream says something new; whatever came between."""

import os
import subprocess
import sys

import pytest

from fakes.importing import files, names, stamps
from fakes.instagram_export import ERAS
from fakes.one_account import ACCOUNT
from pelican_photos.forgetting import bring_back
from pelican_photos.page import body_of, edit_body, edit_page, header_value

DOORS = ("live", "folder", *ERAS)
OTHER_DOORS = ("folder", 1, 2, 5, "html", "live")
BOATS = "2024-05-12-boats-at-dusk"
ISLAND = "2024-05-13-three-from-the-island"


def page(doors, slug):
    return next(doors.content.rglob(f"{slug}.md"))


def edit(file, **changes):
    file.write_text(edit_page(file.read_text(), changes))


def entry_of(doors, slug):
    return doors.open().ledger.named(slug)


def edited_upstream(number, caption):
    """Give the account with another caption on Instagram for one of its posts."""
    account = list(ACCOUNT)
    account[number] = account[number]._replace(edited=caption)
    return account


@pytest.mark.parametrize("door", DOORS)
def test_a_second_run_through_the_same_door_writes_nothing(doors, door):
    assert str(doors.enter(door)) == "11 posts: 11 new"
    before = stamps(doors.content), stamps(doors.site / ".photos/raw")

    report = doors.enter(door)

    assert str(report) == "11 posts: 11 unchanged"
    assert doors.fetched == 0
    assert (stamps(doors.content), stamps(doors.site / ".photos/raw")) == before


def test_what_the_owner_wrote_survives_every_door(doors):
    doors.enter("live")
    boats, photo = page(doors, BOATS), page(doors, f"{ISLAND}-3")
    edit(boats, Title="My boats", Tags="mine, harbour", Alt="Two boats of ours", Mood="calm")
    boats.write_text(edit_body(boats.read_text(), "My own words."))
    edit(photo, Alt="The third one", Title="The way back")
    boats = boats.rename(boats.with_name("2024-05-12-ours.md"))
    mine = {
        file: [header_value(file.read_text(), key) for key in ("Title", "Tags", "Alt", "Mood")]
        for file in (boats, photo)
    }

    for door in (*OTHER_DOORS, 4):
        assert doors.enter(door).count("new") == 0

    for file, values in mine.items():
        text = file.read_text()
        assert [header_value(text, key) for key in ("Title", "Tags", "Alt", "Mood")] == values
    assert body_of(boats.read_text()) == "My own words."


def test_an_edit_upstream_flows_in_only_where_nobody_wrote_here(doors):
    doors.enter("live")
    edit(page(doors, BOATS), Title="My boats")
    account = edited_upstream(0, "Boats at dawn #dawn")
    account[1] = account[1]._replace(edited="Two from the island, and a film")
    doors.is_now(account)

    report = doors.enter("live")

    boats, island = page(doors, BOATS).read_text(), page(doors, ISLAND).read_text()
    assert header_value(boats, "Title") == "My boats"
    assert header_value(boats, "Tags") == "dawn"
    assert body_of(boats) == "Boats at dawn \\#dawn"
    assert header_value(island, "Title") == "Two from the island, and a film"
    assert str(report) == "11 posts: 2 merged, 9 unchanged, 1 with edits of yours kept"
    (kept,) = report.kept.values()
    assert kept == {BOATS: ('Title: "My boats" stays; upstream has "Boats at dawn #dawn"',)}
    assert str(doors.enter("live")) == "11 posts: 11 unchanged"
    doors.enter(4)  # with the words of before
    assert header_value(page(doors, ISLAND).read_text(), "Title").startswith("Two from")


def test_what_is_deleted_upstream_stays_here_and_is_marked(doors):
    doors.enter("live")
    before = {name: data for name, data in files(doors.content).items() if ".import" not in name}
    (gone,) = (post for post in doors.instagram.profile.posts if "Boats" in str(post.media))
    doors.instagram.profile.posts.remove(gone)

    report = doors.enter("live")

    assert str(report) == "11 posts: 10 unchanged, 1 gone upstream"
    assert report.reasons == {
        f"instagram:{gone.code}": "deleted or archived upstream; it stays here"
    }
    assert entry_of(doors, BOATS).gone
    assert {n: d for n, d in files(doors.content).items() if ".import" not in n} == before
    assert str(doors.enter("live")) == "10 posts: 10 unchanged"
    assert doors.enter(4).count("new") == 0


@pytest.mark.parametrize("first", ["live", 4])
def test_a_page_that_was_deleted_here_stays_away_from_every_door(doors, first):
    doors.enter(first)
    unwanted = [file for slug in (BOATS, ISLAND) for file in doors.content.rglob(f"{slug}*.*")]
    assert len(unwanted) >= 8
    for file in unwanted:
        file.unlink()

    for door in OTHER_DOORS:
        report = doors.enter(door)
        assert report.count("deleted") == 2
        assert report.count("new") == 0

    assert not [name for name in names(doors.content) if BOATS in name or ISLAND in name]


def test_one_photo_of_an_album_that_was_deleted_here_stays_away(doors):
    doors.enter(4)
    for file in doors.content.rglob(f"{ISLAND}-1.*"):
        file.unlink()

    for door in OTHER_DOORS:
        doors.enter(door)

    assert not [name for name in names(doors.content) if f"{ISLAND}-1." in name]
    assert len([name for name in names(doors.content) if ISLAND in name]) == 5 + 1


def test_what_was_deleted_comes_back_through_any_door_when_it_is_asked_for(doors):
    doors.enter("live")
    for file in doors.content.rglob(f"{BOATS}.*"):
        file.unlink()
    doors.enter(4)

    bring_back(doors.open(), BOATS)

    assert doors.enter(4).count("new") == 1
    assert doors.enter("live").count("new") == 0
    assert page(doors, BOATS).is_file()


@pytest.mark.parametrize("first", ["live", 4])
def test_a_page_that_was_moved_and_renamed_is_found_by_every_door(doors, first):
    doors.enter(first)
    elsewhere = doors.content / "photos" / "best"
    elsewhere.mkdir()
    for file in sorted(doors.content.rglob(f"{BOATS}.*")):
        file.rename(elsewhere / f"ours{file.suffix}")
    edit(elsewhere / "ours.md", Original="ours.jpg")
    for file in sorted(doors.content.rglob(f"{ISLAND}*")):
        file.rename(elsewhere / file.name)

    for door in OTHER_DOORS:
        assert doors.enter(door).count("new") == 0

    assert len(doors.pages()) == 11 + 3 + 3
    assert header_value((elsewhere / "ours.md").read_text(), "Syndication")
    assert not [name for name in names(doors.content) if BOATS in name]


# The machine's surroundings

COMMAND = [sys.executable, "-c", "from pelican_photos.tasks import main; main()"]


def in_zone(doors, zone, *sources):
    """Import by the command, on a machine and for a site of a time zone."""
    configuration = f'SITENAME = "x"\nPATH = "content"\nTIMEZONE = "{zone}"\n'
    (doors.site / "pelicanconf.py").write_text(configuration)
    options = [word for source in sources for word in ("--source", str(source))]
    ended = subprocess.run(
        [*COMMAND, "import-instagram", *options],
        cwd=doors.site,
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()[-1]


def test_another_time_zone_moves_no_date_no_name_and_no_file(doors, another):
    sources = [doors.source("folder"), doors.source(4)]
    in_zone(doors, "UTC", *sources)
    in_zone(another, "Pacific/Auckland", *sources)
    assert files(doors.content) == files(another.content)
    before = stamps(doors.content)

    assert in_zone(doors, "America/Los_Angeles", *sources) == "11 posts: 11 unchanged"

    assert stamps(doors.content) == before
