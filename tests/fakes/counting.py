"""Counts what libraries are asked to do, and lets them do it."""

from collections.abc import Callable

import jinja2
from PIL import Image


def encoded(monkeypatch) -> list[tuple[int, int]]:
    """Give a list that gets the size of each picture that Pillow writes."""
    return _counted(monkeypatch, Image.Image, "save", lambda image: image.size)


def rendered(monkeypatch) -> list[str]:
    """Give a list that gets the name of each template that Jinja renders."""
    return _counted(monkeypatch, jinja2.Template, "render", lambda template: template.name)


def _counted(monkeypatch, kind: type, method: str, told: Callable) -> list:
    found, inner = [], getattr(kind, method)

    def counting(asked, *words, **more):
        found.append(told(asked))
        return inner(asked, *words, **more)

    monkeypatch.setattr(kind, method, counting)
    return found
