"""Whatever happens in whatever order: no edit of the owner's, no post and no photo twice is lost.

Random histories of one account and one site: posts appear, are edited and deleted upstream;
pages are edited, moved, renamed and deleted here; imports come live and from exports, old and
new ones, whole and interrupted.
"""

import io
import random
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PIL import Image

from builders import NOON, a_media
from fakes.importing import imported, stamps
from fakes.source import FakeSource
from pelican_photos.model import Edition, Person, Post
from pelican_photos.page import body_of, edit_body, edit_page, header_value

UNSAID = frozenset({"people", "alt", "syndication", "location"})
CAPTIONS = ("", "Boats", "Boats at dusk #sea", "Мачты 🌅", "Home again\n#home")
WORDS = st.sampled_from(CAPTIONS)


class Killed(BaseException):
    """The process ends here."""


@cache
def jpeg(number: int, scale: int) -> bytes:
    """Draw a picture of its own for each number, at any size."""
    grey = random.Random(number)
    tile = Image.new("L", (9, 8))
    tile.putdata([grey.randrange(256) for _ in range(72)])
    file = io.BytesIO()
    picture = tile.resize((9 * scale, 8 * scale), Image.Resampling.NEAREST)
    picture.save(file, "JPEG", quality=95, comment=f"{number}".encode())
    return file.getvalue()


@dataclass
class Upstream:
    """One account on Instagram: its posts by code, as they are now."""

    posts: dict[str, Post] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)  # of each medium's picture, by its id
    siblings: dict[int, set[int]] = field(default_factory=dict)  # all numbers of a number's post

    def publish(self, caption: str, count: int, pause: int) -> None:
        code = f"Code{len(self.numbers):07d}"
        media = []
        for _ in range(count):
            number = len(self.numbers) + 1
            self.numbers[str(number)] = number
            media.append(a_media(number, id=str(number), names=(f"1_{number}_n",)))
        numbers = {int(each.id) for each in media}
        self.siblings |= dict.fromkeys(numbers, numbers)
        moment = NOON + timedelta(seconds=pause + 40 * len(self.numbers))
        self.posts[code] = Post(
            uid=f"instagram:{code}",
            published=moment,
            caption=caption,
            media=tuple(media),
            syndication=f"https://www.instagram.com/p/{code}/",
            edition=Edition(3),
        )

    def live(self) -> list[Post]:
        return [self._sized(post, 4) for post in self.posts.values()]

    def export(self, year: int) -> list[Post]:
        return [self._exported(post, year) for post in self.posts.values()]

    def bytes_of(self, post: Post, scale: int) -> dict[str, bytes]:
        return {m.picture: jpeg(number_of(m.picture), scale) for m in post.media}

    def _sized(self, post: Post, scale: int) -> Post:
        sized = tuple(replace(m, width=9 * scale, height=8 * scale) for m in post.media)
        return replace(post, media=sized)

    def _exported(self, post: Post, year: int) -> Post:
        fbid = 17841400000000000 + number_of(post.media[0].picture)
        media = tuple(
            replace(
                m,
                id="",
                names=(f"1784140000000{int(m.id):04d}",),
                picture=m.picture.replace("cdn", "export"),
                alt="",
                people=(),
                width=0,
                height=0,
            )
            for m in post.media
        )
        return replace(
            post,
            uid=f"instagram-export:{fbid}",
            media=media,
            syndication="",
            published=post.published + timedelta(seconds=int(media[0].names[0]) % 3),
            silent=UNSAID,
            edition=Edition(1, f"{year}-01-01T00:00:00+00:00"),
        )


