import os
import shutil
import subprocess
import threading
from http import HTTPStatus

import pytest
from PIL import Image, features

from pelican_photos.demo import video
from pelican_photos.demo.mp4 import encode
from pelican_photos.serving import Answer, Folder, running

pytestmark = pytest.mark.skipif(
    not features.check("avif"), reason="this Pillow was built without AVIF"
)

PAGE = """<!doctype html><title>t</title><video muted playsinline src="film.mp4"></video><script>
const video = document.querySelector("video");
const say = (words) => fetch("/said/" + encodeURIComponent(words));
video.onerror = () => say("error " + video.error.message);
video.onended = () => say(["ended", video.videoWidth, video.videoHeight,
  video.duration.toFixed(2), video.getVideoPlaybackQuality().totalVideoFrames].join(" "));
video.play().catch((error) => say("refused " + error));
</script>"""


class Listening:
    """A folder whose pages can say something: by asking for /said/…"""

    def __init__(self, root):
        self._folder = Folder(root)
        self.said = ""
        self.spoken = threading.Event()

    def open(self, path, span):
        if path.startswith("/said/"):
            self.said = path.removeprefix("/said/")
            self.spoken.set()
            return Answer(status=HTTPStatus.NOT_FOUND)
        return self._folder.open(path, span)


def frames(count=4, size=(64, 48)):
    return [Image.new("RGB", size, (40 * index, 90, 160)) for index in range(count)]


@pytest.fixture(scope="module")
def film():
    return video.film("sea_at_dusk", 0, (216, 288))


def test_a_video_is_an_mp4_with_its_index_before_its_data(film):
    data, poster = film

    assert data[4:12] == b"ftypisom"
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"pict" not in data
    assert b"vide" in data
    assert poster.size == (216, 288)


def test_the_same_frames_give_the_same_bytes():
    assert encode(frames(), 10) == encode(frames(), 10)


def test_the_samples_end_where_the_file_ends():
    data = encode(frames(), 10)
    at = data.index(b"stco") + 12
    start = int.from_bytes(data[at : at + 4])

    assert data[start - 4 : start] == b"mdat"
    assert int.from_bytes(data[start - 8 : start - 4]) == len(data) - start + 8


@pytest.mark.browser
def test_chromium_plays_it_to_its_end(film, tmp_path):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        assert os.environ.get("PHOTOS_REQUIRE_BROWSER") != "1", "Chromium is missing"
        pytest.skip("Chromium is missing")
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "film.mp4").write_bytes(film[0])
    listening = Listening(tmp_path)

    with running(listening, 0) as url:
        browser = subprocess.Popen(
            [
                *(chromium, "--headless=new", "--no-sandbox", "--disable-gpu"),
                *("--autoplay-policy=no-user-gesture-required", "--disable-dev-shm-usage"),
                *(f"--user-data-dir={tmp_path / 'profile'}", url),
            ],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        try:
            assert listening.spoken.wait(60)
        finally:
            browser.terminate()
            browser.wait(20)

    assert listening.said == "ended 216 288 2.48 40"
