import json
import subprocess
import sys
from pathlib import Path

from fakes.pictures import save, scene

PROGRAM = Path(__file__).parents[2] / "bench/contenders/counted_build.py"
CONFIGURATION = """\
SITENAME = "A site"
PATH = "content"
TIMEZONE = "UTC"
STATIC_PATHS = ["images"]
"""


def test_a_build_counts_its_templates_and_the_originals_that_it_opens(tmp_path):
    (tmp_path / "content/images").mkdir(parents=True)
    (tmp_path / "content/other").mkdir()
    (tmp_path / "pelicanconf.py").write_text(CONFIGURATION)
    (tmp_path / "content/post.md").write_text("Title: A post\nDate: 2024-05-12\n\nText.\n")
    save(tmp_path / "content/images/copied.jpg", scene())
    save(tmp_path / "content/other/left-alone.jpg", scene())

    command = [sys.executable, PROGRAM, "counts.json", "content", "-s", "pelicanconf.py"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    counts = json.loads((tmp_path / "counts.json").read_text())
    pages = len(list((tmp_path / "output").rglob("*.html")))
    assert counts["rendered"]["article.html"] == 1
    assert sum(counts["rendered"].values()) == pages
    assert counts["opened"] == 1
