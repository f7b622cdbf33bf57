"""Which subjects have a value at each element, and how many of them are needed."""

import numpy as np

from secondlevel.base.errors import InputError


def least_subjects(wanted, n_subjects):
    """How many subjects must have a value: a share of the kept ones, up to 1, or a number of them above.

    Raises
    ------
    InputError
        If more are wanted than there are.
    """
    least = int(np.ceil(wanted * n_subjects - 1e-9)) if wanted <= 1 else int(wanted)
    if least > n_subjects:
        raise InputError(
            f"config key 'coverage.subjects': {least} subjects must have a value, and only {n_subjects} are kept; "
            "write a smaller number, or a share such as 0.8."
        )
    return least


def values_there(sample, holes, elements, each=map):
    """Whether each map has a value at some elements.

    Parameters
    ----------
    sample : dict of ndarray of str, shape (n_subjects,), by column
    holes : space.holes.Holes
    elements : ndarray of bool, of the shape of a map
    each : callable, optional
        What goes through the maps, as `map` does.

    Returns
    -------
    ndarray of bool, shape (n_subjects, n_elements)
    """

    def there(given):
        return np.isfinite(holes.read(*given).values[elements])

    return np.array(list(each(there, zip(sample["map"], holes.files(sample), strict=True))))
