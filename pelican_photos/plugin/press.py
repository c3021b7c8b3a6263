"""Where pages of the gallery are written: a template, a folder, and what the template asks for."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Template  # noqa: TC002
from pelican.generators import Generator
from pelican.writers import Writer

from pelican_photos.plugin.environment import FOLDER


class Press:
    """Prints pages with the templates, the context and the writer of one build."""

    def __init__(self, generator: Generator, writer: Writer) -> None:
        self._generator = generator
        self._writer = writer
        self._templates: dict[str, Template] = {}
        self.output = Path(generator.output_path)

    def page(self, template: str, folder: str, **words: Any) -> None:
        """Write ``<folder>/index.html`` with our template of that name."""
        self.file(template, f"{folder}/index.html", f"{quote(folder)}/", **words)

    def file(self, template: str, save_as: str, url: str, **words: Any) -> None:
        """Write a page elsewhere; ``url`` is its address below the site, percent-encoded."""
        if template not in self._templates:
            self._templates[template] = self._generator.get_template(f"{FOLDER}/{template}")
        self._writer.write_file(
            save_as,
            self._templates[template],
            self._generator.context,
            self._generator.settings["RELATIVE_URLS"],
            url=url,
            **words,
        )
