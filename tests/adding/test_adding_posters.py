"""Stills of films, by the real ffmpeg."""

import hashlib
import shutil

import pytest

from fakes import camera
from pelican_photos import images
from pelican_photos.adding.chosen import Chosen
from pelican_photos.adding.posters import draw_poster
from pelican_photos.embedded import details_of

pytestmark = pytest.mark.skipif(
    shutil.which("ffmpeg") is None, reason="ffmpeg, which draws stills of films, is not here"
)


def chosen(path):
    data = path.read_bytes()
    return Chosen(
        path=path,
        kind="video",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        details=details_of(data),
    )


def test_the_same_film_gives_the_same_bytes(tmp_path):
    film = chosen(camera.film(tmp_path / "-a %d.mp4"))
    stills = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        stills.append(draw_poster(film, tmp_path / name))

    assert images.check(stills[0])[:2] == (64, 48)
    assert stills[0].read_bytes() == stills[1].read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"\0\0\0\x18ftypmp42" + bytes(99),
        b"\x1a\x45\xdf\xa3" + bytes(99),
    ],
)
def test_what_is_no_film_gives_none(tmp_path, words):
    (tmp_path / "a.mp4").write_bytes(words)

    assert draw_poster(chosen(tmp_path / "a.mp4"), tmp_path) is None
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]
