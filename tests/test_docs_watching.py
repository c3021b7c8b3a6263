"""What the page on watching tells people to save is what their machine accepts."""

import configparser
import plistlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pelican_photos.cadence import Tier, tier_of
from pelican_photos.tasks.watching import watch_instagram

PAGE = (Path(__file__).parents[1] / "docs" / "watching.md").read_text("utf-8")
UNITS = dict(
    re.findall(r"`~/\.config/systemd/user/([a-z.-]+)`:\n\n```ini\n(.*?)```", PAGE, re.DOTALL)
)
OPTIONS = {f"--{name.replace('_', '-')}" for name in watch_instagram.help}


def the(kind: str) -> str:
    (found,) = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    return found


def commands() -> list[list[str]]:
    lines = [line for unit in UNITS.values() for line in unit.splitlines() if "ExecStart=" in line]
    return [
        *(line.split()[1:] for line in lines),
        the("crontab").partition("invoke ")[2].partition(" >>")[0].split(),
        plistlib.loads(the("xml").encode())["ProgramArguments"][1:],
    ]


def test_the_page_brings_a_service_and_a_timer_with_its_own():
    assert set(UNITS) == {"photos-watch.service", "photos-look.service", "photos-look.timer"}
    for name, unit in UNITS.items():
        read = configparser.ConfigParser(interpolation=None)
        read.optionxform = str
        read.read_string(unit)
        assert read["Unit"]["Description"]
        assert (name.endswith(".timer")) == read.has_section("Timer")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
def test_systemd_accepts_every_unit(tmp_path):
    invoke = tmp_path / "site" / ".venv" / "bin" / "invoke"
    invoke.parent.mkdir(parents=True)
    invoke.write_text("#!/bin/sh\n")
    invoke.chmod(0o755)
    for name, unit in UNITS.items():
        (tmp_path / name).write_text(unit.replace("%h", str(tmp_path)))
    (tmp_path / "wrong.service").write_text("[Service]\nExecStart=/nowhere\nResart=x\n")

    said = {file.name: verified(file) for file in tmp_path.glob("*.*")}

    assert "Unknown key" in said.pop("wrong.service")  # so a mistake is noticed
    assert said == dict.fromkeys(UNITS, "")


def verified(unit: Path) -> str:
    """Say what systemd has against a unit, without what it has against others of this machine."""
    ended = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    return "\n".join(line for line in ended.stderr.splitlines() if unit.name in line)


def test_a_watch_that_is_told_to_end_has_not_failed():
    assert "SuccessExitStatus=130 143\n" in UNITS["photos-watch.service"]
    assert "RestartPreventExitStatus=2\n" in UNITS["photos-watch.service"]


def test_every_command_is_one_that_there_is():
    found = commands()

    assert len(found) == 4
    for name, *options in found:
        assert name == "watch-instagram"
        assert set(options) <= OPTIONS
    assert sum("--once" in words for words in found) == 3


def test_the_table_says_what_is_done():
    rows = re.findall(r"^\| (.+?) \| ((?:every|once).+?) \|$", PAGE, re.MULTILINE)

    assert [words for _, words in rows] == [str(tier) for tier in Tier]
    for (posts, _), tier in zip(rows, Tier, strict=True):
        assert {tier_of(int(number)) for number in re.findall(r"\d+", posts)} == {tier}
