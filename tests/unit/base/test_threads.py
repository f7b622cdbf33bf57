"""Results come in the order of the items, whatever ends first."""

import threading
import time

import pytest

from secondlevel.base.threads import in_threads


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_results_are_those_of_map_in_its_order(threads):
    def slow(number):
        time.sleep(0.002 * (number % 3))
        return number**2

    assert list(in_threads(threads)(slow, range(20))) == list(map(slow, range(20)))
    assert list(in_threads(threads)(slow, [])) == []


def test_no_more_is_ahead_than_there_are_threads_and_one():
    begun = []
    results = in_threads(2)(begun.append, range(50))
    for taken in range(1, 11):
        next(results)
        assert len(begun) <= taken + 2


def test_calls_go_on_at_once():
    together = threading.Barrier(3, timeout=30)
    assert len(list(in_threads(3)(lambda _: together.wait(), range(3)))) == 3


def test_what_fails_first_in_the_order_is_raised():
    def fails(number):
        time.sleep(0.02 if number == 3 else 0)
        if number in (3, 4):
            raise ValueError(number)
        return number

    results, got = in_threads(4)(fails, range(9)), []
    with pytest.raises(ValueError, match="3"):
        got.extend(results)
    assert got == [0, 1, 2]
