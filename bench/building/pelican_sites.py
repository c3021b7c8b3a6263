"""The sites that Pelican builds: ours, Pelican's own floor, and two plugins.

The floor and the plugins serve articles in our own theme with its style in every page, so that
all pages weigh about the same.  Their tag lists, archives and feeds are on as ours are.
"""

import os
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path

from building.posts import Post
from building.site import (
    DISPLAY,
    QUALITY,
    ROOT,
    SITEURL,
    THUMBNAIL,
    Shot,
    Site,
    plain_environment,
    settings_text,
    write,
)

from pelican_photos.model import Photo
from pelican_photos.page import write_page
from pelican_photos.plugin.assets import Assets, theme_folder

_COMMON = {
    "AUTHOR": "A photographer",
    "SITENAME": "Photos",
    "SITEURL": SITEURL,
    "PATH": "content",
    "THEME": str(theme_folder()),
    "THEME_TEMPLATES_OVERRIDES": ["templates"],
    "TIMEZONE": "UTC",
    "DEFAULT_LANG": "en",
    "FEED_ALL_ATOM": None,
    "CATEGORY_FEED_ATOM": None,
    "TRANSLATION_FEED_ATOM": None,
    "AUTHOR_FEED_ATOM": None,
    "AUTHOR_FEED_RSS": None,
}
_ARTICLES = {
    "DEFAULT_PAGINATION": 60,
    "ARTICLE_URL": "photos/{date:%Y}/{slug}/",
    "ARTICLE_SAVE_AS": "photos/{date:%Y}/{slug}/index.html",
    "TAG_URL": "tags/{slug}/",
    "TAG_SAVE_AS": "tags/{slug}/index.html",
    "YEAR_ARCHIVE_SAVE_AS": "{date:%Y}/index.html",
    "MONTH_ARCHIVE_SAVE_AS": "{date:%Y}/{date:%m}/index.html",
    "AUTHOR_SAVE_AS": "",
    "AUTHORS_SAVE_AS": "",
    "CATEGORY_SAVE_AS": "",
    "CATEGORIES_SAVE_AS": "",
    "FEED_MAX_ITEMS": 20,  # as many as our feed of a tag has
    "FEED_ALL_ATOM": "feeds/all.atom.xml",
    "TAG_FEED_ATOM": "feeds/tags/{slug}.atom.xml",
}
_OURS = ROOT / "bench" / "contenders" / "counted_build.py"


class PelicanSite(Site):
    """What they have in common."""

    changed = "article.html"  # the template of a photo's page
    plugins: tuple[str, ...] = ()

    def configure(self) -> None:
        settings = {**_COMMON, "PLUGINS": list(self.plugins), **self.settings()}
        write(self.root / "pelicanconf.py", settings_text(settings))
        (self.root / "content").mkdir(exist_ok=True)
        write(self.template(), (theme_folder() / "templates" / self.changed).read_text("utf-8"))

    @abstractmethod
    def settings(self) -> Mapping[str, object]:
        """Say what is set beside what all have in common."""

    def template(self) -> Path:
        return self.root / "templates" / self.changed

    def command(self) -> list[object]:
        return [self.program, "-m", "pelican", "-s", "pelicanconf.py"]


class Ours(PelicanSite):
    """Our plugin, with the renditions of the others."""

    changed = "photos/photo.html"
    plugins = ("pelican_photos",)
    renditions: Mapping[str, object] = {
        "PHOTOS_RENDITIONS": [f"{THUMBNAIL}w", f"{DISPLAY}w"],
        "PHOTOS_QUALITY": QUALITY,
    }

    def settings(self) -> Mapping[str, object]:
        return {
            "PHOTOS_ORIGINALS_URL": "https://originals.example.org",  # nobody else publishes them
            "PHOTOS_SHORT_ADDRESSES": False,  # nor has anybody else a second page for each post
            **self.renditions,
        }

    def original(self, shot: Shot) -> Path:
        return self.page(shot).with_name(shot.name)

    def page(self, shot: Shot) -> Path:
        post = shot.post
        return self.root / f"content/photos/{post.published:%Y}/{post.slug}.md"

    def text(self, post: Post) -> str:
        return write_page(
            Photo(
                slug=post.slug,
                uid=f"instagram:{post.slug}",
                title=post.title,
                published=post.published,
                tags=post.tags,
                content="\n\n".join(post.paragraphs),
                original=f"{post.slug}.jpg",
                alt=post.title,
            )
        )

    def environment(self) -> Mapping[str, str]:
        return plain_environment(PYTHONPATH=str(ROOT))

    def counted(self) -> list[object]:
        """The same build, which counts what it does into ``counts.json``."""
        return [self.program, _OURS, self.root / "counts.json", "content/", "-s", "pelicanconf.py"]


