"""What a pull says in the end, and the status it ends with."""

import pytest

from pelican_photos.publish.pull_outcome import PullOutcome, Verdict
from pelican_photos.publish.pull_plan import Act


def outcome(*acts, **facts):
    verdicts = [Verdict(key=f"{number}.jpg", act=act) for number, act in enumerate(acts)]
    return PullOutcome(verdicts=verdicts, **facts)


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (outcome(), 0),
        (outcome(Act.FINE, Act.FETCH, Act.REPAIR, Act.BESIDE, Act.ONLY_HERE, Act.UNSURE), 0),
        (outcome(Act.MISSING), 1),
        (outcome(Act.FOREIGN), 1),
        (outcome(Act.FINE, failed=["no"]), 1),
        (outcome(Act.FINE, verify=True), 0),
        *((outcome(act, verify=True), 3) for act in Act if act is not Act.FINE),
        (outcome(Act.FETCH, failed=["no"], verify=True), 1),
    ],
)
def test_the_status_says_whether_all_originals_are_here(found, status):
    assert found.exit_status == status


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (outcome(Act.FETCH, received=1500), "1 fetched (1.5 kB), 0 as they were"),
        (
            outcome(Act.FETCH, Act.BESIDE, Act.UNCOVER, Act.FINE, dry_run=True),
            (
                "1 would be fetched (0 B), 1 would be replaced by the untouched file,"
                " 1 would be kept as changed here, with the bucket's version beside, 1 as they were"
            ),
        ),
        (
            outcome(*[Act.FETCH] * 3, failed=["a", "b"], undone=2),
            (
                "1 of 3 brought (0 B), 0 as they were; a (and 1 more like it);"
                " the next pull goes on from here"
            ),
        ),
        (
            outcome(*[Act.MISSING] * 4),
            (
                "0 fetched (0 B), 0 as they were; 4 lacking, neither here nor in the bucket (0.jpg,"
                " 1.jpg, 2.jpg, …); publish from the machine that has them, or import them again"
            ),
        ),
        (
            outcome(Act.REPAIR, Act.FINE, verify=True),
            "1 damaged here, 1 the same here and in the bucket",
        ),
    ],
)
def test_the_sentence_says_what_was_done_and_what_is_left(found, sentence):
    assert str(found) == sentence


def test_each_difference_has_a_line():
    assert list(outcome(Act.FINE, Act.REPAIR, Act.MISSING).lines()) == [
        "  repair 1.jpg (0 B): damaged here",
        "  2.jpg: neither here nor in the bucket",
    ]
