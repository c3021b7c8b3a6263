"""A task that takes several files, as Invoke parses command lines."""

import pytest
from invoke import Argument

from pelican_photos.tasks.several import values_in

ARGUMENTS = [
    Argument(names=("file", "f"), positional=True),
    Argument(names=("caption", "c")),
    Argument(names=("alt",), kind=list),
    Argument(names=("yes", "y"), kind=bool),
]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        (["a", "b"], ["a", "b"]),
        (["--caption", "x", "a", "--yes", "b", "--alt=y", "c"], ["a", "b", "c"]),
        (["a", "-c", "x", "-y", "b"], ["a", "b"]),
        (["a", "--caption", "-", "b"], ["a", "b"]),
        (["a", "--caption", "--yes", "b"], ["a", "b"]),
        (["a", "-", "b"], ["a", "-", "b"]),
        (["a", "--help"], ["a"]),
        (["a", "--", "b"], ["a"]),
        ([], []),
    ],
)
def test_values_are_told_from_options(line, values):
    assert list(values_in(line, ARGUMENTS)) == values
