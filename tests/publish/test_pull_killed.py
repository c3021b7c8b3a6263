"""Pulls that die at any moment, and the next one that completes them."""

import os
import random
import signal
import warnings

import pytest

from fakes.killing import killed_before
from fakes.puller import LARGE, LARGE_SIZE, Puller
from pelican_photos.atomic import PARTIAL

FILM = "2024-05-09-film.mp4"
KILLS = 20


@pytest.fixture
def pull(run, site, server):
    pull = Puller(site, server)
    film = pull.folder / FILM
    film.write_bytes(random.Random(1).randbytes(LARGE_SIZE))
    named = [*site.originals(), (LARGE, film)]
    site.originals = lambda: named
    run(originals_only=True, settings={"keep_gps": True})
    pull.before = pull.files()
    pull.lose()
    return pull


def killed_after(seconds, run):
    """Run in a process of its own that the system ends after some time; tells whether it did."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, and it has none to lose
        child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            run()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGALRM


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
