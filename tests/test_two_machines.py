"""Two machines import into clones of one site, and git puts them together."""

import subprocess

import pytest

from fakes.doors import shown
from fakes.importing import files, stamps
from fakes.one_account import ACCOUNT
from pelican_photos.forgetting import doomed, forget

OLDER = [*ACCOUNT[:7], *[None] * 4]
NEWER = [*[None] * 4, *ACCOUNT[4:]]
NEWEST = [*[None] * 7, *ACCOUNT[7:]]


def git(doors, *words, status=0):
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "core.autocrlf=false")
    ended = subprocess.run(
        ["git", *identity, *words], cwd=doors.site, capture_output=True, text=True, check=False
    )
    assert ended.returncode == status, ended.stdout + ended.stderr
    return ended.stdout


def commit(doors):
    git(doors, "add", "-A")
    git(doors, "commit", "-qm", "Import")


@pytest.fixture
def machines(doors, another):
    """Two clones of an empty site; as always, git passes over the originals."""
    git(doors, "init", "-qb", "main")
    (doors.site / ".gitignore").write_text("*.jpg\n*.mp4\n.photos/\nsaid.txt\n")
    commit(doors)
    another.content.rmdir()
    git(another, "clone", "-q", str(doors.site), ".")
    another.content.mkdir()
    return doors, another


def merge(one, other, status=0):
    """Commit on both, and bring the work of the other to the one."""
    commit(one)
    commit(other)
    git(one, "pull", "-q", "--no-rebase", "--no-edit", str(other.site), "main", status=status)


@pytest.mark.parametrize("door", ["live", 4])
def test_posts_that_both_had_through_one_door_are_the_same_to_a_byte(machines, door):
    one, other = machines
    for machine, account in ((one, OLDER), (other, NEWER)):
        machine.is_now(account)
        assert not machine.enter(door).incomplete

    merge(one, other)
    git(other, "pull", "-q", str(one.site), "main")

    for machine in machines:
        machine.is_now(ACCOUNT)
        before = stamps(machine.content)
        assert str(machine.enter(door)) == "11 posts: 11 unchanged"
        assert machine.fetched == 0
        assert stamps(machine.content) == before
    for machine in machines:
        machine.enter(door, missing=True)
    assert files(one.content) == files(other.content)


def test_different_posts_through_different_doors_become_one_set(machines, doors):
    one, other = machines
    one.is_now(OLDER)
    one.enter("live")
    other.is_now(NEWEST)
    other.enter(4)

    merge(one, other)

    one.is_now(ACCOUNT)
    for door in ("live", 4, "folder"):
        assert one.enter(door).count("new") == 0
    for door in ("live", 4, "folder"):
        assert str(one.enter(door)) == "11 posts: 11 unchanged"
    one.enter(4, missing=True)
    assert len(shown(one.site)) == 11


def test_one_post_through_two_doors_is_told_until_one_is_forgotten(machines):
    one, other = machines
    sunset = [*[None] * 3, ACCOUNT[3]]  # emoji alone: the pages' names come from their Uids
    for machine, door in ((one, "live"), (other, 4)):
        machine.is_now(sunset)
        machine.enter(door)
    merge(one, other)
    first, second = (page.stem for page in one.pages())
    said = f"{first} and {second} look like one post; if so, `forget` one of them"

    for door in ("live", 4):
        report = one.enter(door)
        assert report.notes == [said]
        assert not report.incomplete
        assert str(report) == "1 post: 1 unchanged"

    site = one.open()
    forget(site, doomed(site, second))
    for door in ("live", 4, "folder", 1):
        report = one.enter(door)
        assert report.notes == []
        assert report.count("new") == 0
    assert [page.stem for page in one.pages()] == [first]


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_where_both_chose_one_name_git_asks_and_either_answer_is_the_photo(machines, side):
    one, other = machines
    for machine, door in ((one, "live"), (other, 4)):
        machine.is_now(ACCOUNT[:1])
        machine.enter(door)

    merge(one, other, status=1)
    git(one, "checkout", f"--{side}", "content")
    commit(one)

    for door in ("live", 4, "folder", 1):
        report = one.enter(door)
        assert report.count("new") == 0
        assert report.notes == []
    assert len(one.pages()) == 1
