"""Which code decides what pages say."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FOUND = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from pelican_photos.plugin.makers import extensions
for code in sys.argv[3:]:
    Path(sys.argv[1], sys.argv[2]).write_text(code)
    print(extensions({"extensions": ["markdown.extensions.extra", "loud_captions:Loud", "nl2br"]}))
"""


@pytest.mark.parametrize("edited", ["loud_captions.py", "words.py", "much/louder.py"])
def test_the_code_of_an_extension_of_markdown_counts(tmp_path, edited):
    """And what it imports; but in one process it is what was loaded, whatever is edited."""
    (tmp_path / "much").mkdir()
    for name, code in {
        "loud_captions.py": "import html, words",
        "words.py": "def loud():\n    from much import louder",
        "much/__init__.py": "",
        "much/louder.py": "import markdown",
    }.items():
        (tmp_path / name).write_text(code)

    def found(*codes: str) -> list[str]:
        command = [sys.executable, "-c", FOUND, str(tmp_path), edited, *codes]
        return subprocess.check_output(command, cwd=ROOT, text=True).splitlines()

    one, [other] = found("a = 1", "a = 2"), found("a = 2")

    assert one == [one[0]] * 2
    assert other != one[0]


def test_the_code_of_an_extension_that_is_broken_is_left_to_markdown(tmp_path):
    command = [sys.executable, "-c", FOUND, str(tmp_path), "loud_captions.py", "import ("]

    assert subprocess.check_output(command, cwd=ROOT, text=True)
