"""A profile with one post of every sort that has ever broken an importer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fakes.instagram_posts import (
    BOB,
    FIRST_DAY,
    SOMEONE,
    Account,
    FakePost,
    Item,
    a_comment,
    a_post,
)

OCEAN_BEACH = {"pk": "213385402", "name": "Ocean Beach", "lat": 37.76, "lng": -122.51}
NOWHERE = {"pk": "99", "name": "Atlantis: the lost city", "lat": None, "lng": None}
CARLA = Account(pk="88", username="carla", full_name="Carla")
CAROUSEL = tuple(
    Item(kind="video" if index % 7 == 3 else "image", width=96 + 8 * index, height=120)
    for index in range(20)
)


@dataclass(slots=True)
class FakeProfile:
    """A profile and its posts, in the order in which its page shows them."""

    account: Account = SOMEONE
    posts: list[FakePost] = field(default_factory=list)
    private: bool = False
    followed: bool = False  # by the account whose session asks
    hides_count: bool = False  # of its posts

    def post(self, code: str) -> FakePost | None:
        return next((post for post in self.posts if post.code == code), None)


def sample_profile(count: int = 40, account: Account = SOMEONE) -> FakeProfile:
    """Give the same ``count`` posts each time: special ones first, plain ones for the rest.

    They are ordered as Instagram does: three old pinned posts, then by time, newest first.
    """
    posts = [*_special(account)[:count]]
    posts += [_plain(number, account) for number in range(len(posts) + 1, count + 1)]
    newest_first = sorted(posts, key=lambda post: -post.media["taken_at"])
    pinned = [post for post in newest_first if post.media["timeline_pinned_user_ids"]]
    return FakeProfile(account, pinned + [post for post in newest_first if post not in pinned])


def _plain(number: int, owner: Account) -> FakePost:
    caption = f"Day {number} at the harbour #boats #day{number}\n\nWith @bob."
    sizes = ((240, 300), (320, 240), (128, 128), (200, 320))
    width, height = sizes[number % 4]
    return a_post(
        number,
        caption=caption,
        items=[Item(width=width, height=height, alt="Photo by Some One. May be an image of boat.")],
        owner=owner,
    )


def _special(owner: Account) -> Sequence[FakePost]:
    """One post of each sort; their numbers are their days."""
    two = [a_comment(2, "Thank you!", author=owner), a_comment(3, "Again: lovely 🌊")]
    few = [a_comment(1, "Lovely <b>light</b> & #sea", likes=4, answers=two)]
    few.append(a_comment(20, "Where is it?", answers=[a_comment(21 + n) for n in range(4)]))
    many = [a_comment(n, author=CARLA if n % 2 else BOB) for n in range(1, 15)]
    crowd = [a_comment(40 + n) for n in range(5)]
    many.append(a_comment(30, "A busy one", answers=crowd))
    return (
        a_post(1, caption="Pinned and old 📌", pinned=True, owner=owner),
        a_post(2, caption=None, pinned=True, owner=owner),
        a_post(3, caption="", items=[Item(width=320, height=160)], pinned=True, owner=owner),
        a_post(4, caption="🌅🌊", comments=few, owner=owner),
        a_post(5, caption="Many comments", comments=many, owner=owner),
        a_post(6, caption="An album of twenty", items=CAROUSEL, owner=owner),
        a_post(
            7, caption="Two pictures\r\nand a line", items=[Item(), Item(width=128)], owner=owner
        ),
        a_post(8, caption="A video", items=[Item(kind="video")], owner=owner),
        a_post(
            9,
            caption="A reel #reels",
            items=[Item(kind="video", width=180, height=320, duration=12.4)],
            reel=True,
            music=("A Song: part 1", "The Band"),
            owner=owner,
        ),
        a_post(10, caption="At the beach", location=OCEAN_BEACH, owner=owner),
        a_post(11, caption="Nowhere at all", location=NOWHERE, owner=owner),
        a_post(
            12,
            caption="With friends",
            items=[Item(people=(("bob", 0.31, 0.52), ("carla", 0.7, 0.1)), alt="Two at a table")],
            coauthors=[BOB],
            owner=owner,
        ),
        a_post(13, caption="Title: forged\nDate: 1999-01-01\n\n<script>x</script>", owner=owner),
        a_post(14, caption="*not* _bold_ [x](y) `z` & {% raw %} {photo}x.md", owner=owner),
        a_post(15, caption="مرحبا بالعالم e\u0301té 日本 🏳️‍🌈", owner=owner),
        a_post(16, caption="Same second, first", taken_at=FIRST_DAY + 16 * 86_400, owner=owner),
        a_post(17, caption="Same second, second", taken_at=FIRST_DAY + 16 * 86_400, owner=owner),
        a_post(18, code="C1aBcDeFgHi", caption="Case, lower", owner=owner),
        a_post(19, code="C1aBcDeFgHI", caption="Case, lower", owner=owner),
        a_post(20, code="-_oldPost1", caption="Very old", taken_at=1_340_000_000, owner=owner),
        a_post(21, caption="By Bob, with us", coauthors=[owner], owner=BOB),
        a_post(22, caption="a" * 2200, owner=owner),
        a_post(
            23,
            caption="Video first",
            items=[Item(kind="video", alt="Boats leave"), Item(alt="Boats left")],
            owner=owner,
        ),
    )
