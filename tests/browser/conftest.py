"""What drives the browser, or why there is none."""

import os

import pytest

from fakes.browser import MissingToolError, Tools, find_tools


@pytest.fixture(scope="session")
def browser_tools() -> Tools:
    """Chromium and Node; without them a test is skipped, or fails where they are required."""
    try:
        return find_tools()
    except MissingToolError as problem:
        if os.environ.get("PHOTOS_REQUIRE_BROWSER", "") not in ("", "0"):
            pytest.fail(str(problem), pytrace=False)
        pytest.skip(str(problem))
