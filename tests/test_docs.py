"""What is documented is what there is."""

import inspect
import re
from pathlib import Path

import pytest

from pelican_photos.development import with_tables
from pelican_photos.settings import public_settings
from pelican_photos.tasks import namespace

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


def test_the_tables_of_the_readme_are_generated():
    assert with_tables(README) == README, "run `invoke docs`"


def test_every_setting_and_every_task_stands_in_the_readme():
    for name, _, _ in public_settings():
        assert f"`{name}`" in README
    for name in namespace.tasks:
        assert f"`{name}`" in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page):
    for target in re.findall(r"\]\((?!https?://|#)([^)]+)\)", page.read_text("utf-8")):
        assert (page.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_shown_exists(page):
    shown = re.findall(r"(?:invoke|photostream) ([a-z][a-z-]+)", page.read_text("utf-8"))

    assert set(shown) <= {*namespace.tasks}


def test_each_task_explains_itself_and_its_options():
    for name, task in namespace.tasks.items():
        assert task.__doc__, name
        options = list(inspect.signature(task.body).parameters)[1:]
        assert {option.replace("_", "-") for option in options} == {
            key.replace("_", "-") for key in task.help
        }, name
