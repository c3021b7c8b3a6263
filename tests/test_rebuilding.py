"""A site that is edited while it is served: whatever changes is built, whatever goes wrong."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from builders import a_photo
from fakes.site import OUR_THEME, Site
from pelican_photos.rebuilding import noted

CONFIGURATION = f"""
PATH, THEME, TIMEZONE = "content", {str(OUR_THEME)!r}, "UTC"
SITENAME, SITEURL, PLUGINS = "A site", "https://example.org", ["pelican_photos"]
PHOTOS_RENDITIONS, PHOTOS_STYLESHEET = ["32h"], "own.css"
THEME_TEMPLATES_OVERRIDES = ["mine"]
"""
BOATS = a_photo("boats", title="Boats", content="Boats")
PAGE = "output/photos/2024/boats/index.html"


def within(seconds: float, holds: Callable[[], bool], what: object = "") -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, what
        time.sleep(0.02)


class Rebuilt(Site):
    """A site with a process that builds it again."""

    def start(self, through: str = "") -> subprocess.Popen[bytes]:
        self.write("../pelicanconf.py", CONFIGURATION)
        self.write("../own.css", "a { color: red }")
        (self.folder / "mine" / "photos").mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pelican_photos.rebuilding", "pelicanconf.py"]
        starter = [sys.executable, "-c", through, *command] if through else command
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(
                starter,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def shows(self, text: str) -> None:
        file = self.folder / PAGE
        within(30, lambda: file.is_file() and text in file.read_text("utf-8"), self.log)


@pytest.fixture
def site(tmp_path) -> Iterator[Rebuilt]:
    site = Rebuilt(tmp_path / "site")
    site.add(BOATS)
    process = site.start()
    try:
        site.shows("Boats")
        yield site
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
def test_whatever_changes_is_built(site):
    site.add(replace(BOATS, content="Boats  \nat dawn"))
    site.shows("at dawn")
    site.write("../own.css", "a { color: orchid }")
    site.shows("orchid")
    (site.folder / "other.css").write_text("a { color: teal }")
    (site.folder / "other.css").replace(site.folder / "own.css")  # as editors store files
    site.shows("teal")
    site.write("../mine/photos/photo.html", "My own {{ entry.title }}")
    site.shows("My own Boats")
    site.write("../pelicanconf.py", CONFIGURATION.replace('["mine"]', "[]"))
    site.shows("teal")
    site.write("../own.css", "a { color: navy }")
    site.shows("navy")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "wrong", "right", "said"),
    [
        ("../pelicanconf.py", "PHOTOS_PER_PAGE = 0", "PHOTOS_PER_PAGE = 5", "PHOTOS_PER_PAGE"),
        ("../pelicanconf.py", "if:", "", "SyntaxError"),
        ("../mine/photos/photo.html", "{% if %}", "", "TemplateSyntaxError"),
        (
            "../mine/photos/photo.html",
            '{% include "photos/no.html" %}',
            "",
            "brings photos/no.html",
        ),
    ],
)
def test_after_a_mistake_the_next_change_is_waited_for(site, file, wrong, right, said):
    before = CONFIGURATION if file.endswith(".py") else "{{ entry.title }} {{ caption.rest }} "
    site.write(file, before + wrong)
    within(30, lambda: said in site.log, said)
    time.sleep(0.5)
    assert site.log.count(said) < 3  # it is said, and not again and again

    site.write(file, before + right)
    site.add(replace(BOATS, content="Boats  \nat dawn"))

    site.shows("at dawn")


def test_what_changes_during_a_build_is_not_missed(tmp_path):
    (tmp_path / "content").mkdir()
    with noted([tmp_path / "content"], [tmp_path / "conf.py"]) as changes:
        (tmp_path / "content/a.md").write_text("a")
        first = changes.get(timeout=20)
        time.sleep(0.3)  # a build
        (tmp_path / "content/b.md").write_text("b")
        (tmp_path / "conf.py").write_text("c")
        (tmp_path / "other.py").write_text("d")
        found = set()
        while len(found) < 2:
            found |= changes.get(timeout=20)

    assert {path.name for path in first} == {"a.md"}
    assert {path.name for path in found} == {"b.md", "conf.py"}


STARTER = """
import subprocess, sys, time
subprocess.Popen(sys.argv[1:], start_new_session=True)
time.sleep(60)
"""


@pytest.mark.slow
def test_it_ends_with_whoever_started_it(tmp_path):
    """Also where that was killed, and told nobody."""
    site = Rebuilt(tmp_path / "site")
    site.add(BOATS)
    starter = site.start(STARTER)
    site.shows("Boats")
    starter.kill()
    starter.wait()
    time.sleep(2)

    site.add(replace(BOATS, content="Boats  \nat dawn"))
    time.sleep(2)

    assert "at dawn" not in (site.folder / PAGE).read_text("utf-8")
