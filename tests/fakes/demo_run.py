"""The demo command, run as a person does."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Demo:
    """What the command said, and the folder of the site that it left."""

    site: Path
    said: str


def run_demo(folder: Path) -> Demo:
    """Run it into a new folder, with nobody's settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "PHOTOS_"))}
    ended = subprocess.run(
        [sys.executable, "-m", "pelican_photos", "demo", "--no-serve", "--folder", str(folder)],
        cwd=folder.parent,
        env=kept,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return Demo(folder / "site", ended.stdout)
