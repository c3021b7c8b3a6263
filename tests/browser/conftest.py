"""What the audit saw, for all tests of this folder; it runs once."""

import json
import os
from pathlib import Path

import pytest
from filelock import FileLock

from fakes.browser import MissingToolError, audit, find_tools


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
        return Path(self["output"], self["pages"][kind].lstrip("/"), "index.html").read_bytes()


@pytest.fixture(scope="session")
def seen(tmp_path_factory) -> Seen:
    """The audit's result; workers that run side by side share one."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    result = folder / "audit.json"
    with FileLock(folder / "audit.lock"):
        if not result.is_file():
            try:
                tools = find_tools()
            except MissingToolError as problem:
                if os.environ.get("PHOTOS_REQUIRE_BROWSER", "") not in ("", "0"):
                    pytest.fail(str(problem), pytrace=False)
                pytest.skip(str(problem))
            result.write_text(json.dumps(audit(tools, tmp_path_factory.mktemp("audit"))))
    return Seen(json.loads(result.read_text()))
