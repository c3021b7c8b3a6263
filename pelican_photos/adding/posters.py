"""The poster of a film that is added: a still, where nobody named a picture."""

from pathlib import Path

from pelican_photos.adding.chosen import Chosen
from pelican_photos.film_still import draw_still

HOW_TO = "install ffmpeg, or name a picture with --poster"


def draw_poster(film: Chosen, folder: Path) -> Path | None:
    """Write a still into ``folder``; None without ffmpeg, or when it cannot read the film."""
    poster = folder / f"{film.sha256[:16]}.jpg"
    return poster if draw_still(film.path, film.details.duration, poster) else None
