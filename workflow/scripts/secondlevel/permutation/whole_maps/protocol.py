"""What a statistic of whole maps offers to the engine."""

from typing import Protocol

import numpy as np


class WholeMapStatistic(Protocol):
    """Something that is computed from the map of a test statistic, and has a value at each element.

    Attributes
    ----------
    methods : tuple of str
        Names of the maxima that it gives, as in the catalogue of corrections.
    ties : tuple of float
        For each of them, how much two values that are a tie may differ by rounding, relative to them.
    """

    methods: tuple[str, ...]
    ties: tuple[float, ...]

    @classmethod
    def of_config(cls, settings, space, statistic, df, two_sided):
        """What the config asks for.

        Parameters
        ----------
        settings : dict
            What stands below its key in the config.
        space : space.protocol.Space
        statistic : dict
            The ``name`` and the ``rank`` of the test statistic.
        df : int
            Its residual degrees of freedom.
        two_sided : bool
            Whether both sides of the map are looked at; they never meet.
        """

    def about(self, settings):
        """What a summary of the null says of it, as JSON: its settings, and what follows from them."""

    def maxima(self, values) -> list:
        """The largest of each method.

        Parameters
        ----------
        values : ndarray, shape (n_elements,)
            The test statistic.

        Returns
        -------
        list of float, one for each method
        """

    def maps(self, values) -> np.ndarray:
        """Its value at each element, with the sign of its side: shape (n_methods, n_elements), of `values` as above."""
