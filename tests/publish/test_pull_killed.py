"""Pulls that die at any moment, and the next one that completes them."""

import random

import pytest

from fakes.killing import killed_after, killed_before
from fakes.puller import Puller
from pelican_photos.atomic import PARTIAL

KILLS = 20


@pytest.fixture
def pull(run, site, server):
    pull = Puller(site, server)
    pull.add_film()
    run(originals_only=True, settings={"keep_gps": True})
    pull.before = pull.files()
    pull.lose()
    return pull


def whole(pull):
    return {name: body for name, body in pull.files().items() if not name.endswith(PARTIAL)}


@pytest.mark.slow
def test_a_pull_killed_at_any_moment_leaves_no_half_file_and_is_completed(pull, server):
    moments = random.Random(5)
    server.delay = 0.01
    killed, longest = 0, 0.2
    while killed < KILLS:
        was_killed = killed_after(moments.uniform(0.02, longest), pull)
        assert whole(pull).items() <= pull.before.items()
        if was_killed:
            killed, longest = killed + 1, longest * 1.05
        else:
            longest *= 0.8
            pull.lose(*random.Random(killed).sample(sorted(pull.before), 3))
    server.delay = 0

    outcome = pull()

    assert outcome.exit_status == 0
    assert pull.files() == pull.before  # and no part is left


def test_a_pull_killed_between_two_names_goes_on_with_the_rest(pull, server):
    assert killed_before(3, pull)  # four parts were begun, and two have their names
    assert len(whole(pull)) == 2
    assert whole(pull).items() <= pull.before.items()
    server.forget()

    assert pull().exit_status == 0

    assert pull.files() == pull.before
    assert server.counts["GET"] == 2
