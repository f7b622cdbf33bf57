import numpy as np
import pytest

from secondlevel.base.errors import InputError
from secondlevel.model.contrasts import contrast_weights, read_contrast


@pytest.mark.parametrize(
    ("expression", "weights"),
    [
        ("age", [1, 0, 0]),
        ("age - age2", [1, -1, 0]),
        ("-age2 + .5*age", [0.5, -1, 0]),
        ("2 * intercept - 0.25 * age + age", [0.75, 0, 2]),
        ([0, 1, -1], [0, 1, -1]),
        ("1/3 * age + 2 / 3*age2 - intercept", [1 / 3, 2 / 3, -1]),
        (["1/3", "2/3", -1], [1 / 3, 2 / 3, -1]),
        (["1/2", "-1/2", "0/1"], [0.5, -0.5, 0]),
        ([["1/2", "-1/2", 0], "intercept"], [[0.5, -0.5, 0], [0, 0, 1]]),
        (["age - age2", [0, 0, 1]], [[1, -1, 0], [0, 0, 1]]),
    ],
)
def test_contrasts_are_read(expression, weights):
    np.testing.assert_allclose(contrast_weights(expression, ["age", "age2", "intercept"], "c"), np.atleast_2d(weights))


def test_contrasts_of_columns_that_are_no_identifiers():
    names = ["group[a]", "group[b]", "reading score", "a-b", "a", "b", "2nd"]
    for expression, expected in (
        ("group[a] - group[b]", [1, -1, 0, 0, 0, 0, 0]),
        ("0.5 * reading score + 2 * `reading score`", [0, 0, 2.5, 0, 0, 0, 0]),
        ("a-b", [0, 0, 0, 1, 0, 0, 0]),
        ("a - b", [0, 0, 0, 0, 1, -1, 0]),
        ("-2nd", [0, 0, 0, 0, 0, 0, -1]),
    ):
        assert contrast_weights(expression, names, "c").tolist() == [expected]


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("agee", "cannot read 'agee'"),
        ("age score", "cannot read 'score'"),
        ("age +", "cannot read '\\+'"),
        ("", "cannot read ''"),
        ("__import__('os')", "cannot read '__import__"),
        ([1, 0], "2 weights, but the design has 3 columns"),
        ("age - age", "only zero weights"),
        (["age", "score", "age + score"], "rows that depend on each other"),
        ([0, 1e16, 0], "a weight beyond 10\\^15"),
        ([1, 1e-300, 0], "a weight below 10\\^-15 that is not 0; write 0 or a larger one"),
        ([[1, 0, 0], [0, 1e-7, 0]], "a row whose weights are over a million times those of another"),
    ],
)
def test_contrasts_that_make_no_sense_are_refused(weights, words):
    with pytest.raises(InputError, match=words):
        contrast_weights(weights, ["age", "score", "intercept"], "c")


def test_a_contrast_comes_back_from_the_tables(tmp_path):
    (tmp_path / "design.tsv").write_text("participant_id\tage\tgroup[a]\nS1\t21.5\t0\nS2\t35\t1\n")
    (tmp_path / "contrasts.tsv").write_text("contrast\tage\tgroup[a]\nage\t1\t0\nboth\t1\t-0.5\nboth\t0\t1\n")
    for name, expected in (("age", [[1, 0]]), ("both", [[1, -0.5], [0, 1]])):
        design, weights = read_contrast(tmp_path / "design.tsv", tmp_path / "contrasts.tsv", name)
        assert design.tolist() == [[21.5, 0], [35, 1]]
        assert weights.tolist() == expected


@pytest.mark.parametrize(
    ("weights", "sums"),
    [
        ("0.333 * a + 0.333 * b + 0.333 * c - d", "0.999 and -1,"),
        ([0.33, 0.33, 0.33, -1], "0.99 and -1,"),
        ("a - 0.5 * b - 0.167 * c - 0.333333 * d", "1 and -1.000333,"),
        (["a - b", "0.14 * c - .1401 * d"], "0.14 and -0.1401,"),
    ],
)
def test_weights_that_are_nearly_a_difference_are_refused_with_both_sums(weights, sums):
    with pytest.raises(InputError, match=f"Contrast 'x' has weights that add up to {sums} nearly a difference"):
        contrast_weights(weights, list("abcd"), "x")


@pytest.mark.parametrize(
    "weights",
    [
        "1/3 * a + 1/3 * b + 1/3 * c - d",
        "0.1 * a + 0.2 * b - 0.3 * c",  # 0 but for the rounding of decimal numbers
        [1 / 7] * 3 + [-3 / 7],
        "a - 0.5 * b",
        "40 * a + 100 * b + c",
    ],
)
def test_other_weights_are_not(weights):
    assert contrast_weights(weights, list("abcd"), "x").shape == (1, 4)
