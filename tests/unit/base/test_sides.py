import numpy as np
import pytest

from secondlevel.base.sides import peak, sides
from secondlevel.base.sides import tested as evidence


@pytest.mark.parametrize(("two_sided", "expected", "largest"), [(False, [2, -5, 4], 2), (True, [2, 5, 4], 1)])
def test_evidence_is_the_value_or_its_size(two_sided, expected, largest):
    values = np.array([2, -5, 4])
    assert evidence(values, two_sided).tolist() == expected
    assert peak(values, two_sided) == largest
    # Looking at both sides, or at one, finds the same largest value.
    assert max((sign * values).max() for sign in sides(two_sided)) == max(expected)
