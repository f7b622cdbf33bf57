"""Rates at the margin, on clocks that are slow at first, noisy or still."""

import numpy as np
import pytest

import turns
from turns import per_second, settle


class Clock:
    """A machine on which each permutation takes a known time, and everything else comes on top."""

    def __init__(self, seconds, fixed=0.1, late=(), noise=0.0, seed=0):
        self.seconds, self.fixed, self.late, self.noise = seconds, fixed, list(late), noise
        self.random, self.counts = np.random.default_rng(seed), []

    def __call__(self, count):
        self.counts.append(count)
        wait = self.late.pop(0) if self.late else 0
        return (self.fixed + self.seconds * count) * (1 + self.random.exponential(self.noise)) + wait

    def rate(self, *counts):
        times = {count: [self(count)] for count in counts}
        settle(times, self)
        return per_second(times)


@pytest.mark.parametrize("counts", [(1_000, 2_000), (25, 5)])
def test_a_first_call_that_is_slower_than_the_second_count_does_no_harm(counts):
    # As it was: one call of each, of which the first waits for something. Now each is called twice, at least.
    clock = Clock(1e-3, late=[5.0])
    assert clock.rate(*counts) == pytest.approx(1000)
    assert set(clock.counts) == set(counts)


def test_the_best_of_each_counts_whichever_of_the_calls_waits():
    assert Clock(1e-3, late=[0, 5.0]).rate(1_000, 2_000) == pytest.approx(1000)
    assert Clock(1e-3, late=[1.0, 5.0, 2.0]).rate(1_000, 2_000) == pytest.approx(1000)


@pytest.mark.parametrize(("noise", "share"), [(0.02, 1), (0.1, 0.98), (0.4, 0.85)])
def test_rates_are_positive_and_near_the_truth_whatever_the_noise(noise, share):
    rates = np.array([Clock(1e-4, noise=noise, seed=seed).rate(1_000, 2_000) for seed in range(300)])
    assert (rates > 0).all()
    assert np.isfinite(rates).all()
    assert np.median(rates) == pytest.approx(1e4, rel=0.15)
    assert np.mean(np.abs(rates / 1e4 - 1) < 0.5) >= share


def test_the_larger_count_is_doubled_until_it_stands_out_of_the_noise():
    # Twenty permutations more take a hundredth of what a call costs once, far less than the noise.
    clock = Clock(1e-4, fixed=0.2, noise=0.1)
    assert 0.7e4 < clock.rate(100, 120) < 1.4e4
    doublings = set(clock.counts) - {100}
    assert len(doublings) > 1
    assert doublings == {120 * 2**power for power in range(len(doublings))}


def test_a_busy_machine_is_not_asked_for_ever_longer_calls():
    # Noise that is several times each call would be no less of a longer one, and these differ enough to tell a rate.
    for seed in range(20):
        clock = Clock(1e-3, noise=3.0, seed=seed)
        assert 0 < clock.rate(500, 50_000) < 1e3
        assert max(clock.counts) == 50_000
        assert len(clock.counts) <= 2 * turns.TURNS


def test_a_quiet_clock_is_not_asked_for_more():
    clock = Clock(1e-3)
    times = {1_000: [clock(1_000), clock(1_000)], 2_000: [clock(2_000), clock(2_000)]}
    settle(times, clock)
    assert len(clock.counts) == 4


def test_where_permutations_take_no_time_there_is_no_rate():
    clock = Clock(0.0)
    with pytest.raises(RuntimeError, match="permutations take no longer than 10: there is no rate"):
        clock.rate(10, 20)
    assert max(clock.counts) == 20 * turns.MOST


def test_the_calls_that_settle_a_margin_count_in_a_row_of_results(capsys):
    class Child:
        def __init__(self):
            self.late = [9.0]

        def call(self, count):
            wait = self.late.pop() if self.late else 0
            return type("", (), {"seconds": 0.5 + count / 100 + wait, "before": 1e6, "peak": 2e6, "workers": 0})

    rival, calls, child = turns.Contender("one", 1, (), 100, 200), {}, Child()
    turns.take_turns([rival], [child], calls, "turn 1")
    assert calls[rival][100][0].seconds > calls[rival][200][0].seconds
    turns.settle_margins([rival], [child], calls, "again")
    row = turns.measured(rival, calls)
    assert (row["per_second"], row["seconds"], row["memory_peak_mb"]) == ("100.00", "1.5000", "2")
    assert capsys.readouterr().out.splitlines()[-1] == "again: one, 200: 2.500 s"
