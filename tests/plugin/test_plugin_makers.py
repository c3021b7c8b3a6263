"""Which code decides what pages say."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Prints what is found at first; then of each file, when it was edited: as this process has it, and
# as another one would.
FOUND = """
import importlib, sys
from pathlib import Path
folder, extension = Path(sys.argv[1]), sys.argv[2]
sys.path.insert(0, str(folder))
from pelican_photos.plugin import makers
def found():
    return makers.extensions({"extensions": ["markdown.extensions.extra", extension, "nl2br"]})
print(found())
for file in sys.argv[3:]:
    found()
    text = (folder / file).read_text()
    (folder / file).write_text(f"{text} # edited")
    print(found())
    makers = importlib.reload(makers)
    print(found())
    (folder / file).write_text(text)
    makers = importlib.reload(makers)
"""


def found(folder: Path, *words: str) -> list[str]:
    command = [sys.executable, "-c", FOUND, str(folder), *words]
    return subprocess.check_output(command, cwd=ROOT, text=True).splitlines()


@pytest.mark.parametrize("package", [[], ["plugs/__init__.py", "much/__init__.py"]])
@pytest.mark.parametrize(
    ("extension", "files"),
    [
        ("loud_captions:Loud", ["loud_captions.py", "words.py", "much/louder.py"]),
        ("plugs.loud", ["plugs/loud.py", "words.py", "much/more/words.py"]),
    ],
)
def test_the_code_of_an_extension_of_markdown_counts(tmp_path, package, extension, files):
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

    before, *others = found(tmp_path, extension, *files)

    assert others[::2] == [before] * len(files)
    assert len({before, *others[1::2]}) == 1 + len(files)


@pytest.mark.parametrize("code", ["import (", "\ufeff# -*- coding: nothing -*-"])
def test_the_code_of_an_extension_that_is_broken_is_left_to_markdown(tmp_path, code):
    (tmp_path / "loud_captions.py").write_text(code, "utf-8")

    assert found(tmp_path, "loud_captions:Loud")
