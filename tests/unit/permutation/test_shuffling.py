from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from permuting import engine, max_t
from secondlevel.base.errors import InputError
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.shuffling import plan, shuffled, suited_scheme

SCHEMES = ("permute", "flip", "both")


def shuffles(n, scheme="permute", blocks=None, asked=10**6, seed=5, design=None):
    """Shuffles of n subjects whose rows of the design all differ."""
    design = np.arange(n)[:, None] if design is None else design
    return plan(design, scheme, blocks or Blocks.none(n), asked, seed)


@st.composite
def divisions(draw):
    """Blocks of some subjects, of either kind."""
    n = draw(st.integers(12, 60))
    kind = draw(st.sampled_from(["none", "within", "whole"]))
    if kind == "none":
        return Blocks.none(n)
    names = draw(st.lists(st.integers(0, 5), min_size=n, max_size=n))
    return Blocks.of(names, kind == "whole")


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(SCHEMES), divisions(), st.integers(0, 2**40), st.integers(0, 10**9), st.integers(1, 20))
def test_a_shuffle_depends_on_the_seed_and_its_number_only(scheme, blocks, seed, first, count):
    n = blocks.labels.size
    try:
        drawn = shuffles(n, scheme, blocks, asked=1, seed=seed)
    except InputError:
        return
    alone = [drawn.draw(k, 1) for k in range(first, first + count)]
    together = drawn.draw(first, count)
    for part, whole in zip(zip(*alone, strict=True), together, strict=True):
        if whole is None:
            assert set(part) == {None}
        else:
            np.testing.assert_array_equal(np.concatenate(part), whole)


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(SCHEMES), divisions(), st.integers(0, 2**40))
def test_blocks_are_kept(scheme, blocks, seed):
    n = blocks.labels.size
    try:
        order, signs = shuffles(n, scheme, blocks, asked=1, seed=seed).draw(0, 10)
    except InputError:
        return
    for moved in order if order is not None else []:
        assert sorted(moved) == list(range(n))
        if not blocks.whole:
            np.testing.assert_array_equal(blocks.labels[moved], blocks.labels)
            continue
        for label in range(blocks.labels.max() + 1):
            places = np.flatnonzero(blocks.labels == label)
            source = blocks.labels[moved[places[0]]]
            np.testing.assert_array_equal(moved[places], np.flatnonzero(blocks.labels == source))
    if signs is not None and blocks.whole:
        for label in range(blocks.labels.max() + 1):
            assert (np.ptp(signs[:, blocks.labels == label], axis=1) == 0).all()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("asked", [3, 10**6])
def test_shuffle_0_is_the_observed_order(scheme, asked):
    rows = np.random.default_rng(0).normal(size=(2, 5))
    drawn = shuffles(5, scheme, asked=asked)
    assert (drawn.enumeration is None) == (asked == 3)
    np.testing.assert_array_equal(shuffled(rows, *drawn.draw(0, 3))[:, 0], rows)


def test_seeds_differ():
    orders = [shuffles(20, seed=seed).draw(1, 5)[0] for seed in (1, 2)]
    assert not np.array_equal(*orders)


@pytest.mark.parametrize(
    ("scheme", "blocks", "distinct"),
    [
        ("permute", Blocks.none(4), 24),
        ("flip", Blocks.none(4), 16),
        ("both", Blocks.none(3), 48),
        ("permute", Blocks.of(list("aabbb"), False), 12),
        ("permute", Blocks.of(list("abab"), True), 2),
        ("both", Blocks.of(list("aabbc"), True), 16),
        ("permute", Blocks.of(list("ababcc"), True), 6),
    ],
)
def test_random_shuffles_are_uniform_over_all_that_the_enumeration_gives(scheme, blocks, distinct):
    n = blocks.labels.size
    every = shuffles(n, scheme, blocks)
    assert (every.distinct, every.count) == (distinct, distinct - 1)

    def seen(drawn, first, count):
        pairs = [np.zeros((count, n)) if part is None else part for part in drawn.draw(first, count)]
        return Counter(map(bytes, np.hstack(pairs).astype(np.int8)))

    listed = seen(every, 0, distinct)
    assert len(listed) == distinct
    random = seen(shuffles(n, scheme, blocks, asked=1), 1, 2000 * distinct)
    assert random.keys() == listed.keys()
    assert stats.chisquare(list(random.values())).pvalue > 1e-3


