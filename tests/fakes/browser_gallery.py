"""A gallery with something of everything, for the browser tests."""

import re
from datetime import timedelta

from builders import NOON, a_comment, a_photo, an_album
from fakes.site import Site
from pelican_photos import caption
from pelican_photos.demo.video import film
from pelican_photos.model import Album, Location, Person, Photo

# What gives way first where a caption is not escaped.
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "' onmouseover='alert(3)' autofocus onfocus='alert(4)",
    "</title></style></a><svg onload=alert(5)>",
    "[click](javascript:alert(6)) ![x](x.png)\n<iframe srcdoc='<script>alert(7)</script>'>",
    "# not a heading\n1. not a list\n{{ 7*7 }} {% raw %} &lt;b&gt; \u202egnorw",
)
_LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 4
_SHAPES = ((900, 600), (640, 800), (720, 720), (955, 500), (540, 960), (1200, 400), (300, 200))


class Gallery:
    """Sixty-five posts: albums, films, hostile captions, somebody else's, and many plain ones.

    ``pages`` names one page of each kind, ``hostile`` the captions behind addresses.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self.pages = {
            "home": "/",
            "index": "/photos/",
            "older": "/photos/page/2/",
            "year": "/photos/2024/",
            "tags": "/photos/tags/",
            "tag": "/photos/tags/sea/",
            "links": "/photos/links/",
            "not found": "/404.html",
            "moved": "/p/boats/",
            "search": "/photos/search/",
            "archive": "/photos/archive/",
            "month": "/photos/2024/05/",
            "map": "/photos/map/",
            "place": "/photos/places/nazaré/",
            "people": "/photos/people/",
            "person": "/photos/people/someone/",
            "albums": "/photos/albums/",
            "videos": "/photos/videos/",
            "days": "/photos/on-this-day/",
            "day": "/photos/on-this-day/05-12/",
            "photo": self._add_photo(),
            "album": self._add_album("trip", "A trip", 5),
            "picture of the album": "/photos/2024/trip-2/",
            "film": self._add_film(),
            "mixed album": self._add_mixed_album(),
            "long": self._add_long_words(),
            "long album": self._add_album("longer", _LONG, 2),
            "picture of the long album": "/photos/2024/longer-2/",
            "lost": self._add_lost(),
            "somebody else's": self._add_somebody_elses(),
        }
        self.hostile = {self._add_hostile(n, text): text for n, text in enumerate(HOSTILE)}
        self._add_plain(0)
        for number in range(10, 60):
            self._add_plain(number)
        site.write("words.md", "Title: Words\nDate: 2024-05-01\nTags: web\n\nSome *words*.")
        site.write("more.md", "Title: More\nDate: 2024-05-02\n\n## Heading\n\n    code")
        site.write("pages/about.md", "Title: About\n\nWho.")

    def _add(self, page: Photo | Album) -> str:
        self._site.add(page)
        return f"/photos/{page.published.year}/{page.slug}/"

    def _add_photo(self) -> str:
        boats = a_photo(
            "boats",
            published=NOON - timedelta(days=1),
            title="Boats at dusk",
            content="Boats at dusk  \nBack before the wind\\.\n\n\\#sea \\#boats",
            alt="Fishing boats on the sand",
            tags=("sea", "boats"),
            location=Location(name="Nazaré", latitude=39.6012, longitude=-9.071),
            people=(Person(username="someone", x=0.3, y=0.5),),
            coauthors=("bob",),
            music="bob: A song",
            camera="Sample Compact",
            taken="2024-05-11 18:00:00",
            syndication="https://www.instagram.com/p/boats/",
            width=1600,
            height=1200,
        )
        answer = a_comment(11, author="someone", text="Behind the market.")
        self._site.comment(boats, a_comment(1, author="bob", text="Where?", answers=(answer,)))
        return self._add(boats)

    def _add_album(self, slug: str, title: str, count: int) -> str:
        when = NOON - timedelta(days=2)
        album = an_album(
            slug,
            title=title,
            published=when,
            content="Three days\\.",
            tags=("sea",),
            syndication=f"https://www.instagram.com/p/{slug.title()}_1/",
        )
        self._site.comment(album, a_comment(2, text="More!"))
        for number, (width, height) in enumerate(_SHAPES[:count], start=1):
            page = a_photo(
                f"{slug}-{number}",
                title=f"{title} ({number})",
                album=slug,
                position=number,
                published=when,
                width=width,
                height=height,
            )
            self._add(page)
        return self._add(album)

    def _add_film(self) -> str:
        size = (180, 240)
        page = a_photo(
            "film",
            published=NOON - timedelta(days=3),
            title="Waves",
            syndication="https://www.instagram.com/reel/trip_1/",
            location=Location(name="Peggy's Cove, Nova Scotia"),
            video="film.mp4",
            duration=2.5,
            subtitles="film.srt",
            width=size[0],
            height=size[1],
        )
        address = self._add(page)
        video, poster = film("beach_from_above", 0, size)
        folder = self._site.content / "photos" / "2024"
        (folder / "film.mp4").write_bytes(video)
        (folder / "film.srt").write_text("1\n00:00:00,500 --> 00:00:02,000\n<i>Waves</i> & wind\n")
        poster.save(folder / page.original)
        return address

    def _add_mixed_album(self) -> str:
        """An album of a photo, a film with captions, a photo that is lost, and another one."""
        when = NOON - timedelta(days=5)
        album = an_album("mixed", title="Of all kinds", published=when)
        folder = self._site.content / "photos" / "2024"
        words = ("A <b>quiet</b> bay", "Waves coming in", "What nobody saw", "The bay again")
        for number, alt in enumerate(words, start=1):
            page = a_photo(
                f"mixed-{number}",
                title=alt if number == 1 else f"Of all kinds ({number})",
                album="mixed",
                position=number,
                published=when,
                alt=alt,
                video="mixed-2.mp4" if number == 2 else "",
                subtitles="mixed-2.srt" if number == 2 else "",
                original="mixed-lost.jpg" if number == 3 else f"mixed-{number}.jpg",
                width=640,
                height=480,
            )
            self._add(page)
        video, _ = film("beach_from_above", 0, (180, 240))
        (folder / "mixed-2.mp4").write_bytes(video)
        (folder / "mixed-2.srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nWaves\n")
        (folder / "mixed-lost.jpg").unlink()
        return self._add(album)

    def _add_long_words(self) -> str:
        page = a_photo(
            "long",
            published=NOON - timedelta(days=4),
            title=_LONG[:60],
            content=f"{_LONG}\n\nשלום עולם  \nمرحبا",
            alt=_LONG,
            tags=tuple(f"{word}{_LONG[:40]}" for word in ("eins", "zwei", "drei")),
            location=Location(name=_LONG),
            camera=_LONG,
            width=300,
            height=1500,
        )
        self._site.comment(page, a_comment(3, author=_LONG, text=_LONG))
        return self._add(page)

    def _add_lost(self) -> str:
        page = a_photo("lost", published=NOON - timedelta(days=7), alt="A lost picture")
        address = self._add(page)
        (self._site.content / "photos" / "2024" / page.original).unlink()
        return address

    def _add_somebody_elses(self) -> str:
        page = a_photo(
            "saved",
            published=NOON - timedelta(hours=1),
            owner="bob",
            status="published",
            syndication="https://www.instagram.com/p/saved/",
            width=640,
            height=800,
        )
        return self._add(page)

    def _add_hostile(self, number: int, text: str) -> str:
        line = caption.one_line(text)
        word = re.sub(r"[\s@;,]", "", line)
        page = a_photo(
            f"hostile-{number}",
            published=NOON - timedelta(days=6, hours=number),
            title=caption.title(text, NOON),
            content=caption.to_markdown(text),
            alt=line,
            tags=(word,),
            location=Location(name=line, latitude=1.5, longitude=2.5),
            people=(Person(username=word[:40]),),
            coauthors=(word[:40],),
            music=line,
            camera=line,
            syndication=line,
            width=320,
            height=320,
        )
        self._site.comment(page, a_comment(1, author=line, text=caption.normalise(text)))
        return self._add(page)

    def _add_plain(self, number: int) -> None:
        width, height = _SHAPES[number % len(_SHAPES)]
        page = a_photo(
            f"plain-{number}",
            published=NOON - timedelta(days=12 * number),
            title=f"Number {number}",
            content=f"Number {number} of many\\.",
            alt=f"A gradient, the {number}th",
            tags=("many",),
            width=width,
            height=height,
        )
        self._add(page)
