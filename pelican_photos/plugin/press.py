"""Where pages of the gallery are written: a template, a folder, and what the template asks for."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Template
from pelican.generators import Generator
from pelican.writers import Writer

from pelican_photos.plugin.environment import FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What a plugin that writes a site map asks of a page, in Pelican's words.

    It finds this as ``page`` in the context of what was written, and leaves out what is not
    published.
    """

    url: str
    status: str
    date: datetime | None


@dataclass(frozen=True, slots=True)
class _Apart:
    """A template that does not see ``page``: a theme would take it for a page of the site."""

    template: Template

    def render(self, context: dict[str, Any]) -> str:
        return self.template.render({name: context[name] for name in context if name != "page"})


class Press:
    """Prints pages with the templates, the context and the writer of one build."""

    def __init__(self, generator: Generator, writer: Writer) -> None:
        self._generator = generator
        self._writer = writer
        self._templates: dict[str, _Apart] = {}
        self._posts = generator.context["gallery"].posts
        self.output = Path(generator.output_path)

    def page(self, template: str, folder: str, **words: Any) -> None:
        """Write ``<folder>/index.html`` with our template of that name."""
        self.file(template, f"{folder}/index.html", f"{quote(folder)}/", **words)

    def file(
        self,
        template: str,
        save_as: str,
        url: str,
        *,
        status: str = "published",
        is_anywhere: bool = False,
        **words: Any,
    ) -> None:
        """Write a page elsewhere; ``url`` is its address below the site, percent-encoded.

        Only what is published is in a site map; an entry's page knows that by itself.  What
        ``is_anywhere`` is shown at addresses of any depth, so that no link in it is relative.
        """
        if template not in self._templates:
            found = self._generator.get_template(f"{FOLDER}/{template}")
            self._templates[template] = _Apart(found)
        self._writer.write_file(
            save_as,
            self._templates[template],
            self._generator.context,
            self._generator.settings["RELATIVE_URLS"] and not is_anywhere,
            url=url,
            page=self._mapped(url, words, status),
            **words,
        )

    def _mapped(self, url: str, words: dict[str, Any], status: str) -> Mapped:
        entry, sheet = words.get("entry"), words.get("sheet")
        newest = sheet.groups[0].entries if sheet and sheet.groups else self._posts
        shown = entry or next(iter(newest), None)
        return Mapped(
            url=url,
            status=entry.status if entry else status,
            date=shown.page.published if shown else None,
        )
