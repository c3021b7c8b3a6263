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
for code in sys.argv[4:]:
    Path(sys.argv[1], sys.argv[2]).write_text(code)
    print(extensions({"extensions": ["markdown.extensions.extra", sys.argv[3], "nl2br"]}))
"""


@pytest.mark.parametrize("package", [[], ["plugs/__init__.py", "much/__init__.py"]])
@pytest.mark.parametrize(
    ("extension", "edited"),
    [
        *(("loud_captions:Loud", each) for each in ("loud_captions.py", "words.py")),
        *(("loud_captions:Loud", each) for each in ("much/louder.py", "much/more/words.py")),
        *(("plugs.loud", each) for each in ("plugs/loud.py", "words.py", "much/louder.py")),
    ],
)
def test_the_code_of_an_extension_of_markdown_counts(tmp_path, package, extension, edited):
    """And what it imports; but in one process it is what was loaded, whatever is edited."""
    for name, code in {
        **dict.fromkeys(package, ""),
        "loud_captions.py": "import html, words",
        "plugs/loud.py": "from . import soft\nimport words, loud_captions",
        "words.py": "def loud():\n    from much import louder",
        "much/louder.py": "import markdown, pelican_photos",
        "much/more/words.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code)

    def found(*codes: str) -> list[str]:
        command = [sys.executable, "-c", FOUND, str(tmp_path), edited, extension, *codes]
        return subprocess.check_output(command, cwd=ROOT, text=True).splitlines()

    one, [other] = found("a = 1", "a = 2"), found("a = 2")

    assert one == [one[0]] * 2
    assert other != one[0]


@pytest.mark.parametrize("code", ["import (", "\ufeff# -*- coding: nothing -*-"])
def test_the_code_of_an_extension_that_is_broken_is_left_to_markdown(tmp_path, code):
    file, name = "loud_captions.py", "loud_captions:Loud"
    command = [sys.executable, "-c", FOUND, str(tmp_path), file, name, code]

    assert subprocess.check_output(command, cwd=ROOT, text=True)
