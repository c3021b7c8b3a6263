"""What is said about the photos: captions, tags and dates, the same for every contender."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

_WORDS = (
    "morning evening harbour boats market bread coffee window light rain after before the the"
    " the a a of of on in with and and from our old new small long way home back first last"
    " summer winter autumn spring hill river bridge street corner garden kitchen table friends"
    " walk walked found waited under over between again slowly almost nothing everything blue"
    " green grey gold fog wind snow sea sand stone wood paper train station ferry island tower"
    " door stairs roof birds dog cat children music quiet loud early late never always once"
).split()
_TAGS = tuple(
    f"{first}{second}"
    for first in ("sea", "city", "film", "slow", "wild", "home", "road", "blue", "night", "hill")
    for second in (
        *("", "light", "life", "walk", "story", "view", "day", "colours", "notes", "side"),
        *("mood", "mist", "trip", "lines", "people", "food", "birds", "stairs", "rain", "snow"),
    )
)
# A few tags are on very many photos, most are on few.
_WEIGHTS = tuple(accumulate(1 / (rank + 3) for rank in range(len(_TAGS))))
EDITED = "Seen again today."
_NEWEST = datetime(2024, 6, 1, 18, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Post:
    """One photo's words."""

    slug: str
    published: datetime
    title: str
    caption: str  # plain text, a line for each paragraph; no hashtags
    tags: tuple[str, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.caption.split("\n"))


def write_post(number: int, apart: timedelta = timedelta(hours=7)) -> Post:
    """Make up the words of photo ``number``; 0 is the newest."""
    chance = random.Random(f"post {number}")
    published = _NEWEST - number * apart
    caption = "\n".join(_sentence(chance) for _ in range(chance.choice((1, 1, 2, 3))))
    tags = chance.choices(_TAGS, cum_weights=_WEIGHTS, k=chance.randrange(2, 6))
    return Post(
        slug=f"{published:%Y-%m-%d}-photo-{number}",
        published=published,
        title=" ".join(caption.split()[:6]).rstrip("."),
        caption=caption,
        tags=tuple(sorted(set(tags))),
    )


def edited(post: Post) -> Post:
    """Say more in a caption: it is on one page, and in what lists captions."""
    return replace(post, caption=f"{post.caption}\n{EDITED}")


def _sentence(chance: random.Random) -> str:
    return f"{' '.join(chance.choices(_WORDS, k=chance.randrange(8, 24)))}.".capitalize()