def test_subjects_with_equal_rows_are_not_told_apart():
    design = np.column_stack([[0, 1, 0, 1, 1, 0, 1], np.ones(7)])
    every = shuffles(7, design=design)
    order, _ = every.draw(0, every.distinct)
    assert every.distinct == 35
    assert len({tuple(design[row, 0]) for row in order}) == 35
    np.testing.assert_array_equal(order[0], np.arange(7))


def test_paired_design_has_a_flip_for_each_pair():
    design = np.column_stack([np.tile([1, -1], 5), np.repeat(np.eye(5), 2, axis=0)])
    assert shuffles(10, design=design, blocks=Blocks.of(np.repeat(range(5), 2), False)).distinct == 2**5


def test_nothing_to_shuffle_is_said():
    with pytest.raises(InputError, match="allows no shuffle but the observed order"):
        shuffles(9, design=np.ones((9, 1)))
    with pytest.raises(InputError, match="allows no shuffle but the observed order"):
        shuffles(9, blocks=Blocks.of(range(9), False))
    with pytest.raises(InputError, match="allows no shuffle but the observed order"):
        shuffles(3, blocks=Blocks.of(list("aab"), True))


@pytest.mark.parametrize(
    ("weights", "scheme"),
    [([1, 0, 0], "permute"), ([0, 1, -1], "permute"), ([0, 0.5, 0.5], "flip"), ([0, 1, 0], "flip")],
)
def test_signs_are_flipped_where_reordering_would_leave_the_effect(weights, scheme):
    age = np.random.default_rng(0).normal(size=12)
    design = np.column_stack([age - age.mean(), np.repeat(np.eye(2), 6, axis=0)])
    assert suited_scheme(partition(design, weights)) == scheme
    # An F contrast tests the mean, too, if a row of it does.
    assert suited_scheme(partition(design, [[1, 0, 0], [0, 1, -1]])) == "permute"
    assert suited_scheme(partition(design, [[1, 0, 0], [0, 1, 1]])) == "flip"
    # Without a constant in the design there is no mean to be tested.
    assert suited_scheme(partition(design[:, :1], [1])) == "permute"


def test_blocks_of_the_config():
    sample = {"participant_id": np.array(list("abcde")), "family": np.array(["x", "y", "x", "z", "y"])}
    assert Blocks.of_config(None, sample).labels.tolist() == [0] * 5
    for shuffle in ("within", "whole"):
        blocks = Blocks.of_config({"variable": "family", "shuffle": shuffle}, sample)
        assert blocks.labels.tolist() == [0, 1, 0, 2, 1]
        assert blocks.whole == (shuffle == "whole")


@pytest.mark.parametrize("columns", [(), ("visit",)])
def test_whole_blocks_do_not_depend_on_the_order_of_the_table(columns):
    """Ten people of two groups with two visits each: 252 ways to deal out the groups, however the rows are mixed."""
    person, visit = np.repeat([f"p{i}" for i in range(10)], 2), np.tile(["1", "2"], 10)
    group = np.isin(person, ["p0", "p3", "p4", "p7", "p9"]).astype(float)
    design = np.column_stack([group, visit == "2", np.ones(20)])
    sample = {"participant_id": np.char.add(person, visit), "visit": visit}
    maps = np.random.default_rng(0).normal(size=(20, 5)) + 0.5 * group[:, None]

    def nulls_of(rows):
        blocks = Blocks.of(person[rows], True, "person", columns)
        blocks = blocks.ordered(design[rows], {name: cells[rows] for name, cells in sample.items()})
        found, test = engine(design[rows], [1, 0, 0], "permute", blocks, asked=1000)
        return found.distinct, np.sort(max_t(maps[rows].astype(np.float32), test, found))

    distinct, maxima = nulls_of(np.arange(20))
    assert distinct == 252
    for seed in range(3):
        mixed, others = nulls_of(np.random.default_rng(seed).permutation(20))
        assert mixed == 252
        np.testing.assert_allclose(others, maxima, rtol=1e-4)
