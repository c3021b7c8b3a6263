"""All doors lead to one set of photos: Instagram itself, Instaloader's folder, each year's export.

The same account goes through them in different orders.  What comes out is the same, but for
the names that the first door gave: one page for each photo, the larger picture, the words of
Instagram today, and the camera that only an export knows.
"""

import itertools

import pytest

from fakes.doors import shown
from fakes.importing import stamps
from fakes.instagram_export import ERAS
from fakes.one_account import EXPORT_WIDTH, LIVE_WIDTH, camera_of, code_of_post

WITHOUT_CAMERA = {1, "html"}  # eras that do not speak of it


def chosen_orders():
    """List every order of the doors, with an export of our days; with each other era, two."""
    yield from itertools.permutations(("live", "folder", 4))
    for era in ERAS:
        if era != 4:
            yield ("live", era)
            yield (era, "live")


def expected(doors, *, camera: bool):
    """Give the photos of each post, and the first line of its caption on Instagram today."""
    posts = {}
    for number, told in enumerate(doors.account, start=1):
        photos = []
        for place, kind in enumerate(told.media):
            which = 100 * number + place
            size = EXPORT_WIDTH if kind == "p" else LIVE_WIDTH
            known = camera_of(number) if camera else ("", "")
            photos.append(({"p": "picture", "v": "video"}[kind], which, size, *known))
        address = f"https://www.instagram.com/p/{code_of_post(number, told)}/"
        posts[address] = (told.now.split("\n")[0], sorted(photos))
    return posts


@pytest.mark.parametrize("order", list(chosen_orders()), ids=lambda o: "-".join(map(str, o)))
def test_each_order_of_doors_leads_to_one_set(doors, order):
    for door in order:
        assert not doors.enter(door).incomplete

    found = shown(doors.site)
    wanted = expected(doors, camera=WITHOUT_CAMERA.isdisjoint(order))
    assert {address: photos for address, (_, _, photos) in found.items()} == {
        address: photos for address, (_, photos) in wanted.items()
    }
    for address, (first_line, _) in wanted.items():
        assert found[address][0] == first_line or (
            not first_line and found[address][0].startswith("Photo, ")
        )

    before = stamps(doors.content)
    for door in order:
        assert str(doors.enter(door)) == "11 posts: 11 unchanged"
        assert doors.fetched == 0
    assert stamps(doors.content) == before


def test_instagram_after_an_export_and_an_export_after_instagram_leave_the_same(doors, another):
    for door in (4, "live"):
        doors.enter(door)
    for door in ("live", 4):
        another.enter(door)

    assert shown(doors.site) == shown(another.site)
