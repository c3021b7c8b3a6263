"""The site around us is found, read and built; its mistakes are one line."""

import os
import signal
import subprocess
import sys
import time

import pytest

from pelican_photos import pelican_site
from pelican_photos.errors import PhotosError, SettingsError
from pelican_photos.settings import settings_of


def test_the_site_is_found_from_a_folder_below_it(tmp_path):
    (tmp_path / "pelicanconf.py").write_text("")
    below = tmp_path / "content" / "photos"
    below.mkdir(parents=True)

    assert pelican_site.find_root(below) == tmp_path


def test_outside_a_site_one_line_says_where_it_looked(tmp_path):
    with pytest.raises(SettingsError, match=r"no pelicanconf\.py in .* or above it"):
        pelican_site.find_root(tmp_path)


def test_a_second_configuration_may_import_the_first(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "pelicanconf.py").write_text("PATH = 'content'\nPHOTOS_QUALITY = 60\n")
    (tmp_path / "publishconf.py").write_text(
        "from pelicanconf import *\nSITEURL = 'https://example.org/'\nPHOTOS_BUCKET = 'b'\n"
    )

    settings = pelican_site.read_settings("publishconf.py", tmp_path)

    assert (settings.quality, settings.siteurl, settings.bucket) == (60, "https://example.org", "b")
    assert settings.content == tmp_path / "content"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import nothing_of_that_name", "No module named 'nothing_of_that_name'"),
        ("1 / 0", "ZeroDivisionError"),
        ("PHOTOS_QUALITY = 'x'", "PHOTOS_QUALITY is 'x'"),
    ],
)
def test_a_configuration_that_does_not_run_is_named(tmp_path, text, message):
    (tmp_path / "pelicanconf.py").write_text(text)

    with pytest.raises(SettingsError) as error:
        pelican_site.read_settings(root=tmp_path)

    assert message in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PATH = ''",
        "PATH = '.'",
        "PATH = 'content'\nOUTPUT_PATH = 'public'",
        "from pathlib import Path\nPATH = Path(__file__).parent / 'content'",
        "PATH = 'content'\nOUTPUT_PATH = '../public'\nSITEURL = 'https://example.org/sub/'",
        "TIMEZONE = 'Europe/Lisbon'\nWITH_FUTURE_DATES = False\nPHOTOS_RENDITIONS = ['320h']",
        "from os.path import *\nphotos_quality = 1\nPHOTOS_QUALITY = 60\n_PHOTOS_PATH = 'no'",
    ],
)
def test_settings_are_what_pelican_would_have_read(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content").mkdir()
    (tmp_path / "pelicanconf.py").write_text(text)

    of_pelican = settings_of(pelican_site.read_configuration("pelicanconf.py", tmp_path), tmp_path)

    assert pelican_site.read_settings(root=tmp_path) == of_pelican


@pytest.mark.parametrize("read", [pelican_site.read_settings, pelican_site.read_configuration])
def test_a_missing_content_folder_is_one_sentence(tmp_path, read):
    (tmp_path / "pelicanconf.py").write_text("PATH = 'nowhere'\n")

    with pytest.raises(SettingsError, match="the folder that PATH names is missing; make it"):
        read("pelicanconf.py", tmp_path)


def test_a_missing_configuration_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"publishconf\.py is missing"):
        pelican_site.read_settings("publishconf.py", tmp_path)


def test_a_build_that_fails_is_one_sentence(tmp_path):
    (tmp_path / "pelicanconf.py").write_text("PATH = 'nowhere'\n")

    with pytest.raises(PhotosError, match=r"could not build the site with pelicanconf\.py"):
        pelican_site.build("pelicanconf.py", tmp_path)


SLOW_TO_END = """
import signal, sys, time
from pathlib import Path
def end(*_):
    time.sleep(0.8)
    Path(sys.argv[1], "ended").touch()
    sys.exit(1)
signal.signal(signal.SIGTERM, end)
Path(sys.argv[1], "begun").touch()
time.sleep(60)
"""
OURS = """
import sys
from pathlib import Path
from pelican_photos.pelican_site import run_apart
run_apart([sys.executable, "-c", sys.argv[2], sys.argv[1]], Path(sys.argv[1]))
"""


@pytest.mark.slow
def test_a_build_that_is_stopped_has_its_last_word_before_we_end(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", OURS, tmp_path, SLOW_TO_END],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.DEVNULL,
    )
    ends = time.monotonic() + 30
    while not (tmp_path / "begun").exists():
        assert time.monotonic() < ends
        time.sleep(0.01)

    process.send_signal(signal.SIGINT)
    process.wait(30)

    assert (tmp_path / "ended").exists()
