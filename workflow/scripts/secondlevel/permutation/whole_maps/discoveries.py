"""The Simes statistic of a map, from whose null lower bounds on the number of true discoveries follow.

With p_(1), ..., p_(m) the p values of a map's elements in ascending order, psi is the minimum over j <= K of
m p_(j) / j (Blanchard, Neuvial and Roquain 2020, Ann. Stat. 48, who call the thresholds that it leads to the Simes, or
linear, template). -log psi is largest where the evidence is, so it is one more maximum of a whole map. p values are
those of Student's t or F with the residual degrees of freedom, or of the normal deviate where that is what is permuted.
They need not be right: any fixed monotone transform of the statistic gives bounds that hold.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from secondlevel.base.sides import tested

ROOM = 3  # for each p value that is looked at, how many a first, quick choice expects to keep
KNOTS = np.linspace(-50, 50, 20_001)  # statistics between which -log p is first taken by linear interpolation
NEAR = 1e-3  # by how much that is less than half of it wrong
# Of -log p: those of float32 products that differ by less are ties.
TIE = 1e-4  # relative


@dataclass(frozen=True)
class Discoveries:
    """-log of the Simes statistic.

    Attributes
    ----------
    n_elements : int
        m.
    largest : int
        K, how many of the smallest p values are looked at.
    statistic : dict
        ``name`` of the test statistic and the contrast's ``rank``.
    df : int
        Its residual degrees of freedom.
    two_sided : bool
    """

    n_elements: int
    largest: int
    statistic: dict
    df: int
    two_sided: bool

    methods = ("maxSimes",)
    ties = (TIE,)

    @classmethod
    def of_config(cls, settings, space, statistic, df, two_sided):
        """The ``largest`` elements of a map, see `protocol.WholeMapStatistic`."""
        return cls(space.size, min(settings["largest"], space.size), statistic, df, two_sided)

    def about(self, settings):
        """The settings of the template; those of the error rate change no null."""
        return {"template": settings["template"], "largest": self.largest}

    @cached_property
    def log_shares(self):
        """log of j / m for j from 1 to K."""
        return np.log(np.arange(1, self.largest + 1) / self.n_elements)

    @cached_property
    def at_knots(self):
        """-log p at `KNOTS`."""
        return self.evidence(KNOTS)

    def evidence(self, values):
        """-log p of statistics, which are sizes if the test is two-sided; 0 of what is not a number."""
        # Here, since bounds need no p value and the import takes long.
        from secondlevel.model.tails import log_p_from_t, log_p_from_z, log_sf_f

        values = np.nan_to_num(values, nan=-np.inf)
        if self.statistic["name"] == "z":
            return -log_p_from_z(np.maximum(values, 0) if self.two_sided else values, self.two_sided)
        if self.statistic["rank"] > 1:
            return -log_sf_f(np.maximum(values, 0), self.statistic["rank"], self.df)
        return -log_p_from_t(np.maximum(values, 0) if self.two_sided else values, self.df, self.two_sided)

    @cached_property
    def usual(self):
        """A statistic that some more elements than are looked at are above, as a rule."""
        from secondlevel.model.tails import statistic_at

        share = ROOM * self.largest / self.n_elements / (2 if self.two_sided else 1)
        return statistic_at(self.statistic, share, self.df) if share < 0.5 else -np.inf

    def maxima(self, values):
        """-log psi of a map of shape (n_elements,)."""
        sizes = tested(values, self.two_sided)
        chosen = sizes[sizes > self.usual]  # much faster than to look for the largest among all
        if chosen.size < self.largest:
            chosen = np.nan_to_num(sizes, nan=-np.inf)
        chosen = np.sort(np.partition(chosen, -self.largest)[-self.largest :])[::-1]
        shares = self.log_shares
        if KNOTS[0] < chosen[-1] and chosen[0] < KNOTS[-1]:  # tail probabilities take long, so only where it can be
            roughly = np.interp(chosen, KNOTS, self.at_knots) + shares
            near = roughly > roughly.max() - NEAR
            chosen, shares = chosen[near], shares[near]
        return [float((self.evidence(chosen) + shares).max())]

    def maps(self, values):
        """-log p of each element, negative on the negative side of a two-sided test, shape (1, n_elements)."""
        found = self.evidence(tested(values, self.two_sided))
        return (np.copysign(found, values) if self.two_sided else found)[np.newaxis]
