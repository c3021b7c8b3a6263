import threading
from itertools import count

import pytest

from pelican_photos.errors import PublishError
from pelican_photos.publish.parallel import in_parallel


def test_every_item_comes_back_with_its_result():
    assert dict(in_parallel(lambda number: number**2, range(100), 3)) == {
        number: number**2 for number in range(100)
    }


def test_what_goes_wrong_is_a_result_like_any_other():
    def even(number):
        if number % 2:
            raise PublishError(f"{number} is odd")
        return number

    answers = dict(in_parallel(even, range(10), 2))

    assert answers[4] == 4
    assert str(answers[5]) == "5 is odd"


def test_any_other_error_ends_the_whole():
    with pytest.raises(ZeroDivisionError):
        list(in_parallel(lambda number: 1 // number, range(50), 2))


def test_items_are_taken_only_a_little_ahead():
    taken = count()
    answers = in_parallel(lambda item: item, (next(taken) for _ in range(10_000)), 2)

    next(answers)
    answers.close()

    assert next(taken) <= 10


def test_no_more_threads_run_than_were_asked_for():
    together = threading.Barrier(3, timeout=10)  # three must be there at once, or it breaks

    assert len(list(in_parallel(lambda _: together.wait(), range(9), 3))) == 9
    with pytest.raises(threading.BrokenBarrierError):
        list(in_parallel(lambda _: threading.Barrier(2, timeout=0.05).wait(), range(1), 3))
