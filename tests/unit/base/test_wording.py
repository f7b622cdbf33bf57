import pytest

from secondlevel.base.wording import combination, count, listed, p_value, percent, place


def test_counts_agree_with_their_nouns():
    assert [count(n, "voxel") for n in (0, 1, 2, 67402)] == ["no voxel", "1 voxel", "2 voxels", "67,402 voxels"]


@pytest.mark.parametrize(
    ("names", "text"),
    [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), (range(1, 11), "1, 2, 3 and 7 more")],
)
def test_lists_are_sentences(names, text):
    assert listed(names, most=3) == text


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"age": 1.0}, "age"),
        ({"age": -1.0}, "-age"),
        ({"a": 1.0, "b": -1.0}, "a - b"),
        ({"a": 0.5, "b": 0.5, "c": -1.0}, "0.5 a + 0.5 b - c"),
    ],
)
def test_weights_are_a_sum(row, text):
    assert combination(row) == text


def test_numbers_have_the_digits_that_count():
    assert [p_value(p) for p in (1, 0.0432, 0.000999, 4.61e-9)] == ["1", "0.043", "0.001", "4.6e-09"]
    assert percent(0.05) == "5 %"
    assert place([12.0, -7.0, 10.5]) == "(12, -7, 10.5) mm"