def number_of(address: str) -> int:
    return int(address.rpartition("/")[2].partition(".")[0])


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.photos = self.root / "content"
        self.photos.mkdir()
        self.upstream = Upstream()
        self.exports: list[list[Post]] = []
        self.edits: dict[tuple[str, str], str] = {}  # (Uid, key) → what the owner wrote
        self.deleted: set[int] = set()  # numbers of pictures
        self.offered: set[int] = set()  # numbers of pictures that a whole import has seen
        self.counter = 0

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    # Upstream

    @rule(caption=WORDS, count=st.integers(1, 3), pause=st.sampled_from([0, 1, 7, 4000, 90_000]))
    def somebody_posts(self, caption, count, pause):
        self.upstream.publish(caption, count, pause)

    @precondition(lambda self: self.upstream.posts)
    @rule(data=st.data(), caption=WORDS, alt=st.sampled_from(["", "A boat", "Two boats"]))
    def somebody_edits_a_post(self, data, caption, alt):
        code = data.draw(st.sampled_from(sorted(self.upstream.posts)))
        post = self.upstream.posts[code]
        media = tuple(
            replace(m, alt=alt, people=(Person(username="bob"),) if alt else ()) for m in post.media
        )
        self.upstream.posts[code] = replace(post, caption=caption, media=media)

    @precondition(lambda self: self.upstream.posts)
    @rule(data=st.data())
    def somebody_deletes_a_post(self, data):
        del self.upstream.posts[data.draw(st.sampled_from(sorted(self.upstream.posts)))]

    @rule()
    def an_export_is_made(self):
        self.exports.append(self.upstream.export(2020 + len(self.exports)))

    # Imports

    @rule()
    def a_live_import(self):
        self.import_live()

    @rule(fetches=st.integers(0, 4))
    def a_live_import_is_killed(self, fetches):
        self.import_live(killed_after=fetches)

    @precondition(lambda self: self.exports)
    @rule(data=st.data())
    def an_export_is_imported(self, data):
        self.import_export(data.draw(st.sampled_from(self.exports)))

    @precondition(lambda self: self.exports)
    @rule(data=st.data(), fetches=st.integers(0, 4))
    def an_import_of_an_export_is_killed(self, data, fetches):
        self.import_export(data.draw(st.sampled_from(self.exports)), killed_after=fetches)

    # The owner

    @precondition(lambda self: self.pages())
    @rule(data=st.data(), key=st.sampled_from(["Title", "Alt", "Status", "body", "Tags"]))
    def the_owner_edits_a_page(self, data, key):
        page = data.draw(st.sampled_from(self.pages()))
        self.counter += 1
        text, mine = page.read_text(), f"Mine {self.counter}"
        if key == "body":
            page.write_text(edit_body(text, mine))
        elif key == "Tags":
            page.write_text(
                edit_page(text, {"Tags": f"{header_value(text, 'Tags')}, {mine}".strip(", ")})
            )
        else:
            page.write_text(edit_page(text, {key: mine}))
        uid = header_value(text, "Uid")
        self.edits[uid, f"{key} {mine}" if key == "Tags" else key] = mine

    @precondition(lambda self: self.pages())
    @rule(data=st.data())
    def the_owner_moves_and_renames_a_page(self, data):
        page = data.draw(st.sampled_from(self.pages()))
        self.counter += 1
        folder = self.photos / "photos" / f"elsewhere-{self.counter}"
        folder.mkdir()
        original = header_value(page.read_text(), "Original")
        if original:
            page.with_name(original).rename(folder / original)
        page.rename(folder / f"mine-{self.counter}.md")

    @precondition(lambda self: self.pages())
    @rule(data=st.data())
    def the_owner_deletes_a_photo(self, data):
        page = data.draw(st.sampled_from(self.pages()))
        original = header_value(page.read_text(), "Original")
        if not original:  # an album's page: its photos stay
            return
        number, post = self.number_in(page.with_name(original)), post_of(page)
        # Whoever deletes the last page of a post, also of one that has not come whole, wants none.
        is_last = [post_of(each) for each in self.pages()].count(post) == 1
        self.deleted |= self.upstream.siblings[number] if is_last else {number}
        page.unlink()
        page.with_name(original).unlink()

    # What always holds

    @invariant()
    def no_photo_is_there_twice_and_none_that_was_deleted_is_back(self):
        shown = self.shown()
        assert len(shown) == len(set(shown))
        assert not self.deleted.intersection(shown)

    @invariant()
    def no_edit_is_lost(self):
        pages = {header_value(text, "Uid"): text for text in map(Path.read_text, self.pages())}
        for (uid, key), mine in self.edits.items():
            if uid in pages:
                text, name = pages[uid], key.partition(" ")[0]
                written = body_of(text) if name == "body" else header_value(text, name)
                assert mine in written if name == "Tags" else mine == written

    @invariant()
    def no_post_is_lost(self):
        assert self.offered - self.deleted <= set(self.shown())

    def import_live(self, killed_after: int | None = None) -> None:
        self.run(self.upstream.live(), 4, killed_after, live=True)

    def import_export(self, posts: list[Post], killed_after: int | None = None) -> None:
        self.run(posts, 6, killed_after, live=False)

    def run(self, posts, scale, killed_after, *, live):
        content = {}
        for post in posts:
            content |= self.upstream.bytes_of(post, scale)
        source = Mortal(*posts, live=live, broken=content, killed_after=killed_after)
        try:
            report = imported(self.photos, source)
        except Killed:
            return
        assert not report.incomplete, report
        self.offered |= {number_of(m.picture) for post in posts for m in post.media}
        before = stamps(self.root)
        again = imported(self.photos, Mortal(*posts, live=live, broken=content))
        assert set(again.outcomes.values()) <= {"unchanged", "deleted"}, again
        assert stamps(self.root) == before

    def pages(self) -> list[Path]:
        return sorted(self.photos.rglob("*.md"))

    def shown(self) -> list[int]:
        found = []
        for page in self.pages():
            original = header_value(page.read_text(), "Original")
            if original:
                found.append(self.number_in(page.with_name(original)))
        return found

    def number_in(self, original: Path) -> int:
        with Image.open(original) as picture:
            return int(picture.info["comment"])


def post_of(page: Path) -> str:
    return header_value(page.read_text(), "Uid").partition("#")[0]


class Mortal(FakeSource):
    """A source during whose n-th fetch the process dies."""

    def __init__(self, *posts, killed_after=None, **options) -> None:
        super().__init__(*posts, **options)
        self._killed_after = killed_after

    def fetch(self, address):
        pieces = super().fetch(address)
        if self._killed_after is not None and len(self.asked) > self._killed_after:
            yield b"\xff\xd8\xff"
            raise Killed
        yield from pieces


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
