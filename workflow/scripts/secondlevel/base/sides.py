"""Which values count as evidence in a test of one side or of both."""

import numpy as np


def tested(values, two_sided):
    """The values whose largest are the evidence: as they are, or their sizes if `two_sided`."""
    return np.abs(values) if two_sided else np.asarray(values)


def sides(two_sided):
    """The signs by which a map is multiplied, to find what is above 0."""
    return (1, -1) if two_sided else (1,)


def peak(values, two_sided):
    """Where values of shape (n,) are the strongest evidence: the number of the largest, or of the largest in size."""
    return int(np.argmax(tested(values, two_sided)))
