import numpy as np
import pandas as pd
import pytest
from formulaic.parser import DefaultFormulaParser

from secondlevel.base.errors import InputError
from secondlevel.model.design import design_variables
from secondlevel.model.formula import formula_columns, formula_matrix, most_terms, parse

SAMPLE = pd.DataFrame(
    {
        "participant_id": [f"S{n}" for n in range(8)],
        "age": ["21", "35", "28", "40", "33", "26", "51", "44"],
        "reading score": ["3", "1", "4", "1", "5", "9", "2", "6"],
        "group": ["a", "b", "c", "a", "b", "c", "a", "T.b"],
    }
)
CODE = ["log(age)", "age + np.log(age)", "{age + 1}", "age[0]", "C(group)", "y ~ age", "age | group", "age +", "'age'"]


@pytest.mark.parametrize("formula", CODE)
def test_what_is_not_a_name_is_refused(formula):
    with pytest.raises(InputError, match="config key 'design': '.*[;:] a formula holds names of variables joined by"):
        parse(formula)


def test_a_name_is_looked_up_in_the_table_only():
    parse("age + print")
    with pytest.raises(InputError, match="has no column 'print'"):
        design_variables(SAMPLE, "age + print", {}, [], "t.tsv")


def test_columns_are_named_by_variables_and_levels():
    variables, about = design_variables(SAMPLE, "age * group + `reading score`", {"group": "b"}, ["age"], "t.tsv")
    design = formula_matrix("age * group + `reading score`", variables)
    assert list(design) == [
        "intercept", "age", "group[T.b]", "group[a]", "group[c]", "reading score",
        "age:group[T.b]", "age:group[a]", "age:group[c]",
    ]  # fmt: skip
    assert about["factors"]["group"][0] == "b"
    assert variables["age"].mean() == pytest.approx(0)
    assert list(formula_matrix("0 + group", variables)) == ["group[b]", "group[T.b]", "group[a]", "group[c]"]


# Names with all signs that a name can have in a formula, and levels with all that a cell can hold.
NAMES = [
    "group", "subgroup", "1", "0", "Intercept", "a:b", "T.x", "x[T.L1]", "v0", "v1", "L0", "[", "]", "in", "a.b", "a b",
    "quo'te", 'dou"ble', "~", "{x}", "\\", "é", "np.log(age)", "%", "group[yes]x", "x_hat", "|", "-", "(", "C(group)",
]  # fmt: skip
LEVELS = ["no", "yes", "L0", "L1", "T.L1", "[", "]", "a]", ":", "`", "a b", "'", '"', "1", "Intercept", "T.", "group"]


def marks(cells, level):
    return np.array([1.0 if cell == level else 0.0 for cell in cells])


def random_variables(rng, names, n=12):
    """Variables by name, the first two factors, and the levels of these, the reference first."""
    found, levels = {}, {}
    for number, name in enumerate(names):
        if number < 2:
            levels[name] = list(rng.permutation(LEVELS)[: rng.integers(2, 4)])
            cells = rng.permutation([*levels[name], *rng.choice(levels[name], n - len(levels[name]))])
            found[name] = pd.Series(pd.Categorical(cells, categories=levels[name]))
        else:
            found[name] = pd.Series(rng.normal(size=n))
    return pd.DataFrame(found), levels


def by_hand(data, levels, *names):
    """The columns that a product of variables has beside all of lower order, and what they are."""
    found = {"": np.ones(len(data))}
    for name in names:
        of_name = {f"{name}[{level}]": marks(data[name], level) for level in levels[name][1:]} if name in levels else {
            name: data[name].to_numpy()
        }  # fmt: skip
        found = {
            f"{one}:{other}" if one else other: first * second
            for one, first in found.items()
            for other, second in of_name.items()
        }
    return found


@pytest.mark.parametrize("seed", range(60))
def test_columns_of_names_and_levels_with_any_signs_are_those_computed_by_hand(seed):
    rng = np.random.default_rng(seed)
    names = [str(name) for name in rng.permutation(NAMES)[:4]]
    data, levels = random_variables(rng, names)
    first, second, third, fourth = names
    quoted = {name: f"`{name}`" for name in names}
    formula = f"{quoted[first]} * {quoted[third]} + {quoted[second]} + {quoted[first]}:{quoted[second]}"
    formula += f" + {quoted[third]}:{quoted[fourth]} + {quoted[fourth]}"
    expected = {"intercept": np.ones(len(data))}
    for term in [(first,), (third,), (second,), (fourth,), (first, third), (first, second), (third, fourth)]:
        expected |= by_hand(data, levels, *term)
    made = formula_matrix(formula, data)
    assert set(made) == set(expected)
    for name in made:
        np.testing.assert_array_equal(made[name], expected[name], err_msg=name)


