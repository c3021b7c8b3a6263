"""A site that is edited while it is served: whatever changes is built, whatever goes wrong."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from builders import a_photo
from fakes.site import OUR_THEME, Site
from pelican_photos import running_builds
from pelican_photos.errors import Busy

CONFIGURATION = f"""
PATH, THEME, TIMEZONE = "content", {str(OUR_THEME)!r}, "UTC"
SITENAME, SITEURL, PLUGINS = "A site", "https://example.org", ["pelican_photos"]
PHOTOS_RENDITIONS, PHOTOS_STYLESHEET = ["32h"], "own.css"
THEME_TEMPLATES_OVERRIDES = ["mine"]
"""
BOATS = a_photo("boats", title="Boats", content="Boats")
PAGE = "output/photos/2024/boats/index.html"


def within(seconds: float, holds: Callable[[], bool], what: Callable[[], object]) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, what()
        time.sleep(0.02)


class Rebuilt(Site):
    """A site with a process that builds it again."""

    def start(self, through: str = "", settings: str = "") -> subprocess.Popen[bytes]:
        self.write("../pelicanconf.py", CONFIGURATION + settings)
        self.write("../own.css", "a { color: red }")
        (self.folder / "mine" / "photos").mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pelican_photos.rebuilding", "pelicanconf.py"]
        starter = [sys.executable, "-c", through, *command] if through else command
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(
                starter,
                cwd=self.folder,
                stdin=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def says(self, text: str, since: int = 0) -> None:
        within(30, lambda: text in self.log[since:], lambda: self.log)

    def shows(self, text: str, but: str = "\0") -> None:
        file = self.folder / PAGE

        def is_shown() -> bool:
            page = file.read_text("utf-8") if file.is_file() else ""
            return text in page and but not in page

        within(30, is_shown, lambda: self.log)


@pytest.fixture
def site(tmp_path) -> Iterator[Rebuilt]:
    site = Rebuilt(tmp_path / "site")
    site.add(BOATS)
    process = site.start()
    with process:
        try:
            site.shows("Boats")
            yield site
        finally:
            os.killpg(process.pid, signal.SIGKILL)


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
    site.write("../pelicanconf.py", CONFIGURATION.replace('"mine"', '"late"'))
    site.shows("teal", but="My own")
    (site.folder / "late").mkdir()
    time.sleep(1)  # until it is watched
    site.write("../late/photos/photo.html", "At last {{ entry.title }}")
    site.shows("At last Boats")
    style = CONFIGURATION.replace("own.css", "css/own.css").replace('["mine"]', "[]")
    site.write("../css/own.css", "a { color: navy }")
    site.write("../pelicanconf.py", style)
    site.shows("navy")
    site.write("../css/own.css", "a { color: gold }")
    site.shows("gold")


@pytest.mark.slow
def test_what_is_made_of_a_site_makes_it_no_other_time(tmp_path):
    """Its output may lie in its content, as where PATH is the folder of the site."""
    site = Rebuilt(tmp_path / "site")
    site.add(BOATS)
    settings = 'PATH, OUTPUT_PATH, PHOTOS_CACHE = "content", "content/out", "content/made"\n'
    with site.start(settings=settings) as process:
        try:
            site.says("Done")
            time.sleep(2)
            assert site.log.count("Done") == 1
        finally:
            os.killpg(process.pid, signal.SIGKILL)


MISTAKES = [
    ("../pelicanconf.py", "PHOTOS_PER_PAGE = 0", "PHOTOS_PER_PAGE = 5", "PHOTOS_PER_PAGE"),
    ("../pelicanconf.py", "if:", "", "SyntaxError"),
    ("../pelicanconf.py", "IGNORE_FILES = None", "", "TypeError"),
    ("../mine/photos/photo.html", "{% if %}", "", "TemplateSyntaxError"),
    ("../mine/photos/photo.html", '{% include "photos/no.html" %}', "", "brings photos/no.html"),
]


@pytest.mark.slow
def test_after_each_mistake_the_next_change_is_waited_for(site):
    for number, (file, wrong, right, said) in enumerate(MISTAKES):
        before = CONFIGURATION if file.endswith(".py") else "{{ entry.title }} {{ caption.rest }} "
        known = len(site.log)
        site.write(file, before + wrong)
        site.says(said, known)
        time.sleep(1.2)
        assert site.log.count(said, known) < 3  # it is said, and not again at each look

        site.write(file, before + right)
        site.add(replace(BOATS, content=f"Boats  \nat dawn {number}"))

        site.shows(f"at dawn {number}")


@pytest.mark.slow
def test_what_the_settings_import_is_read_anew(site):
    """Also from a folder that is no package, and after a mistake in it."""
    site.write("../conf/menu.py", "if:\n")
    site.write("../pelicanconf.py", f"{CONFIGURATION}from conf.menu import *\n")
    site.says("SyntaxError")
    site.write("../conf/menu.py", "SITENAME = 'My boats'\n")
    site.shows("My boats")
    site.write("../conf/menu.py", "SITENAME = 'Your own'\n")
    site.shows("Your own")


@pytest.mark.slow
def test_a_build_that_failed_holds_no_lock(site):
    site.write("../mine/article.html", "{% if %}")
    site.write("a.md", "Title: A\nDate: 2024-05-12\nCategory: b\n\nA\n")
    site.says("TemplateSyntaxError")
    cache = site.folder / ".cache" / "photos"

    def is_free() -> bool:
        with suppress(Busy):
            return list(running_builds.remove(cache, [], running_builds.moment(cache))) == []
        return False

    within(5, is_free, lambda: "a build uses the cache")


STARTER = """
import subprocess, sys, time
child = subprocess.Popen(sys.argv[1:], start_new_session=True, stdin=subprocess.PIPE)
with open("child", "w") as file:
    file.write(str(child.pid))
time.sleep(60)
"""


@pytest.mark.slow
def test_it_ends_with_whoever_started_it(tmp_path):
    """Also where that was killed, and told nobody."""
    site = Rebuilt(tmp_path / "site")
    site.add(BOATS)
    with site.start(STARTER) as starter:
        site.shows("Boats")
        child = int((site.folder / "child").read_text())
        try:
            starter.kill()
            within(30, lambda: not is_there(child), lambda: "it goes on")
        finally:
            if is_there(child):
                os.killpg(child, signal.SIGKILL)


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")  # where nobody waits for it, its number stays
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
