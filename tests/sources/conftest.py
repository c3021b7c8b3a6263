"""What the tests of several sources share."""

import pytest

from fakes.instaloader_folder import FakeFolder


@pytest.fixture
def folder(tmp_path):
    """An empty folder for what Instaloader leaves."""
    return FakeFolder(tmp_path / "someone")
