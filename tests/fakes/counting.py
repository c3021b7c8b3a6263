"""Counts what libraries are asked to do, and lets them do it."""

import jinja2
from PIL import Image


def encoded(monkeypatch) -> list[tuple[int, int]]:
    """Give a list that gets the size of each picture that Pillow writes."""
    found, save = [], Image.Image.save

    def counting(image, *words, **options):
        found.append(image.size)
        return save(image, *words, **options)

    monkeypatch.setattr(Image.Image, "save", counting)
    return found


def rendered(monkeypatch) -> list[str]:
    """Give a list that gets the name of each template that Jinja renders."""
    found, render = [], jinja2.Template.render

    def counting(template, *words, **more):
        found.append(template.name)
        return render(template, *words, **more)

    monkeypatch.setattr(jinja2.Template, "render", counting)
    return found
