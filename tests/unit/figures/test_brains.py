import numpy as np

from secondlevel.figures.brains import passing


def test_what_does_not_pass_is_not_shown():
    values = np.array([-3.0, -1, 0, 1, 3])
    assert passing(values, 2, False).tolist() == [0, 0, 0, 0, 3]
    assert passing(values, 2, True).tolist() == [-3, 0, 0, 0, 3]
    assert passing(values, None, True).tolist() == [0] * 5
