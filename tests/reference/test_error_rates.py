"""Error rates of the schemes on simulated maps: a small version of validation/error_rates.py, whose functions it uses.

Data sets have fixed seeds. The band of each case is so wide that a valid test leaves it once in 1,000 choices of seeds.
"""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from secondlevel.base.errors import InputError

SCRIPT = Path(__file__).resolve().parents[2] / "validation/error_rates.py"
DATA_SETS = 200


def load():
    spec = importlib.util.spec_from_file_location("error_rates", SCRIPT)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


error_rates = load()
CASES = {case.name: case for case in error_rates.all_cases()}
TAIL_CASES = {case.name: case for case in error_rates.tail_cases()}
VALID = [
    "association n12 skewed permute t greater",
    "nuisance n20 skewed permute t greater",
    "nuisance n20 skewed permute t greater smith",
    "nuisance of 12 n30 normal permute t greater smith",
    "groups n20 skewed permute t greater",
    "mean n12 normal flip t greater",
    "sites in the design n20 sites permute within t greater",
    "mean n20 families flip whole t greater",
    "association n20 skewed permute extent greater p < 0.05 6 neighbours",
    "association n20 skewed permute TFCE greater p < 0.05 6 neighbours",
    "mean n20 normal flip mass two-sided p < 0.05 6 neighbours",
]
# Turned signs under skewed errors, and shuffles that are freer than the errors are exchangeable.
TOO_MANY = ["groups n12 skewed flip t greater", "mean n20 skewed flip t less", "mean n20 families flip t greater"]
LOW, HIGH = stats.binom.interval(0.999, DATA_SETS, error_rates.ALPHA)


@pytest.mark.parametrize("name", VALID)
def test_valid_schemes_hold_the_error_rate(name):
    # The rate does not depend on the number of shuffles, of which those with clusters take long.
    case = replace(CASES[name], shuffles=99) if CASES[name].threshold else CASES[name]
    assert LOW <= DATA_SETS * error_rates.error_rate(case, 0, DATA_SETS) <= HIGH


@pytest.mark.parametrize("name", TOO_MANY)
def test_schemes_that_are_not_valid_find_effects_that_are_not_there(name):
    assert CASES[name].theory == "not valid"
    assert DATA_SETS * error_rates.error_rate(CASES[name], 0, DATA_SETS) > HIGH


def test_reordering_says_nothing_of_a_mean():
    with pytest.raises(InputError, match="'flip' for a mean"):
        error_rates.outcomes(error_rates.Case("mean", 12, "normal", "permute", "not valid"), 0)


def test_a_data_set_depends_on_its_case_and_number_only():
    case = CASES[VALID[0]]
    np.testing.assert_array_equal(error_rates.simulate(case, 3)[0], error_rates.simulate(case, 3)[0])
    assert (error_rates.simulate(case, 3)[0] != error_rates.simulate(case, 4)[0]).all()
    assert len(CASES) == len(error_rates.all_cases())  # no two cases share a name, and so a seed


def test_extent_mass_and_tfce_have_the_same_data_sets():
    name = "association n89 skewed permute {} greater p < 0.05 6 neighbours"
    cases = [CASES[name.format(statistic)] for statistic in ("extent", "mass", "TFCE")]
    assert len({case.data for case in cases}) == 1
    assert (np.diff([error_rates.simulate(case, 0)[0] for case in cases], axis=0) == 0).all()


def test_ties_make_errors_rarer():
    assert error_rates.possible_rate(np.arange(100)) == 0.05
    assert error_rates.possible_rate(np.repeat(np.arange(50), 2)) == 0.04  # the third pair is 5th and 6th
    assert error_rates.possible_rate(np.zeros(100)) == 0


def test_a_fitted_tail_agrees_with_many_shuffles():
    case = TAIL_CASES["association n20 normal permute t greater"]
    p = np.array([error_rates.tail_of(case, number)[1] for number in range(10)])
    assert p[:, 0].mean() == pytest.approx(0.01, rel=0.4)
