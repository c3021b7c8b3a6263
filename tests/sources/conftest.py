"""What the tests of several sources share."""

import pytest

from fakes.instagram import FakeInstagram, sample_profile
from fakes.instaloader_folder import FakeFolder
from pelican_photos.sources.instagram import Instagram


@pytest.fixture
def folder(tmp_path):
    """An empty folder for what Instaloader leaves."""
    return FakeFolder(tmp_path / "someone")


@pytest.fixture
def instagram(monkeypatch):
    """A fake Instagram with forty posts of someone's, to which every request of ours goes."""
    with FakeInstagram(sample_profile(40)) as fake:
        for name, value in fake.environ.items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.fixture
def connected(instagram):
    """Open a connection to it, with the session of someone unless ``anonymous``."""
    connections = []

    def connect(*, anonymous=False, **options):
        options = {"notice": lambda _: None, "delay": 0, "pause": lambda _: None} | options
        if not anonymous:
            options.setdefault("session", instagram.session_file())
        connections.append(Instagram.open(**options))
        return connections[-1]

    yield connect
    for connection in connections:
        connection.close()