@pytest.mark.parametrize("seed", range(20))
def test_without_intercept_every_level_has_its_column(seed):
    rng = np.random.default_rng(seed)
    one, other, third, fourth = (str(name) for name in rng.permutation(NAMES)[:4])
    data, levels = random_variables(rng, [one, other, third, fourth])
    made = formula_matrix(f"0 + `{one}`", data)
    assert list(made) == [f"{one}[{level}]" for level in levels[one]]
    slopes = formula_matrix(f"0 + `{other}` + `{other}`:`{third}`", data)
    for level in levels[one]:
        np.testing.assert_array_equal(made[f"{one}[{level}]"], marks(data[one], level))
    for level in levels[other]:
        np.testing.assert_array_equal(slopes[f"{other}[{level}]:{third}"], marks(data[other], level) * data[third])


def test_the_name_of_one_factor_may_end_like_that_of_another():
    cells = {"group": ["a", "b", "a", "b"], "subgroup": ["yes", "no", "no", "yes"]}
    sample = pd.DataFrame({"participant_id": list("wxyz")} | cells)
    variables, _ = design_variables(sample, "group + subgroup", {"group": "b", "subgroup": "no"}, [], "t.tsv")
    made = formula_matrix("group + subgroup", variables)
    assert list(made) == ["intercept", "group[a]", "subgroup[yes]"]
    assert made["subgroup[yes]"].tolist() == [1, 0, 0, 1]


NUMBERS = pd.DataFrame(
    np.random.default_rng(0).normal(size=(8, 6)), columns=["age", "a", "b", "a:b", "intercept", "g[x]"]
).assign(g=pd.Categorical(list("xyxyxyxy"), categories=["y", "x"]))


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("age * age", "multiplies age with itself, .* not its square; put the square into the table as a column"),
        ("age + age:age", "multiplies age with itself"),
        ("a * b * a", "multiplies a with itself"),
        ("(age + g) * (age + g)", "multiplies age with itself"),
        ("`a:b` + `a:b`:`a:b`", "multiplies a:b with itself"),
        ("`a:b` + a * b", "makes more than one column named a:b; give a variable or a level another name"),
        ("age + intercept", "more than one column named intercept"),
        ("g + `g[x]`", r"more than one column named g\[x\]"),
        ("0", "'0' makes no column"),
        ("a - a - 1", "makes no column"),
        ("age:1", "multiplies by a number, but 0 and 1 stand for the intercept only"),
        ("1 * age", "multiplies by a number"),
        ("(a + b) ** 1", "multiplies by a number"),
        ("a ** b", "cannot be read"),
        ("a ** (b - b)", "cannot be read"),
        ("(a", "cannot be read"),
        ("a)", "cannot be read"),
        ("a b", "cannot be read"),
        ("()", "cannot be read"),
        ("* a", "cannot be read"),
    ],
)
def test_formulas_whose_columns_would_not_be_what_they_say_are_refused(formula, words):
    with pytest.raises(InputError, match=words) as refused:
        formula_matrix(formula, NUMBERS)
    assert "\n" not in str(refused.value)
    assert not any(code in str(refused.value) for code in ("v0", "v1", "L0"))


@pytest.mark.parametrize("formula", ["g * g", "g + g:g", "g + g", "age + age", "(g)", "-1 + g - 1 + 1"])
def test_what_names_a_variable_twice_and_loses_nothing_is_read(formula):
    assert set(formula_matrix(formula, NUMBERS)) <= {"intercept", "g[x]", "age", "g[y]"}


@pytest.mark.parametrize(
    ("formula", "n"),
    [("a*b*c", 8), ("a+b+c", 4), ("a:b + c", 3), ("(a+b)*(c+d)", 9), ("a*b - a", 3), ("0 + a", 1), ("((a))*b*b", 4)],
)
def test_a_formula_has_no_more_terms_than_are_counted_before_it_is_written_out(formula, n):
    terms = most_terms(DefaultFormulaParser().get_ast(formula))
    assert n == len(list(parse(formula))) <= terms < 40


def test_formulas_that_make_too_much_are_refused_before_it_is_made():
    data = pd.DataFrame({name: pd.Categorical([f"{name}{row}" for row in range(80)]) for name in "ab"})
    with pytest.raises(InputError, match=r"'a \* b' makes up to 6,561 columns, and at most 5,000 can be worked with"):
        formula_columns("a * b", data)
    for formula in ("*".join("abcdefghijkl"), " + ".join(["a"] * 3000)):
        with pytest.raises(InputError, match="makes more than 2,000 terms") as refused:
            parse(formula)
        assert len(str(refused.value)) < 300
    with pytest.raises(InputError, match="has 30,001 characters, and at most 20,000 are read"):
        parse("a+" * 15_000 + "a")
