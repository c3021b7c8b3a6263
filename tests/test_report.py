"""A run ends with one sentence."""

import pytest

from pelican_photos.report import Report


@pytest.mark.parametrize(
    ("outcomes", "sentence"),
    [
        ([], "no posts"),
        (["new"], "1 post: 1 new"),
        (["new"] * 24 + ["unchanged", "pending"], "26 posts: 24 new, 1 unchanged, 1 pending"),
        (["gone", "unreadable"], "2 posts: 1 gone upstream, 1 not understood"),
    ],
)
def test_the_sentence_counts_what_happened(outcomes, sentence):
    report = Report()
    for number, outcome in enumerate(outcomes):
        report.add(str(number), outcome)

    assert str(report) == sentence


def test_the_last_word_on_a_post_counts():
    report = Report()
    report.add("a", "pending", "cut short")
    report.add("a", "completed")

    assert str(report) == "1 post: 1 completed"
    assert not report.incomplete
    assert report.reasons == {}
