"""The tasks of those who work on this package; a site that only uses it does not see them."""

import inspect
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from shutil import which
from typing import Any

from invoke import Collection, Context, task

from pelican_photos.settings import public_settings
from pelican_photos.terminal import display

ROOT = Path(__file__).parents[1]
_PYTHON = f'"{sys.executable}"'
_ALONE = "pytest.mark.alone"
# Hundreds of commands are started, each of which would compile this package anew.
_COMPILING = {"PYTHONDONTWRITEBYTECODE": ""}


@task(help={"fast": "leave out what starts whole processes and browsers"})
def test(context: Context, *, fast: bool = False) -> None:  # noqa: PT028 - a task, not a test
    """Run the tests: first what measures times, by itself, then the others on every core."""
    # A time that is taken beside other tests is theirs.  It comes first so that whatever fails
    # ends the run: the last line is pytest's own, and tells of all the others if all is well.
    # Each worker begins with its part of the files, whose fixtures are then made once, and takes
    # over from the others what is left.  A third of the time a test waits for a process, a socket
    # or the disk: so there is one worker more than there are cores.
    others = f"-n {(os.cpu_count() or 1) + 1} --dist worksteal -m"
    measuring = " ".join(f'"{file.relative_to(ROOT)}"' for file in files_that_measure())
    steps = [f"-m alone {measuring}", f'{others} "not alone"']
    if fast:
        steps = [f'{others} "not alone and not slow and not browser"']
    with context.cd(str(ROOT)), nullcontext() if fast else _compiled_meanwhile():
        for step in steps:
            context.run(f"{_PYTHON} -m pytest {step}", env=_COMPILING, pty=sys.stdout.isatty())


@contextmanager
def _compiled_meanwhile() -> Iterator[None]:
    """Read every test of a fresh checkout beside the first step, which draws before it measures.

    Otherwise each worker of the second step would compile all of them for itself.  It waits for
    whatever else wants to run, and so leaves what is measured alone.  What cannot be read is told
    by the steps, not here.
    """
    if (ROOT / "tests" / "__pycache__").is_dir():
        yield
        return
    patient = ["nice", "-n", "19"] if which("nice") else []
    words = [
        *patient,
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-qq",
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, **_COMPILING}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - our own words
        words, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet
    ) as reading:
        try:
            yield
        finally:
            # For SIGINT, where there is one, pytest removes its temporary folder.
            reading.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)


def files_that_measure() -> list[Path]:
    """Find the files with a test that is marked so; reading all others would take a while."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [file for file in files if _ALONE in file.read_text("utf-8")]


@task
def check(context: Context) -> None:
    """Format, lint, types, architecture and tests: what has to hold before a commit."""
    with context.cd(str(ROOT)):
        context.run(f"{_PYTHON} -m ruff format --check .")
        context.run(f"{_PYTHON} -m ruff check .")
        context.run(f"{_PYTHON} -m mypy")
    test(context)


@task
def audit(context: Context) -> None:
    """Run the browser tests alone: Chromium, axe, HTML validity, behaviour, Lighthouse."""
    with context.cd(str(ROOT)):
        context.run(
            f"{_PYTHON} -m pytest tests/browser",
            # Who asks for them is told what they lack, and has every kind of page judged.
            env={"PHOTOS_REQUIRE_BROWSER": "1", "PHOTOS_EVERY_KIND": "1"},
            pty=sys.stdout.isatty(),
        )


@task
def servers(context: Context) -> None:
    """Run the tests of publishing against each S3 server: moto, its IAM, rclone and Ceph."""
    with context.cd(str(ROOT)):
        for name in ("moto", "iam", "rclone", "radosgw"):
            print(f"{name}:", flush=True)  # noqa: T201 - pytest does not say which
            context.run(
                f"{_PYTHON} -m pytest -q tests/publish",
                env={"PHOTOS_TEST_S3": name, "PHOTOS_REQUIRE_SERVERS": "1"},
                pty=sys.stdout.isatty(),
            )


@task(help={"name": "which of them"})
def bench(context: Context, name: str) -> None:
    """Run a benchmark: ``build`` or ``publish``; ends with 1 when a number falls short."""
    with context.cd(str(ROOT)):
        context.run(f"{_PYTHON} {ROOT / 'bench' / name}.py", pty=sys.stdout.isatty())


@task(help={"folder": "where they go; docs/screenshots, of which git keeps what README shows"})
def screenshots(_context: Context, folder: str = "") -> None:
    """Take pictures of the sample gallery: five pages in three widths, light and dark."""
    from pelican_photos.demo_command import take_screenshots  # noqa: PLC0415 - loads Pillow

    with display() as shown:
        kept = Path(folder).expanduser() if folder else ROOT / "docs" / "screenshots"
        take_screenshots(shown, kept)


@task
def docs(_context: Context) -> None:
    """Write the tables of the README anew, from the tasks and settings themselves."""
    readme = ROOT / "README.md"
    readme.write_text(with_tables(readme.read_text("utf-8")), "utf-8")


def with_tables(readme: str) -> str:
    """Put the tables of tasks and settings between their marks."""
    for name, lines in (("tasks", _tasks_table()), ("settings", _settings_table())):
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, _, rest = readme.partition(start)
        readme = f"{before}{start}{lines}{end}{rest.partition(end)[2]}"
    return readme


def _tasks_table() -> str:
    from pelican_photos.tasks import namespace  # noqa: PLC0415 - it imports this module

    lines = ["| command | does |", "|---|---|"]
    for name, known in sorted(namespace.tasks.items()):
        about = (known.__doc__ or "").strip().splitlines()[0].rstrip(".")
        options = list(inspect.signature(known.body).parameters)[1:]
        words = " ".join(f"`--{option.replace('_', '-')}`" for option in options)
        lines.append(f"| `{name}` | {about}{f': {words}' if words else ''} |".replace("``", "`"))
    return "\n".join(lines) + "\n"


def _settings_table() -> str:
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    lines += [f"| `{name}` | {default} | {about} |" for name, default, about in public_settings()]
    return "\n".join(lines) + "\n"


def add_to(namespace: Collection) -> None:
    """Offer these tasks where the package is a checkout of its own repository."""
    if (ROOT / "tests" / "test_architecture.py").is_file():
        known: tuple[Any, ...] = (test, check, audit, servers, bench, screenshots, docs)
        for each in known:
            namespace.add_task(each)
