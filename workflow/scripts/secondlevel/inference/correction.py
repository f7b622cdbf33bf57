"""P values from a permutation null.

p = (1 + #{null >= observed}) / (1 + n): the observed order is one of the shuffles, so p is never 0 and the test is
exact (Phipson and Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9).
"""

import numpy as np
from scipy import special

from secondlevel.base.errors import InputError
from secondlevel.inference.thresholds import q_values
from secondlevel.model.tails import z_of

TIE_OF_Z = 1e-5  # relative: z of float32 products that differ by less are ties

USUAL_RATE = 0.05  # a false discovery rate


def fwe_p_values(observed, maxima, tie=0.0):
    """Family-wise corrected p value of each element.

    Parameters
    ----------
    observed : ndarray, shape (n_elements,)
        Observed statistics.
    maxima : ndarray, shape (n,)
        The max statistic of every shuffle but the observed order.
    tie : ndarray or float
        How much a maximum may be smaller than the observed statistic and still reach it.

    Returns
    -------
    ndarray, shape (n_elements,)
    """
    ranked = np.sort(maxima)
    reached = ranked.size - np.searchsorted(ranked, observed - tie, side="left")
    return (1 + reached) / (1 + ranked.size)


def fwe_threshold(maxima, alpha):
    """The statistic that an element must exceed for a corrected p value of alpha or less.

    Parameters
    ----------
    maxima : ndarray, shape (n,)
        The max statistic of every shuffle but the observed order.
    alpha : float

    Returns
    -------
    float or None
        None if n shuffles are too few for alpha.
    """
    allowed = int(np.floor(alpha * (1 + maxima.size) + 1e-9)) - 1  # how many maxima may reach the element
    return float(np.sort(maxima)[::-1][allowed]) if 0 <= allowed < maxima.size else None


def monte_carlo_interval(p, n):
    """The 95 % interval of the p value that all shuffles would give, where n drawn at random gave p.

    Clopper and Pearson's exact interval of the share of shuffles that reach the observed statistic.

    Returns
    -------
    list of two floats
    """
    reached = min(n, max(0, round(p * (1 + n)) - 1))
    low = special.betaincinv(reached, n - reached + 1, 0.025) if reached else 0
    high = special.betaincinv(reached + 1, n - reached, 0.975) if reached < n else 1
    return [float(low), float(high)]


def correct(null, method, alpha, with_tail, unit):
    """Correct a contrast's statistics with their null.

    Parameters
    ----------
    null : permutation.nulls.Null
        Of all shuffles.
    method : str
        A key of its maxima.
    alpha : float
        Family-wise error rate.
    with_tail : bool
        Whether small p values come from a fitted tail, if one fits.
    unit : space.units.Unit
        By whose word elements are counted.

    Returns
    -------
    p : ndarray, shape (n_elements,)
    summary : dict
        What the null says of the observed maximum and of a threshold, as JSON.
    """
    maxima, tail = null.maxima[method][1:], None
    p = fwe_p_values(null.evidence(method), maxima, null.tie[method])
    counted = float(p.min())
    if with_tail:
        from secondlevel.inference.tail import fit_tail  # slow to import

        tail = fit_tail(maxima)
        p = tail.p_values(null.evidence(method), p) if tail else p
    exhaustive, n = null.about["exhaustive"], null.size - 1
    return p, {
        "alpha": alpha,
        "threshold": tail.statistic_at(alpha) if tail and alpha < tail.share else fwe_threshold(maxima, alpha),
        f"{unit.many}_above": int((p <= alpha).sum()),
        "observed_maximum": float(null.evidence(method).max()),
        "p_of_observed_maximum": float(p.min()),
        # All shuffles leave nothing to chance.
        "interval_of_p_of_observed_maximum": None if exhaustive else monte_carlo_interval(counted, n),
        "interval_of_p_at_alpha": None if exhaustive else monte_carlo_interval(alpha, n),
        "tail": vars(tail) if tail else None,
        "warnings": list(warnings(p, n, alpha, exhaustive, with_tail, tail, unit)),
    }


def warnings(p, n, alpha, exhaustive, with_tail, tail, unit):
    """What a reader must know of p values, shape (n_elements,), that come from n shuffles."""
    if 1 / (1 + n) > alpha:
        all_of = f"{1 + n} permutations, the observed order among them, are all there are and"
        yield (
            f"{all_of if exhaustive else f'{n} permutations'} allow no p value below {1 / (1 + n):.3g}, so nothing can "
            f"pass the error rate of {alpha:g}."
        )
    if with_tail and tail is None:
        yield "No generalised Pareto tail fits the null, so p values are counted."
    beyond = int((p < 1 / (1 + n)).sum())
    if beyond:
        yield (
            f"The p values of {beyond} {unit.many} are below 1/{1 + n} and come from a generalised Pareto tail "
            f"fitted to {tail.n} of {n} permutations, not from counting."
        )


def limit_of_q(null, unit):
    """A sentence where the least p value that the shuffles allow keeps every q above the usual 0.05, as a list.

    Parameters
    ----------
    null : permutation.nulls.Null
    unit : space.units.Unit
    """
    least, n_elements, n_least = 1 / null.size, null.reached.size, int((null.reached == 0).sum())
    needed = int(np.ceil(n_elements * least / USUAL_RATE))
    if not 0 < n_least < needed:
        return []
    return [
        f"The map of q by permutation is limited by the number of permutations, to {n_elements * least / n_least:.2g} "
        f"and more: {n_least:,} of {n_elements:,} {unit.many} have the least p that {null.size - 1:,} allow, "
        f"{least:.3g}, and {needed:,} would be needed for a q of {USUAL_RATE:g}. More permutations allow smaller p "
        "values."
    ]


def corrected_across(nulls, contrast):
    """P values of a contrast that are corrected for the search over elements and contrasts, by the maximum of z.

    Parameters
    ----------
    nulls : dict of permutation.nulls.Null by contrast
    contrast : str

    Returns
    -------
    ndarray, shape (n_elements,)

    Raises
    ------
    InputError
        If contrasts were shuffled by different schemes.
    """
    schemes = {name: null.about["scheme"] for name, null in nulls.items()}
    if len(set(schemes.values())) > 1:
        raise InputError(
            f"Contrasts that are shuffled by different schemes ({schemes}) cannot be corrected together; set one "
            "permutation.scheme for all, or permutation.across_contrasts to false."
        )

    def as_z(null, values):
        return z_of(null.about["statistic"], values, null.about["degrees_of_freedom"], null.about["two_sided"])

    maxima = np.max([as_z(null, null.maxima["maxT"][1:]) for null in nulls.values()], axis=0)
    observed = as_z(nulls[contrast], nulls[contrast].evidence("maxT"))
    return fwe_p_values(observed, maxima, TIE_OF_Z * np.abs(observed))


def maps_of_permutation(null, own):
    """The maps of what was permuted, uncorrected.

    Parameters
    ----------
    null : permutation.nulls.Null
    own : dict of str
        For each map of a method's own values its method, by key.

    Returns
    -------
    dict of ndarray, shape (n_elements,)
        By the keys of `own`, and ``p`` and ``q`` if the shuffles that reach each element were counted.
    """
    maps = {key: null.observed[method] for key, method in own.items()}
    if null.reached.size:
        counted = (1 + null.reached) / null.size
        maps |= {"p": counted, "q": q_values(counted)}
    return maps