class Shipped(Ours):
    """Our plugin as it comes."""

    renditions: Mapping[str, object] = {}


class Articles(PelicanSite):
    """Photos as articles of Pelican's own."""

    def settings(self) -> Mapping[str, object]:
        style = {"frame": Assets("photos").inline_style}
        return {**_ARTICLES, "JINJA_GLOBALS": {"photostream": style}}

    def page(self, shot: Shot) -> Path:
        return self.root / f"content/{shot.post.slug}.md"

    def original(self, shot: Shot) -> Path:
        return self.root / "content/images" / shot.name

    def text(self, post: Post) -> str:
        header = {
            "Title": post.title,
            "Date": post.published.isoformat(sep=" "),
            "Slug": post.slug,
            "Category": "photos",
            "Tags": ", ".join(post.tags),
            **self.header(post),
        }
        lines = [f"{key}: {value}" for key, value in header.items()]
        return "\n".join([*lines, "", self.picture(post), "", "\n\n".join(post.paragraphs), ""])

    def header(self, post: Post) -> Mapping[str, str]:
        del post
        return {}

    def picture(self, post: Post) -> str:
        return f"![{post.title}]({SITEURL}/photos/{post.slug}.webp)"


class WithThumbnails(Articles):
    """Articles whose picture is also in the lists."""

    thumbnail = ""  # the element, in Jinja

    def configure(self) -> None:
        super().configure()
        source = (theme_folder() / "templates/_posts.html").read_text("utf-8")
        before, mark, after = source.partition('<p class="meta">')
        write(self.root / "templates/_posts.html", f"{before}{self.thumbnail}\n{mark}{after}")


class ImageProcess(WithThumbnails):
    """pelican-image-process, which finds pictures by their class in the finished pages."""

    plugins = ("image_process",)
    thumbnail = (
        '<img class="image-process-thumbnail" alt="" '
        'src="{{ SITEURL }}/images/{{ article.slug }}.jpg">'
    )

    def settings(self) -> Mapping[str, object]:
        made = {
            name: {"type": "image", "ops": [f"scale_in {width} None False"]}
            | {"output-format": "webp"}  # Pillow's quality for it is 80
            for name, width in (("display", DISPLAY), ("thumbnail", THUMBNAIL))
        }
        static = {"STATIC_PATHS": ["images"], "STATIC_CREATE_LINKS": True}
        return {**super().settings(), **static, "IMAGE_PROCESS": made}

    def picture(self, post: Post) -> str:
        address = f"{SITEURL}/images/{post.slug}.jpg"
        return f'<img class="image-process-display" alt="{post.title}" src="{address}">'


class Photos(WithThumbnails):
    """The plugin ``photos`` of the package pelican-photos."""

    plugins = ("photos",)
    thumbnail = (
        '{% if article.photo_image %}<img alt="" '
        'src="{{ SITEURL }}/{{ article.photo_image[2] }}">{% endif %}'
    )

    def configure(self) -> None:
        super().configure()
        shown = '<img alt="" src="{{ SITEURL }}/{{ article.photo_image[1] }}">'
        before, mark, after = self.template().read_text("utf-8").partition('<p class="meta">')
        write(self.template(), f"{before}{shown}\n{mark}{after}")

    def settings(self) -> Mapping[str, object]:
        def made(width: int) -> dict[str, object]:
            size = {"width": width, "height": 16000, "type": "webp"}
            return {"default": {**size, "options": {"quality": QUALITY}}}

        return {
            **super().settings(),
            "PHOTO_LIBRARY": str(self.root / "originals"),
            "PHOTO_ARTICLE": made(DISPLAY),
            "PHOTO_GALLERY": made(DISPLAY),
            "PHOTO_THUMB": made(THUMBNAIL),
            "PHOTO_RESIZE_JOBS": os.cpu_count(),
            "STATIC_PATHS": [],
        }

    def original(self, shot: Shot) -> Path:
        return self.root / "originals" / shot.name

    def header(self, post: Post) -> Mapping[str, str]:
        return {"Image": f"{{photo}}{post.slug}.jpg"}

    def picture(self, post: Post) -> str:
        del post
        return ""
