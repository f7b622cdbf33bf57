"""Effects held against their shuffles: what cannot be tested is refused, with the shares that say why."""

import numpy as np
import pytest

from secondlevel.base.errors import InputError
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.reach import Reach, require_moved

PEOPLE = 10
PERSON = np.repeat(np.arange(PEOPLE), 2)  # two sessions each
GROUP, SESSION = (PERSON < 4).astype(float), np.tile([0.0, 1], PEOPLE)
ONE = np.ones(2 * PEOPLE)
DESIGN = np.column_stack([ONE, GROUP, SESSION, GROUP * SESSION])
MEAN, OF_GROUP, OF_SESSION, INTERACTION = np.eye(4)
WITHIN, WHOLE = (Blocks.of(PERSON, whole, "person") for whole in (False, True))


def held(weights, blocks, scheme="permute", design=DESIGN):
    return require_moved("a", partition(design, weights), blocks, scheme)


def by_hand(split, blocks, n=20000):
    """The mean of the effect over many reorderings: all that stays of what they move."""
    from secondlevel.permutation.shuffling import random_orders

    words = np.random.default_rng(0).integers(2**63, size=(n, blocks.labels.size)).astype(np.uint64)
    return split.effect_basis[random_orders(words, blocks)].mean(axis=0)


@pytest.mark.parametrize("blocks", [WITHIN, WHOLE, Blocks.none(20)])
@pytest.mark.parametrize("weights", [OF_GROUP, OF_SESSION, INTERACTION, [OF_GROUP, OF_SESSION]])
def test_the_share_that_stays_is_that_of_the_mean_over_all_reorderings(weights, blocks):
    split = partition(DESIGN, weights)
    share = np.square(by_hand(split, blocks)).sum() / split.rank
    assert Reach.of(split, blocks).still == pytest.approx(share, abs=1e-3)


@pytest.mark.parametrize(
    ("weights", "columns", "words"),
    [
        ([0, 1, 0], 3, "100 % of its effect lies between the blocks and 0 % inside them"),  # group + session
        (OF_GROUP, 4, "50 % of its effect lies between the blocks and 50 % inside them"),  # group * session
        ([OF_GROUP, OF_SESSION], 4, "31.2 % of its effect lies between the blocks"),
    ],
)
def test_an_effect_between_blocks_is_not_tested_within_them(weights, columns, words):
    for scheme, why in (
        ("permute", "leaves that part as it is"),
        ("flip", "takes the rows of a block for independent"),
    ):
        with pytest.raises(
            InputError, match=f"Contrast 'a' .* within the blocks of person: {words}.*{why}.*move as wholes"
        ):
            held(weights, WITHIN, scheme, DESIGN[:, :columns])


def test_a_mean_is_not_flipped_row_by_row_where_rows_belong_together():
    for scheme in ("flip", "both"):
        with pytest.raises(InputError, match="100 % of its effect lies between the blocks.*row by row"):
            held([1], WITHIN, scheme, DESIGN[:, :1])
        assert held([1], WHOLE, scheme, DESIGN[:, :1]).still == pytest.approx(1)


def test_an_effect_that_is_the_same_in_every_block_is_not_tested_by_moving_blocks():
    for weights in ([0, 0, 1], [[0, 1, 0], [0, 0, 1]]):
        with pytest.raises(InputError, match="moving whole blocks of person: its effect, or a part of it, is the same"):
            held(weights, WHOLE, design=DESIGN[:, :3])
    assert held(OF_SESSION, WHOLE).still == pytest.approx(0.6)  # of the controls, in whom alone it is
    assert held([0, 1, 0], WHOLE, design=DESIGN[:, :3]).still == 0
    assert held(INTERACTION, WHOLE).still == 0


def test_a_reordering_of_all_does_not_move_a_mean():
    age = np.arange(20) - 9.5
    with pytest.raises(InputError, match="reordering the subjects: its effect.*the same for all.*scheme 'flip'"):
        held([1, 0], Blocks.none(20), design=np.column_stack([ONE, age]))
    reach = held([1, 0], Blocks.none(20), design=np.column_stack([ONE, age + 5]))
    assert 0 < reach.still < 1
    assert "of the effect" in reach.words(Blocks.none(20), "permute")


def test_what_the_nuisance_holds_of_the_blocks_is_no_obstacle():
    """Persons in the design, or as many rows of each condition in every block."""
    persons = np.column_stack([SESSION, PERSON[:, None] == np.arange(PEOPLE)])
    for design in (persons, np.column_stack([SESSION, ONE])):
        reach = held(np.eye(design.shape[1])[0], WITHIN, design=design)
        assert reach.still == 0
        assert reach.words(WITHIN, "permute").startswith("0 % of the effect lies between the blocks, 100 % inside")
    assert held(INTERACTION, WITHIN).still == 0
    # A session is missing: then the sessions' difference lies between persons, too.
    some = np.arange(20) != 3
    missing = Blocks.of(PERSON[some], False, "person")
    with pytest.raises(InputError, match="between the blocks"):
        held([1, 0], missing, design=np.column_stack([SESSION, ONE])[some])
    assert held(np.eye(11)[0], missing, design=persons[some]).still == 0


def test_signs_of_single_rows_are_what_they_are_without_blocks():
    held([0, 1], Blocks.of(range(9), False, "id"), "flip", np.column_stack([np.arange(9.0), np.ones(9)]))
