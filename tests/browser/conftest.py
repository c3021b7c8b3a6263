"""What drives the browser, and what the audit saw with it; it runs once."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from fakes.browser import MissingToolError, Tools, audit, find_tools


class Seen:
    """What the audit saw, by chapter; one that broke fails those who ask for it."""

    def __init__(self, found: dict) -> None:
        self._found = found

    def __getitem__(self, chapter: str):
        found = self._found[chapter]
        if isinstance(found, dict) and "broken" in found:
            pytest.fail(f"{chapter}: {found['broken']}", pytrace=False)
        return found

    def page(self, kind: str) -> bytes:
        page = Path(self["output"], self["pages"][kind].lstrip("/"))
        return (page / "index.html" if page.is_dir() else page).read_bytes()


@pytest.fixture(scope="session")
def finding_tools() -> Iterator[Future[Tools]]:
    """The search for Chromium and Node; what they need is fetched while other things are made."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(find_tools)


@pytest.fixture(scope="session")
def browser_tools(finding_tools) -> Tools:
    """Chromium and Node; without them a test is skipped, or fails where they are required."""
    try:
        return finding_tools.result()
    except MissingToolError as problem:
        if os.environ.get("PHOTOS_REQUIRE_BROWSER", "") not in ("", "0"):
            pytest.fail(str(problem), pytrace=False)
        pytest.skip(str(problem))


@pytest.fixture(scope="session")
def seen(browser_tools, tmp_path_factory) -> Seen:
    """The audit's result; workers that run side by side share one."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    result = folder / "audit.json"
    with FileLock(folder / "audit.lock"):
        if not result.is_file():
            found = audit(browser_tools, tmp_path_factory.mktemp("audit"))
            result.write_text(json.dumps(found))
    return Seen(json.loads(result.read_text()))
