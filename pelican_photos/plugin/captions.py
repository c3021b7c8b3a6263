"""From the Markdown of a page's body to HTML, with the site's own Markdown settings."""

import hashlib
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from markdown import Markdown
from markupsafe import Markup

from pelican_photos.caption import Reference
from pelican_photos.naming import person_slug, tag_slug
from pelican_photos.plugin.caption_links import SITE, linked, without_closing_tags
from pelican_photos.plugin.entry import Entry, Topic
from pelican_photos.plugin.fingerprint import Fingerprints, Unprovable
from pelican_photos.plugin.makers import extensions
from pelican_photos.plugin.markup import profile

_NOTHING = Markup()
_META = frozenset({"meta", "markdown.extensions.meta"})
# Text alone: to cut inside an element would leave it open.
_FIRST_LINE = re.compile(r"\A<p>(?P<line>[^<]*)(?P<end><br\s*/?>\s*|</p>\s*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A caption, ready for its page."""

    first: Markup = _NOTHING  # its first line, where that is the page's title
    rest: Markup = _NOTHING  # what follows, or all of it
    needs_title: bool = False  # whether the title says something that the caption does not

    @property
    def text(self) -> str:
        """All of it, without markup."""
        return " ".join(filter(None, (self.first.striptags(), self.rest.striptags())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What makes captions of pages: equal rules make equal captions of equal pages."""

    code: tuple[Any, ...]
    people: tuple[Topic, ...]  # whose lists a caption may lead to


class _Conversions:
    """The HTML of captions, which a process keeps from one build to the next.

    ``pelican -lr`` builds again after each edit, and of all captions one has changed.
    """

    def __init__(self) -> None:
        self._made_with = ""
        self._html: dict[str, Markup] = {}

    def made_with(self, code: tuple[Any, ...]) -> dict[str, Markup]:
        """Give what was converted in this way before; what is put there is kept, too."""
        try:
            made_with = Fingerprints().of(code)
        except Unprovable:
            return {}
        if made_with != self._made_with:
            self._made_with, self._html = made_with, {}
        return self._html


_CONVERSIONS = _Conversions()


class Captions:
    """One converter for all pages: making one takes longer than converting a caption."""

    def __init__(self, settings: Mapping[str, Any], people: Iterable[Topic] = ()) -> None:
        """Take the site's Markdown settings, and everybody who has a list of photos."""
        self._people = {topic.slug: topic for topic in people}
        self._captions: dict[str, Caption] = {}
        self._settings = settings
        code = extensions(settings)
        self._converted = _CONVERSIONS.made_with(code)
        self._rules_of_few = Rules(code=code, people=())
        self.rules_of_all = Rules(code=code, people=tuple(self._people.values()))

    @cached_property
    def _converter(self) -> Markdown:
        settings = self._settings
        # Headers are read before; a caption that looks like one has to stay a caption.
        configured = dict(settings.get("extension_configs") or {})
        names = dict.fromkeys([*(settings.get("extensions") or ()), *configured])
        return Markdown(
            **{
                **settings,
                "extensions": [name for name in names if name not in _META],
                "extension_configs": {k: v for k, v in configured.items() if k not in _META},
            }
        )

    def html(self, entry: Entry) -> Markup:
        """Convert the body of a page, once for its page and all feeds."""
        content = entry.page.content
        if not content:
            return _NOTHING
        if content not in self._converted:
            _begin(self._converter, content)
            self._converted[content] = Markup(self._converter.convert(content))  # noqa: S704 - as its owner wrote
        return self._converted[content]

    def rules(self, entry: Entry) -> Rules:
        """Give what decides the caption of an entry, beside the entry."""
        # An @ may also be written as an entity; who it means is known when it is converted.
        names_nobody = {"@", "&"}.isdisjoint(entry.page.content)
        return self._rules_of_few if names_nobody else self.rules_of_all

    def caption(self, entry: Entry) -> Caption:
        """Convert the body of a page; its title is shown once, be it the first line or not.

        What it names are links, and hashtags at its end are left to the list of the tags.
        """
        if entry.folder not in self._captions:
            self._captions[entry.folder] = self._caption(entry)
        return self._captions[entry.folder]

    def _caption(self, entry: Entry) -> Caption:
        body = self.html(entry)
        match = _FIRST_LINE.match(body)
        first = Markup(match["line"]) if match else Markup()  # noqa: S704 - HTML, and without a tag
        known = {topic.slug for topic in entry.tags}
        address = partial(self._address, entry)
        if match and first.striptags() == " ".join(entry.title.split()):
            opening = Markup() if match["end"].startswith("</p>") else Markup("<p>")
            rest = _without_tags(opening + body[match.end() :], known)
            return Caption(first=first, rest=linked(rest, address))
        repeated = body.striptags().startswith(entry.title.removesuffix("…"))
        return Caption(
            rest=linked(_without_tags(body, known), address),
            needs_title=entry.is_named and not repeated,
        )

    def _address(self, entry: Entry, named: Reference) -> str:
        slug = tag_slug(named.name)
        if named.kind == "tag":
            there = next((tag.url for tag in entry.tags if tag.slug == slug), "")
            return there and f"{SITE}{there}"
        person = self._people.get(person_slug(named.name))
        if person:
            return f"{SITE}{person.url}"
        return profile(named.name) if entry.page.uid.startswith("instagram") else ""


def _begin(converter: Markdown, content: str) -> None:
    """Make a converter ready for a text, whatever it converted before.

    Footnotes with UNIQUE_IDS count texts, so that each has ids of its own in a list of many.
    But only what has changed is converted: a number from the text is the same in every build.
    """
    converter.reset()
    for extension in converter.registeredExtensions:
        if isinstance(getattr(extension, "unique_prefix", None), int):
            digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=6)
            extension.unique_prefix = int(digest.hexdigest(), 16)  # type: ignore[attr-defined]


def _without_tags(body: Markup, known: Container[str]) -> Markup:
    return without_closing_tags(body, lambda name: tag_slug(name) in known)
