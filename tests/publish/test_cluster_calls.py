"""What may never come back is waited for no longer than anybody wants."""

import threading

import pytest

from pelican_photos.publish.cluster_calls import Begun, within


def test_what_was_begun_goes_on_while_nobody_waits():
    told = threading.Event()
    begun = Begun(lambda: told.wait(10) and "done")

    assert not begun.wait(0.01)
    told.set()
    assert begun.wait(10)
    assert begun.result() == "done"


def test_what_it_fails_with_is_raised_where_the_result_is_asked_for():
    begun = Begun(lambda: {}["lost"])

    assert begun.wait(10)
    with pytest.raises(KeyError, match="lost"):
        begun.result()


def test_a_timeout_of_its_own_is_no_sign_that_it_is_under_way():
    def late():
        raise TimeoutError("it says")

    begun = Begun(late)

    assert begun.wait(10)
    with pytest.raises(TimeoutError, match="it says"):
        begun.result()


def test_what_does_not_come_back_is_left_to_itself():
    told = threading.Event()
    try:
        with pytest.raises(TimeoutError, match=r"no answer within 0\.01 seconds"):
            within(0.01, told.wait)
    finally:
        told.set()
