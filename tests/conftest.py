"""What every test stands on: nothing reaches out of this machine, nobody's settings leak in."""

import gc
import ipaddress
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from fakes.demo_run import Demo, run_demo
from fakes.doors import Doors, quick_disk
from fakes.importing import imported
from fakes.instagram import FakeInstagram
from pelican_photos.demo.folder import write_sample
from pelican_photos.development import files_that_measure

settings.register_profile(
    "default",
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("default")


_MEMORY = Path("/dev/shm")
_ENOUGH = 2 * 2**30  # bytes, which is five times what the whole suite leaves


def pytest_configure(config):
    """Keep temporary files in memory: an fsync on a busy disk takes twenty milliseconds.

    Where there is little memory, or ``--basetemp`` says where they are to stay, they are on disk.
    """
    if config.option.basetemp or hasattr(config, "workerinput"):
        return
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
        folder = tempfile.mkdtemp(prefix="photostream-tests-", dir=_MEMORY)
        os.environ["TMPDIR"] = tempfile.tempdir = folder  # of every process that is started
        config.add_cleanup(partial(shutil.rmtree, folder, ignore_errors=True))


def pytest_collection_modifyitems(items):
    """Refuse a mark that `invoke test` would not find, as it reads the files for it."""
    found = files_that_measure()
    for item in items:
        if item.get_closest_marker("alone") and item.path not in found:
            raise pytest.UsageError(f"{item.nodeid}: write pytest.mark.alone into its own file")


def pytest_collection_finish(session):
    """Leave five thousand tests out of every garbage collection that follows."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def one_moment(monkeypatch):
    """Let all builds of a test be of one moment, also where midnight comes between them.

    The feed of this day in earlier years changes with the day.
    """
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(time.time())))


class OutsideNetworkError(AssertionError):
    """A test tried to reach a machine that is not this one."""


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch):
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise OutsideNetworkError(f"a test tried to reach {address!r}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch, tmp_path_factory):
    """Hide the person's own settings, credentials and proxies."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "PHOTOS_")) and name != "PHOTOS_REQUIRE_BROWSER":
            monkeypatch.delenv(name)
        if name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def photos(tmp_path) -> Path:
    """An empty content folder."""
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


@pytest.fixture
def import_from(photos):
    """Import from a source into the content folder; gives the report."""
    return partial(imported, photos)


@pytest.fixture
def another_disk(tmp_path) -> Iterator[Path]:
    """An empty folder to which nothing can be linked from here."""
    for place in (_MEMORY, Path("/var/tmp"), Path(__file__).parent):
        if os.access(place, os.W_OK) and place.stat().st_dev != tmp_path.stat().st_dev:
            with tempfile.TemporaryDirectory(prefix=".photostream-", dir=place) as folder:
                yield Path(folder)
            return
    pytest.skip("there is no second disk on this machine")


@pytest.fixture(scope="session")
def _an_account(tmp_path_factory):
    """One account's Instagram, and a disk for what comes from it."""
    with FakeInstagram() as fake:
        yield fake, tmp_path_factory.mktemp("disk")


@pytest.fixture
def doors(_an_account, monkeypatch) -> Iterator[Doors]:
    """An empty site, and every way into it; each request goes to the fake Instagram."""
    instagram, disk = _an_account
    for name, value in instagram.environ.items():
        monkeypatch.setenv(name, value)
    with quick_disk() as folder:
        yield Doors(folder / "site", instagram, disk)


@pytest.fixture
def another(doors, _an_account) -> Doors:
    """Another empty site of the same account."""
    return Doors(doors.site.with_name("another"), *_an_account)


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Demo:
    """The sample account's site, as the demo command makes and leaves it."""
    return run_demo(tmp_path_factory.mktemp("demo") / "sample")


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Path:
    """The sample account's fifteen newest posts, as Instaloader would have left them.

    The eighth is an album with a film, the last one has coordinates.  Workers that run side by
    side share them: drawing takes a while.
    """
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    with FileLock(place / "sample.lock"):
        if not (place / "sample").is_dir():
            drawn = tmp_path_factory.mktemp("sample") / "drawn"
            write_sample(drawn, count=15)
            drawn.rename(place / "sample")
    return place / "sample"


@pytest.fixture
def card(tmp_path):
    """The folder of a camera."""
    (tmp_path / "card").mkdir()
    return tmp_path / "card"
