"""Blocks within blocks, against counts by brute force over all orders (tests/vectors/blocks.json)."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from secondlevel.base.errors import InputError
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.in_words import sharing, tree_in_words
from secondlevel.permutation.moved import moved
from secondlevel.permutation.reach import require_moved
from secondlevel.permutation.shuffling import plan, shuffled

CASES = json.loads((Path(__file__).parents[2] / "vectors" / "blocks.json").read_text())["cases"]
NAMES = [case["what"] for case in CASES]


def tree(n, *levels):
    """Blocks of some levels, each the labels of the rows and what is shuffled."""
    names = ("site", "family", "person")
    return Blocks.nested([(list(labels), how, names[i]) for i, (labels, how) in enumerate(levels)], (), n)


def of_case(case):
    return tree(case["n"], *((level["labels"], level["shuffle"]) for level in case["levels"]))


def every(blocks, kinds, scheme="permute"):
    return plan(np.asarray(kinds, dtype=float)[:, None], scheme, blocks, 10**6, 1)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_orders_and_distinct_shuffles_are_those_of_brute_force(case):
    blocks, kinds, n = of_case(case), np.array(case["design_row_kind"]), case["n"]
    # With a design whose rows all differ, each order is a shuffle of its own.
    orders = every(blocks, np.arange(n))
    assert orders.distinct == case["expected_orders"]
    listed = {tuple(order) for order in orders.draw(0, orders.distinct)[0].tolist()}
    assert len(listed) == orders.distinct
    if case["orders"]:
        assert listed == set(map(tuple, case["orders"]))
    alike = every(blocks, kinds)
    assert alike.distinct == case["expected_distinct_permutations"]
    arranged = {tuple(row) for row in kinds[alike.draw(0, alike.distinct)[0]].tolist()}
    assert sorted(arranged) == sorted(map(tuple, case["distinct_arrangements"]))
    assert every(blocks, kinds, "flip").distinct == case["expected_flips"]
    assert every(blocks, kinds, "both").distinct == case["expected_distinct_permutations_and_flips"]
    unit = np.array(case["sign_unit"])
    signs = every(blocks, kinds, "flip").draw(0, case["expected_flips"])[1]
    assert (signs == signs[:, [np.flatnonzero(unit == label)[0] for label in unit]]).all()


@pytest.mark.parametrize("number", [4, 7, 8, 14])
@pytest.mark.parametrize("scheme", ["permute", "both"])
def test_each_distinct_shuffle_is_drawn_equally_often(number, scheme):
    case = CASES[number]
    blocks, n = of_case(case), case["n"]
    found = every(blocks, np.arange(n), scheme)

    def seen(shuffles, first, count):
        order, signs = shuffles.draw(first, count)
        return Counter(map(bytes, np.hstack([order, order if signs is None else signs]).astype(np.int8)))

    listed = seen(found, 0, found.distinct)
    assert len(listed) == found.distinct
    at_random = plan(np.arange(n)[:, None], scheme, blocks, 1, seed=3)
    random = seen(at_random, 1, 200 * found.distinct)
    assert random.keys() == listed.keys()
    assert stats.chisquare(list(random.values())).pvalue > 1e-3
    # A shuffle depends on its number only.
    np.testing.assert_array_equal(at_random.draw(7, 1)[0], at_random.draw(0, 9)[0][7:8])


# SHA-256, in part, of the shuffles that blocks of one level gave before there were blocks within blocks.
BEFORE = {
    ("within", "permute", 50): "12638790c392e14b",
    ("within", "permute", 10**5): "1f6a1a921e3d74c6",
    ("within", "flip", 50): "788e5ce5123b43ea",
    ("within", "both", 50): "7ef9aacba38b9793",
    ("whole", "flip", 50): "09db621d8c0b1cb0",
    ("whole", "flip", 10**5): "8dd06cf7ec498e6e",
    ("whole", "both", 50): "a02171c3ac866b97",
    ("whole", "both", 10**5): "b2fa7bf551d11661",
}


@pytest.mark.parametrize(("shuffle", "scheme", "asked"), BEFORE)
def test_blocks_of_one_level_give_the_shuffles_that_they_gave(shuffle, scheme, asked):
    mixed = np.random.default_rng(1).permutation(13)
    names = np.repeat(list("abcdef"), [2, 2, 2, 3, 3, 1])[mixed]
    design = np.random.default_rng(2).integers(0, 3, (13, 1)).astype(float)
    blocks = Blocks.of(names, shuffle == "whole", "x")
    blocks = blocks.ordered(design, {"participant_id": np.arange(13).astype(str)})
    shuffles = plan(design, scheme, blocks, asked, 7)
    order, signs = shuffles.draw(0, shuffles.count + 1)
    drawn = b"" if order is None else np.asarray(order, np.int64).tobytes()
    drawn += b"" if signs is None else np.asarray(signs, np.float32).tobytes()
    assert hashlib.sha256(drawn).hexdigest()[:16] == BEFORE[shuffle, scheme, asked]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_orbits_and_what_of_the_nuisance_moves_are_those_of_all_orders(case):
    blocks, n = of_case(case), case["n"]
    orders = every(blocks, np.arange(n))
    order = orders.draw(0, orders.distinct)[0]
    np.testing.assert_allclose(blocks.orbits @ blocks.orbits.T, np.eye(n)[order].mean(axis=0), atol=1e-12)
    basis = np.linalg.qr(np.random.default_rng(0).normal(size=(n, 2)))[0]
    basis = np.linalg.qr(np.column_stack([blocks.orbits.sum(axis=1), blocks.labels == 0, basis]))[0]
    left = moved(basis, blocks, "permute")
    stays = basis - left @ (left.T @ basis)
    rows = shuffled(stays.T, order, None)
    np.testing.assert_allclose(rows @ basis @ basis.T, rows, atol=1e-9)


def test_nested_blocks_do_not_depend_on_the_order_of_the_table():
    """Sites of one make-up that list their families in another order, however the rows are mixed."""
    site, family = np.array(list("xxxxxyyyyy")), np.array(list("aabcceefgg"))
    design = np.column_stack([np.array([0, 1, 1, 0, 1, 1, 1, 0, 0, 0]), np.ones(10)]).astype(float)
    found = []
    for seed in range(4):
        rows = np.random.default_rng(seed).permutation(10)
        blocks = Blocks.nested([(site[rows], "whole", "site"), (family[rows], "whole", "family")], (), 10)
        blocks = blocks.ordered(design[rows], {"participant_id": np.arange(10)[rows].astype(str)})
        shuffles = plan(np.arange(10)[:, None], "permute", blocks, 10**4, 1)
        # What stands at the place of each subject, whatever the rows.
        order = np.argsort(rows)
        found.append({tuple(rows[one][order]) for one in shuffles.draw(0, shuffles.distinct)[0]})
    assert len(found[0]) == 8  # the sites, and in each its two families of two
    assert all(shuffles == found[0] for shuffles in found)


@pytest.mark.parametrize(
    ("levels", "kinds", "words"),
    [
        (
            [("xxyyzz", "within"), ("aabbcc", "whole")],
            [0, 1] * 3,
            "those of site stay where they are; no two of family, ins",
        ),
        ([("xxxyy", "whole")], [0, 1, 0, 1, 0], "no two of site hold as many rows in the same way; rows stay in order"),
        (
            [("xxxx", "within"), ("aabb", "whole")],
            [0, 1, 0, 1],
            "those of family that could change places have equal rows",
        ),
        ([("abcd", "within")], [0, 1, 2, 3], "each of site holds a single row"),
        ([("aabb", "within")], [0, 0, 1, 1], "rows inside those of site have equal rows in the design"),
    ],
)
def test_the_level_that_leaves_nothing_to_shuffle_is_told(levels, kinds, words):
    with pytest.raises(InputError, match="allows no shuffle but the observed order.*" + words):
        every(tree(len(kinds), *levels), kinds)
    assert every(tree(len(kinds), *levels), kinds, "flip").distinct > 1


def test_the_tree_in_words():
    twins = tree(12, ("xxxxyyyyzzzz", "within"), ("aabbccddeeff", "whole"))
    told = "3 blocks of site: inside each, 2 of family, of 2 rows, take each other's place; rows stay in order"
    assert tree_in_words(twins) == told
    assert tree_in_words(twins, "both") == f"{told}; one sign for each block of family, 6 in all"
    assert tree_in_words(tree(6, ("aabbbb", "within")), "permute") == (
        "2 blocks of site: inside each, 2 or 4 rows take each other's place"
    )
    assert tree_in_words(tree(7, ("aabbccc", "both"))) == (
        "3 blocks of site, of 2 or 3 rows, take each other's place, if they are of one make-up (1 without a partner); "
        "inside each, 2 or 3 rows take each other's place"
    )
    assert tree_in_words(tree(6, ("xxxyyy", "whole"), ("aabcdd", "within"))) == (
        "2 blocks of site take each other's place; inside each, 2 of family: inside each, 1 or 2 rows take each "
        "other's place"
    )
    assert tree_in_words(Blocks.none(4)) == ""
    (sentence,) = sharing([("site", list("xxyy")), ("family", list("abac"))])
    assert sentence.startswith("1 of family, such as a, is in more than one of site")


def test_an_effect_between_outer_blocks_that_stay_is_refused():
    """Families of two change places inside three sites; between sites nothing can be tested."""
    blocks = tree(24, ("x" * 8 + "y" * 8 + "z" * 8, "within"), ("aabbccddeeffgghhiijjkkll", "whole"))
    site = np.repeat(np.eye(3), 8, axis=0)
    patient = np.repeat(np.array([1.0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0]), 2)
    with pytest.raises(InputError, match="within the blocks of site: .* lies between.*add site to the design"):
        require_moved("a", partition(np.column_stack([patient, np.ones(24)]), [1, 0]), blocks, "permute")
    reach = require_moved("a", partition(np.column_stack([patient, site]), [1, 0, 0, 0]), blocks, "permute")
    assert (reach.between, reach.fixed) == (0, False)
    # Whole families do not test what is the same in each of them; signs of families do, and test the mean.
    member = np.tile([0.0, 1], 12)
    with pytest.raises(InputError, match="whole blocks of family, inside those of site: its effect.*is the same"):
        require_moved("a", partition(np.column_stack([member, site]), [1, 0, 0, 0]), blocks, "permute")
    require_moved("a", partition(np.ones((24, 1)), [1]), blocks, "flip")
