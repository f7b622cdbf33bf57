"""Measure the family-wise error rate of each scheme of shuffling on simulated maps without an effect.

    PYTHONPATH=workflow/scripts .venv/bin/python validation/error_rates.py [--cases PATTERN] [--data-sets N] [--jobs N]

A case is a design, a kind of errors, a number of subjects, a scheme and a statistic. Each of its data sets has a
design, maps and shuffles of its own, drawn from a seed that is made of the case's name and the data set's number: so
a case's result does not depend on the cases beside it, nor on how many data sets come after. An error is a
family-wise p value of 0.05 or less for the largest statistic. 399 shuffles make that possible at exactly 0.05.
Cluster extent, cluster mass and TFCE are cases of their own, but are found in one pass over the same data sets.

A case that should hold the rate but lies outside the 95 % band of its data sets is run on ten times as many new ones:
one in twenty lies outside by chance. Both rates are kept.

A second part compares p values from a fitted tail (`secondlevel.inference.tail`) with counted ones.

With the default number of data sets, the tables in `validation/results`, the plot in `docs/images` and the tables in
`docs/validation.md` are written anew; rows of cases that were not asked for are kept.
"""

import argparse
import hashlib
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from unittest import mock

import joblib
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from scipy import special
from scipy.ndimage import gaussian_filter
from scipy.stats import gamma
from threadpoolctl import ThreadpoolController

from secondlevel.inference.correction import fwe_p_values
from secondlevel.inference.tail import fit_tail
from secondlevel.model.glm import partition
from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls
from secondlevel.space.kinds.volume import Mask

ROOT = Path(__file__).resolve().parent.parent
RATES, TAILS = ROOT / "validation/results/error_rates.tsv", ROOT / "validation/results/tail.tsv"
PLOT, PAGE = ROOT / "docs/images/error_rates.png", ROOT / "docs/validation.md"

ALPHA = 0.05
DATA_SETS, MORE = 1000, 10
GRID = (4, 4, 4)
# Noise of single voxels, times this, is correlated with its neighbours' and keeps its variance.
MIX = np.array([gaussian_filter(voxel.reshape(GRID), 0.5).ravel() for voxel in np.eye(np.prod(GRID))])
MIX /= np.linalg.norm(MIX, axis=0)
# Voxels are cubes of 1 mm. The pseudo-t's variance is smoothed by a Gaussian of 1 voxel, whose width is here in mm.
FWHM = np.sqrt(8 * np.log(2))
STATISTICS = {"v": {"welch": "label"}, "pseudo-t": {"pseudo_t": FWHM}}  # as in the config; others: "t"

# Clusters need more voxels and smoother noise: a ball, and a Gaussian of 1 voxel (2.4 at half maximum).
DIAMETER, SIGMA = 12, 1.0
BALL = ((np.indices((DIAMETER,) * 3) - (DIAMETER - 1) / 2) ** 2).sum(axis=0) < (DIAMETER / 2) ** 2
# The standard deviation of white noise of 1 that is smoothed: the length of a single voxel that is spread.
SMOOTH_SCALE = np.linalg.norm(gaussian_filter(np.eye(1, BALL.size).reshape(BALL.shape), SIGMA, mode="wrap"))
TFCE = {"extent_power": 0.5, "height_power": 2}
METHODS = {"extent": "maxExtent", "mass": "maxMass", "TFCE": "maxTFCE", "TFCE of z": "maxTFCE"}  # others: "maxT"


@dataclass(frozen=True)
class Case:
    """What is simulated and tested, and what theory says of it.

    Attributes
    ----------
    design : str
        A key of DESIGNS.
    n : int
        Number of subjects.
    errors : str
        "normal", "skewed" (exponential), "small group", "large group" or "one group" (normal, with three times the
        standard deviation there), "sites" or "families" (normal, alike within them).
    scheme : {"permute", "flip", "both"}
    theory : {"exact", "approximate", "not valid"}
    side : {"greater", "less", "two-sided"}
        Of t; "two-sided" for F, which has none.
    statistic : {"t", "F", "v", "pseudo-t", "extent", "mass", "TFCE", "TFCE of z"}
        The last four are of t or, where it says so, of its z.
    blocks : {"none", "within", "whole"}
    shuffles, voxels : int
    threshold : str
        What a voxel of a cluster must exceed, as in the config; empty if clusters and TFCE play no part.
    connectivity : int
        How many neighbours a voxel has; 0 if clusters and TFCE play no part.
    nuisance : {"freedman-lane", "smith"}
    """

    design: str
    n: int
    errors: str
    scheme: str
    theory: str
    side: str = "greater"
    statistic: str = "t"
    blocks: str = "none"
    shuffles: int = 399
    voxels: int = len(MIX)
    threshold: str = ""
    connectivity: int = 0
    nuisance: str = "freedman-lane"

    @property
    def name(self):
        blocks = "" if self.blocks == "none" else f" {self.blocks}"
        more = " 1 voxel" if self.voxels == 1 else ""
        more += f" {self.threshold} {self.connectivity} neighbours" if self.threshold else ""
        more += " smith" if self.nuisance == "smith" else ""
        return f"{self.design} n{self.n} {self.errors} {self.scheme}{blocks} {self.statistic} {self.side}{more}"

    @property
    def data(self):
        """The case of its data sets: that of extent, mass and TFCE together, or itself."""
        return replace(self, statistic="clusters") if self.statistic in ("extent", "mass", "TFCE") else self

    @property
    def method(self):
        """The null's name of the statistic's maxima."""
        return METHODS.get(self.statistic, "maxT")

    def rng(self, number):
        """The random numbers of one data set."""
        digest = hashlib.sha256(self.data.name.encode()).digest()
        return np.random.default_rng([int.from_bytes(digest[:8], "big"), number])


def association(rng, n):
    return np.column_stack([rng.standard_normal(n), np.ones(n)]), [1, 0], None


def skewed_score(rng, n):
    return np.column_stack([rng.exponential(size=n), np.ones(n)]), [1, 0], None


def one_score(rng, n):
    """A score that is the same in every data set, with a skewness of nearly 0.5."""
    return np.column_stack([gamma(16).ppf((np.arange(n) + 0.5) / n), np.ones(n)]), [1, 0], None


def with_nuisance(rng, n):
    """A score that correlates by 0.6 with each of two covariates."""
    covariates = rng.standard_normal((n, 2))
    score = covariates @ [0.6, 0.6] + np.sqrt(1 - 2 * 0.6**2) * rng.standard_normal(n)
    return np.column_stack([score, covariates, np.ones(n)]), [1, 0, 0, 0], None


def twelve_covariates(rng, n):
    """A score that correlates with each of twelve covariates by 0.2."""
    return with_covariates(rng, n, 12, 0.2)


def twenty_covariates(rng, n):
    """The same with twenty covariates."""
    return with_covariates(rng, n, 20, 0.2)


def with_covariates(rng, n, count, correlation):
    covariates = rng.standard_normal((n, count))
    own = np.sqrt(1 - count * correlation**2) * rng.standard_normal(n)
    return (
        np.column_stack([correlation * covariates.sum(axis=1) + own, covariates, np.ones(n)]),
        np.eye(count + 2)[0],
        None,
    )


def groups(rng, n):
    """A quarter of patients, the others controls."""
    patient = np.arange(n) < n // 4
    return np.column_stack([patient, ~patient]).astype(float), [1, -1], 1 - patient


def equal_groups(rng, n):
    patient = np.arange(n) < n // 2
    return np.column_stack([patient, ~patient]).astype(float), [1, -1], 1 - patient


def mean(rng, n):
    return np.ones((n, 1)), [1], np.arange(n) // family_size(n)


def two_scores(rng, n):
    return np.column_stack([rng.standard_normal((n, 2)), np.ones(n)]), np.eye(3)[:2], None


def two_scores_with_nuisance(rng, n):
    """Two scores that correlate by 0.6 with a covariate."""
    covariate = rng.standard_normal((n, 1))
    scores = 0.6 * covariate + 0.8 * rng.standard_normal((n, 2))
    return np.column_stack([scores, covariate, np.ones(n)]), np.eye(4)[:2], None


def sites(rng, n):
    """Subjects of five sites, whose scores differ."""
    site = np.arange(n) % 5
    return np.column_stack([rng.standard_normal(n) + rng.standard_normal(5)[site], np.ones(n)]), [1, 0], site


def sites_in_the_design(rng, n):
    """The same with a column for each site."""
    design, _, site = sites(rng, n)
    return np.column_stack([design[:, :1], site[:, None] == np.arange(5)]).astype(float), [1, 0, 0, 0, 0, 0], site


def families(rng, n):
    """Families of two (three in large samples), with one score for a family."""
    family = np.arange(n) // family_size(n)
    return np.column_stack([rng.standard_normal(n)[family], np.ones(n)]), [1, 0], family


def family_size(n):
    return 2 if n < 50 else 3


# Each takes a generator and the number of subjects and gives the design, the contrast and a label for each subject.
DESIGNS = {
    "association": association,
    "skewed score": skewed_score,
    "one score": one_score,
    "nuisance": with_nuisance,
    "nuisance of 12": twelve_covariates,
    "nuisance of 20": twenty_covariates,
    "groups": groups,
    "equal groups": equal_groups,
    "mean": mean,
    "two scores": two_scores,
    "two scores, nuisance": two_scores_with_nuisance,
    "sites": sites,
    "sites in the design": sites_in_the_design,
    "families": families,
}


def draw_errors(rng, n, kind, labels):
    """Errors of mean 0, shape (n_subjects, n_voxels), correlated over neighbouring voxels."""
    noise = rng.exponential(size=(n, len(MIX))) - 1 if kind == "skewed" else rng.standard_normal((n, len(MIX)))
    noise = noise @ MIX
    if "group" in kind:
        noise[labels == (1 if kind == "large group" else 0)] *= 3
    if kind in ("sites", "families"):
        shared = rng.standard_normal((labels.max() + 1, len(MIX))) @ MIX
        noise += shared[labels]
    if kind == "sites":
        noise *= np.linspace(0.5, 2, labels.max() + 1)[labels, None]
    return noise


def draw_smooth_errors(rng, n, kind):
    """Errors of mean 0, smooth over the ball, normal or exponential at each voxel, shape (n_subjects, n_voxels)."""
    noise = gaussian_filter(rng.standard_normal((n, *BALL.shape)), (0, SIGMA, SIGMA, SIGMA), mode="wrap")
    noise = noise[:, BALL] / SMOOTH_SCALE
    # Both distributions have a standard deviation of 1.
    return -special.log_ndtr(-noise) - 1 if kind == "skewed" else noise


def simulate(case, number):
    """One data set: maps of float32 without an effect, the design, the contrast, the labels and a seed of shuffles."""
    rng = case.rng(number)
    design, weights, labels = DESIGNS[case.design](rng, case.n)
    weights = np.asarray(weights, dtype=float) * (-1 if case.side == "less" else 1)
    smooth = case.threshold != ""
    maps = draw_smooth_errors(rng, case.n, case.errors) if smooth else draw_errors(rng, case.n, case.errors, labels)
    # All that the contrast does not test has an effect on the maps.
    split = partition(design, weights)
    maps += split.nuisance @ rng.normal(0, 2 * np.sqrt(case.n), (split.nuisance.shape[1], maps.shape[1]))
    return maps[:, : case.voxels].astype(np.float32), design, weights, labels, int(rng.integers(2**63))


def settings_of(case, labels, count, seed):
    """The settings of a case's test, as an analysis would have them."""
    clusters = tfce = None
    if case.threshold:
        tfce = TFCE | {"statistic": "z" if case.statistic == "TFCE of z" else "t", "connectivity": case.connectivity}
    if case.data.statistic == "clusters":
        clusters = {"threshold": case.threshold, "connectivity": case.connectivity}
    permutation = {
        "scheme": case.scheme,
        "blocks": None if case.blocks == "none" else {"variable": "label", "shuffle": case.blocks},
        "count": count,
        "seed": seed,
        "statistic": STATISTICS.get(case.statistic, "t"),
        "nuisance": case.nuisance,
    }
    sample = {"participant_id": np.arange(case.n).astype(str)}
    sample |= {} if labels is None else {"label": labels.astype(str)}
    mask = Mask(BALL if case.threshold else np.ones(GRID, dtype=bool), np.eye(4))
    whole_maps = {"clusters": clusters, "tfce": tfce}
    return Settings.of(permutation, case.side == "two-sided", whole_maps, sample, mask)


def null_of(case, number, count=None, stream=0):
    """The `nulls.Null` of one data set: the maxima of its shuffles, the observed statistics, and what is a tie."""
    maps, design, weights, labels, seed = simulate(case, number)
    settings = settings_of(case, labels, count or case.shuffles, seed + stream)
    test = ContrastTest.of(settings, design, partition(design, weights))
    return chunk_nulls(maps, {"": test}, 0, 1, False, 1, lambda *_: None)[""]


def possible_rate(maxima):
    """The share of shuffles that would be errors if they were the observed order: ALPHA, or less if maxima are equal.

    All of them are equally likely to be the observed order if they are exchangeable.
    """
    reached = maxima.size - np.searchsorted(np.sort(maxima), maxima, side="left")
    return (reached <= ALPHA * maxima.size + 1e-9).mean()


def outcomes(case, number):
    """Of each method, whether the test finds an effect in a data set that has none, and the rate that is possible."""
    null = null_of(case, number)
    p = {method: fwe_p_values(null.evidence(method), null.maxima[method][1:], null.tie[method]) for method in null.tie}
    found = {method: [p[method].min() <= ALPHA + 1e-12, possible_rate(null.maxima[method])] for method in p}
    return pd.DataFrame(found, ["error", "possible"], dtype=float)


def band(n, z=1.96):
    """The band, 95 % by default, of the error rates of n data sets if the true rate is ALPHA."""
    half = z * np.sqrt(ALPHA * (1 - ALPHA) / n)
    return ALPHA - half, ALPHA + half


def outside(rate, n):
    low, high = band(n)
    return not low <= rate <= high


@contextmanager
def thread_pools_known():
    """Look for thread pools once: the engine does so in every call, which takes most of the time of one this small."""
    known = vars(ThreadpoolController())
    with mock.patch.object(ThreadpoolController, "__init__", lambda self: vars(self).update(known)):
        yield


def sum_of_outcomes(case, numbers):
    with thread_pools_known():
        return sum(outcomes(case, number) for number in numbers)


@cache
def mean_outcomes(case, first, count, jobs):
    """The mean of `outcomes` over the data sets `first` to `first + count - 1` of a case."""
    parts = [range(start, min(start + 250, first + count)) for start in range(first, first + count, 250)]
    return sum(joblib.Parallel(n_jobs=jobs)(joblib.delayed(sum_of_outcomes)(case, part) for part in parts)) / count


def error_rate(case, first, count, jobs=1):
    """Share of errors among the data sets `first` to `first + count - 1` of a case."""
    return mean_outcomes(case.data, first, count, jobs)[case.method]["error"]


def all_cases():
    """Every case, in the order of the tables."""
    usual = [*main_cases(), *side_cases(), *f_cases(), *variance_cases(), *pseudo_t_cases(), *block_cases()]
    return [*usual, *nuisance_cases(), *cluster_cases()]


def theory_of(design, errors, scheme):
    """What theory says of t with independent errors of one distribution.

    Reordering is exact if it leaves the nuisance as it is (an intercept or none), and else approximate, as Freedman
    and Lane's procedure and Smith's are. Turning signs needs symmetric errors, and is exact without nuisance.
    """
    if scheme == "permute":
        return "approximate" if "nuisance" in design else "exact"
    if errors == "skewed":
        return "not valid"
    return "exact" if design == "mean" else "approximate"


def main_cases():
    for design in ("association", "skewed score", "nuisance", "groups", "mean"):
        for errors in ("normal", "skewed"):
            for n in (12, 20, 89):
                for scheme in ("permute", "flip", "both"):
                    if design != "mean" or scheme != "permute":  # which the engine refuses
                        yield Case(design, n, errors, scheme, theory_of(design, errors, scheme))
        if design == "skewed score":
            for n in (20, 89):
                for scheme in ("permute", "flip"):
                    yield Case("one score", n, "skewed", scheme, theory_of("one score", "skewed", scheme))


def side_cases():
    """Skewed errors have an upper and a lower side; of a score that is symmetric, both are alike."""
    sides = {"less": ("skewed score", "groups", "mean"), "two-sided": ("association", "groups", "mean")}
    for side, designs in sides.items():
        for design in designs:
            for n in (20, 89):
                for scheme in ("permute", "flip"):
                    if design != "mean" or scheme != "permute":
                        yield Case(design, n, "skewed", scheme, theory_of(design, "skewed", scheme), side)


def f_cases():
    for design in ("two scores", "two scores, nuisance"):
        for errors in ("normal", "skewed"):
            for n in (20, 89):
                for scheme in ("permute", "flip"):
                    theory = theory_of(design, errors, scheme)
                    yield Case(design, n, errors, scheme, theory, "two-sided", "F")


def variance_cases():
    """Groups of unequal variances: reordering is not valid for t, and for v in large samples only."""
    for errors in ("small group", "large group"):
        for n in (20, 89):
            for statistic in ("t", "v"):
                for scheme in ("permute", "flip"):
                    theory = "not valid" if (statistic, scheme) == ("t", "permute") else "approximate"
                    yield Case("groups", n, errors, scheme, theory, statistic=statistic)
    for n in (20, 89):
        yield Case("groups", n, "small group", "permute", "approximate", statistic="v", voxels=1)
    for n in (20, 88):
        for statistic in ("t", "v"):
            yield Case("equal groups", n, "one group", "permute", "approximate", statistic=statistic)


def pseudo_t_cases():
    more = {"statistic": "pseudo-t", "shuffles": 199}
    for design, errors, scheme in [
        ("mean", "normal", "flip"),
        ("mean", "skewed", "flip"),
        ("association", "normal", "permute"),
        ("association", "skewed", "permute"),
    ]:
        yield Case(design, 12, errors, scheme, theory_of(design, errors, scheme), **more)


def block_cases():
    """Errors that are alike within sites or families; blocks hold, and free shuffles do not."""
    for n in (20, 89):
        yield Case("sites in the design", n, "sites", "permute", "exact", blocks="within")
        yield Case("sites", n, "sites", "permute", "not valid")
    for n in (20, 90):
        yield Case("families", n, "families", "permute", "exact", blocks="whole")
        yield Case("families", n, "families", "permute", "not valid")
        yield Case("families", n, "families", "flip", "approximate", blocks="whole")
        yield Case("mean", n, "families", "flip", "exact", blocks="whole")
        yield Case("mean", n, "families", "flip", "not valid")


def nuisance_cases():
    """Smith's scheme where Freedman and Lane's procedure is above, and both with much more nuisance."""
    smith = {"nuisance": "smith"}
    for errors in ("normal", "skewed"):
        for n in (12, 20, 89):
            yield Case("nuisance", n, errors, "permute", "approximate", **smith)
        yield Case("nuisance", 20, errors, "flip", theory_of("nuisance", errors, "flip"), **smith)
        yield Case("two scores, nuisance", 20, errors, "permute", "approximate", "two-sided", "F", **smith)
        for design in ("nuisance of 12", "nuisance of 20"):
            for method in ("freedman-lane", "smith"):
                yield Case(design, 30, errors, "permute", "approximate", nuisance=method)


def cluster_cases():
    """Three statistics of the same data sets, and one more of data sets of its own."""
    usual = {"threshold": "p < 0.05", "connectivity": 6, "shuffles": 99, "voxels": int(BALL.sum())}
    for design, n, errors, scheme, more in [
        ("association", 20, "normal", "permute", {}),
        ("association", 20, "normal", "permute", {"threshold": "p < 0.01"}),
        ("association", 20, "normal", "permute", {"connectivity": 26}),
        ("association", 20, "normal", "permute", {"side": "two-sided"}),
        ("association", 20, "skewed", "permute", {}),
        ("association", 89, "normal", "permute", {}),
        ("association", 89, "skewed", "permute", {}),
        ("nuisance", 20, "normal", "permute", {}),
        ("nuisance", 20, "skewed", "permute", {}),
        ("groups", 20, "normal", "permute", {}),
        ("groups", 20, "skewed", "permute", {"side": "two-sided"}),
        ("mean", 20, "normal", "flip", {}),
        ("mean", 20, "normal", "flip", {"side": "two-sided"}),
        ("mean", 20, "skewed", "flip", {"side": "less"}),
    ]:
        theory = theory_of(design, errors, scheme)
        for statistic in ("extent", "mass", "TFCE"):
            yield Case(design, n, errors, scheme, theory, statistic=statistic, **usual | more)
    yield Case("association", 20, "normal", "permute", "exact", statistic="TFCE of z", **usual)


COUNTS = ["data_sets", "data_sets_again", "far_too_small", "tails_fitted"]
FIELDS = ["design", "n", "errors", "scheme", "statistic", "side", "blocks", "voxels"]
FIELDS += ["threshold", "connectivity", "nuisance", "theory"]


def measure(case, data_sets, jobs):
    """A row of the table: the error rate, and that of ten times as many new data sets where there is need."""
    row = {"case": case.name, "data_sets": data_sets, "rate": error_rate(case, 0, data_sets, jobs)}
    row["low"], row["high"] = band(data_sets)
    if case.threshold:
        row["possible"] = round(mean_outcomes(case.data, 0, data_sets, jobs)[case.method]["possible"], 6)
    again = case.theory != "not valid" and outside(row["rate"], data_sets)
    row["data_sets_again"] = MORE * data_sets if again else 0
    row["rate_again"] = error_rate(case, data_sets, MORE * data_sets, jobs) if again else np.nan
    row["low_again"], row["high_again"] = band(MORE * data_sets) if again else (np.nan, np.nan)
    return row


# P values of a fitted tail.

FEW, MANY = 499, 49_999
LEVELS = (0.01, 0.001)


def tail_cases():
    return [
        Case("association", 20, "normal", "permute", "exact"),
        Case("association", 89, "skewed", "permute", "exact"),
        Case("mean", 20, "normal", "flip", "exact"),
        Case("two scores", 20, "normal", "permute", "exact", "two-sided", "F"),
    ]


def tail_of(case, number):
    """P values from few shuffles at the statistics that have the p values LEVELS by many, for one data set.

    Returns
    -------
    counted, fitted : ndarray, shape (n_levels,)
    is_fitted : bool
        False if no tail was fitted well, so that p values are counted.
    """
    many = np.sort(null_of(case, number, MANY).maxima["maxT"][1:])[::-1]
    few = null_of(case, number, FEW, stream=1).maxima["maxT"][1:]
    at = many[[round(level * (1 + MANY)) - 2 for level in LEVELS]]
    counted = fwe_p_values(at, few)
    tail = fit_tail(few)
    return counted, counted if tail is None else tail.p_values(at, counted), tail is not None


def measure_tail(case, data_sets, jobs):
    """Rows of the tails' table: the ratio of p values from few shuffles to those from many."""
    found = joblib.Parallel(n_jobs=jobs)(joblib.delayed(tail_of)(case, number) for number in range(data_sets))
    counted, fitted = np.array([f[0] for f in found]), np.array([f[1] for f in found])
    rows = []
    for column, level in enumerate(LEVELS):
        for method, p in (("counted", counted), ("tail", fitted)):
            ratio = p[:, column] / level
            row = {"case": case.name, "p": level, "method": method, "data_sets": data_sets}
            row |= {"mean_ratio": ratio.mean(), "median_ratio": np.median(ratio)}
            row |= {"ratio_5": np.quantile(ratio, 0.05), "ratio_95": np.quantile(ratio, 0.95)}
            row |= {"far_too_small": int((ratio < 0.25).sum()), "tails_fitted": sum(f[2] for f in found)}
            rows.append(row)
    return rows


# Tables and the plot.

MARKS = {"exact": "", "approximate": " ≈", "not valid": " ✗"}


def merged(path, new, cases):
    """A stored table with the rows of some cases replaced, in the order of the cases and with their fields."""
    table = pd.DataFrame(new, columns=None if new else ["case"])
    if path.exists():
        old = pd.read_csv(path, sep="\t").drop(columns=FIELDS, errors="ignore")
        table = pd.concat([old[~old["case"].isin(table["case"])], table], ignore_index=True)
    fields = pd.DataFrame([{"case": case.name} | {field: getattr(case, field) for field in FIELDS} for case in cases])
    counts = [column for column in COUNTS if column in table]
    return fields.merge(table, on="case").astype(dict.fromkeys(counts, int))


def cell(row):
    """A rate in %, bold if outside the band, then that of the second run, then the mark of what theory says."""
    rate = f"{100 * row.rate:.1f}"
    rate = f"**{rate}**" if outside(row.rate, row.data_sets) else rate
    if row.data_sets_again:
        second = f"{100 * row.rate_again:.2f}"
        rate += f" → {f'**{second}**' if outside(row.rate_again, row.data_sets_again) else second}"
    return rate + MARKS[row.theory]


def is_main(row):
    return row.statistic == "t" and row.blocks == "none" and row.errors in ("normal", "skewed")


def rate_tables(table):
    """The tables of error rates, as Markdown."""
    table, clusters = table[table["threshold"] == ""], table[table["threshold"] != ""]
    beside, table, whole = nuisance_lines(table), without_smith(table), table
    lines = ["| design | errors | side | n | permute | flip | both |", "|---|---|---|---|---|---|---|"]
    main = table[table.apply(is_main, axis=1)]
    for key, rows in main.groupby(["design", "errors", "side", "n"], sort=False):
        cells = {row.scheme: cell(row) for row in rows.itertuples()}
        if key[0] == "mean":
            cells["permute"] = "refused"
        lines.append(f"| {' | '.join(map(str, key))} | {' | '.join(cells.get(s, '') for s in SCHEMES)} |")
    lines += ["", "| design | errors | n | statistic | blocks | voxels | permute | flip |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    keys = ["design", "errors", "n", "statistic", "blocks", "voxels"]
    for key, rows in table[~table.index.isin(main.index)].groupby(keys, sort=False):
        cells = {row.scheme: cell(row) for row in rows.itertuples()}
        lines.append(f"| {' | '.join(map(str, key))} | {' | '.join(cells.get(s, '') for s in SCHEMES[:2])} |")
    return "\n".join([*lines, "", *beside, "", *cluster_lines(clusters), "", summary(whole, clusters)])


NUISANCE = {"freedman-lane": "Freedman and Lane", "smith": "Smith"}


def without_smith(table):
    """The rows that do not stand in a table of their own, that of the ways to treat nuisance."""
    return table[(table["nuisance"] != "smith") & ~table["design"].str.startswith("nuisance of")]


def nuisance_lines(table):
    """The table of the ways to treat nuisance, as lines of Markdown."""
    keys = ["design", "errors", "n", "statistic", "scheme"]
    asked = table[~table.index.isin(without_smith(table).index)][keys]
    lines = [f"| {' | '.join([*keys, *NUISANCE.values()])} |", "|---" * (len(keys) + len(NUISANCE)) + "|"]
    same = table.merge(asked.drop_duplicates()[keys], on=keys)
    same = same[(same["side"] == "greater") | (same["statistic"] == "F")]
    for key, rows in same.groupby(keys, sort=False):
        cells = {row.nuisance: cell(row) for row in rows.itertuples()}
        lines.append(f"| {' | '.join(map(str, key))} | {' | '.join(cells.get(name, '') for name in NUISANCE)} |")
    return lines


def cluster_lines(table):
    """The table of extent, mass and TFCE, as lines of Markdown."""
    heads = ["design", "errors", "side", "n", "scheme", "threshold", "neighbours", "ties leave", *CLUSTER_STATISTICS]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for key, rows in table.groupby(CLUSTER_KEYS, sort=False):
        cells = {row.statistic: cell(row) for row in rows.itertuples()}
        possible = rows.loc[rows["statistic"] == "extent", "possible"].mean()
        values = [*key, f"{100 * possible:.2f}", *(cells.get(statistic, "") for statistic in CLUSTER_STATISTICS)]
        lines.append(f"| {' | '.join(map(str, values))} |")
    return lines


SCHEMES = ("permute", "flip", "both")
CLUSTER_STATISTICS = tuple(METHODS)
CLUSTER_KEYS = ["design", "errors", "side", "n", "scheme", "threshold", "connectivity"]


def summary(table, clusters):
    """What all cases of a kind say together; those of a kind have data sets of their own."""
    unequal = table["errors"].str.contains("group")
    kinds = {
        "exact in theory": table[table["theory"] == "exact"],
        "approximate, with equal variances,": table[(table["theory"] == "approximate") & ~unequal],
        "approximate, with unequal variances,": table[(table["theory"] == "approximate") & unequal],
    }
    valid = clusters[clusters["theory"] != "not valid"]
    for statistic in ("extent", "mass", "TFCE"):
        kinds[f"{statistic}, valid"] = valid[valid["statistic"].str.startswith(statistic)]
    lines = ["| cases | number | data sets | errors, % | band, % | outside, first run | outside, second run |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for kind, rows in kinds.items():
        if rows.empty:
            continue
        n, rate = rows["data_sets"].sum(), np.average(rows["rate"], weights=rows["data_sets"])
        low, high = band(n)
        out = sum(outside(row.rate, row.data_sets) for row in rows.itertuples())
        again = rows[rows["data_sets_again"] > 0]
        still = sum(outside(row.rate_again, row.data_sets_again) for row in again.itertuples())
        rates = f"{n:,} | {100 * rate:.2f} | {100 * low:.2f} to {100 * high:.2f}"
        lines.append(f"| {kind.rstrip(',')} | {len(rows)} | {rates} | {out} | {still} of {len(again)} |")
    return "\n".join(lines)


def tail_table(table):
    """The table of the tails, as Markdown."""
    lines = ["| case | p | method | mean | median | 5 % to 95 % | below 1/4 |", "|---|---|---|---|---|---|---|"]
    for row in table.itertuples():
        ratios = f"{row.mean_ratio:.2f} | {row.median_ratio:.2f} | {row.ratio_5:.2f} to {row.ratio_95:.2f}"
        lines.append(f"| {row.case} | {row.p:g} | {row.method} | {ratios} | {row.far_too_small} of {row.data_sets} |")
    return "\n".join(lines)


def write_block(page, name, text):
    """Replace what stands between two comments of a Markdown page."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, rest = page.read_text().split(begin)
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{rest.split(end)[1]}")


BLUE, SKY, ORANGE, GREY = "#0072b2", "#56b4e9", "#d55e00", "#666666"  # told apart by colour-blind readers too
LOOKS = {"exact": (BLUE, BLUE), "approximate": (BLUE, "white"), "not valid": (ORANGE, ORANGE)}
MARKERS = {
    "scheme": {"permute": "o", "flip": "s", "both": "^"},
    "statistic": dict(zip(METHODS, "Dv^P", strict=True)),
}


def draw(table):
    """Draw each case's error rate, with the band that valid cases lie in."""
    clusters = table[table["threshold"] != ""]
    table = without_smith(table[table["threshold"] == ""])
    main = table.apply(is_main, axis=1)
    usual = main & (table["side"] == "greater")
    right = pd.concat([table[main & ~usual], table[~main]])
    panels = {
        "Tests of positive t, independent errors": (table[usual], ["design", "errors", "n"], "scheme"),
        "Clusters and TFCE": (clusters, ["design", "errors", "n", "side", "threshold", "connectivity"], "statistic"),
        "Other sides, statistics and errors": (
            right,
            ["design", "errors", "n", "side", "statistic", "voxels", "blocks"],
            "scheme",
        ),
    }
    first, second, other = panels
    rows = {title: frame.groupby(keys, sort=False).ngroups for title, (frame, keys, _) in panels.items()}
    figure, axes = plt.subplot_mosaic(
        [[first, other], [second, other]],
        height_ratios=[rows[first], rows[second]],
        figsize=(13, 1.5 + 0.24 * max(rows[first] + rows[second] + 5, rows[other])),
        layout="constrained",
    )
    for title, panel in panels.items():
        draw_panel(axes[title], *panel)
        axes[title].set_title(title, fontsize=11)
    handles = markers_of("scheme")
    for theory, (edge, face) in LOOKS.items():
        handles.append(Line2D([], [], ls="", marker="o", color=edge, markerfacecolor=face, label=f"{theory} in theory"))
    handles.append(plt.Rectangle((0, 0), 1, 1, color=GREY, alpha=0.25, label="95 % band around 5 %"))
    figure.legend(handles=handles, loc="outside lower center", ncols=7, frameon=False)
    axes[second].legend(handles=markers_of("statistic"), loc="center right")
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOT, dpi=110)
    plt.close(figure)


def markers_of(what):
    return [Line2D([], [], ls="", marker=marker, color=GREY, label=label) for label, marker in MARKERS[what].items()]


def draw_panel(ax, frame, keys, what):
    """Draw a row for each value of `keys`, with the rates of its schemes or statistics, as `what` says."""
    labels, kinds = [], list(MARKERS[what])
    dodges = dict(zip(kinds, np.linspace(-0.25, 0.25, len(kinds)), strict=True))
    for place, (key, rows) in enumerate(frame.groupby(keys, sort=False)):
        labels.append(label_of(**dict(zip(keys, key, strict=True))))
        for row in rows.itertuples():
            edge, face = LOOKS[row.theory]
            kind = getattr(row, what)
            style = {"marker": MARKERS[what][kind], "markersize": 5, "color": edge, "markerfacecolor": face}
            ax.plot(100 * row.rate, place + dodges[kind], ls="", **style)
    low, high = band(DATA_SETS)
    ax.axvspan(100 * low, 100 * high, color=GREY, alpha=0.25, lw=0)
    ax.set_yticks(range(len(labels)), labels, fontsize=8)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_xscale("function", functions=(lambda x: np.sqrt(np.maximum(x, 0)), np.square))
    ax.set_xlim(0, max(30, 100 * frame["rate"].max() + 3))
    ax.set_xticks([0, 1, 2.5, 5, 10, 20, 30, *range(40, int(ax.get_xlim()[1]), 20)])
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set_xlabel("data sets with an error (%); nominal: 5 %")
    ax.grid(axis="y", color="#dddddd", lw=0.5)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)


def label_of(
    design, errors, n, side="greater", statistic="t", voxels=None, blocks="none", threshold="p < 0.05", connectivity=6
):
    errors = f"{errors} more variable" if "group" in errors else errors
    parts = [design, f"alike in {errors}" if errors in ("sites", "families") else errors, f"n = {n}"]
    parts += [statistic] if statistic != "t" else []
    parts += ["1 voxel"] if voxels == 1 else []
    parts += [side] if side != "greater" and statistic != "F" else []
    parts += [f"blocks {blocks}"] if blocks != "none" else []
    parts += [threshold] if threshold != "p < 0.05" else []
    parts += [f"{connectivity} neighbours"] if connectivity != 6 else []
    return ", ".join(parts)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", default="", metavar="PATTERN", help="regular expression that a case's name contains")
    parser.add_argument("--data-sets", type=int, default=DATA_SETS, metavar="N", help="data sets of a case")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes")
    return parser.parse_args()


def main():
    asked = arguments()
    cases, tails = all_cases(), tail_cases()
    rates, tail_rows = [], []
    for case in cases:
        if re.search(asked.cases, case.name):
            rates.append(measure(case, asked.data_sets, asked.jobs))
            print(f"{case.name:72} {case.theory:12} {rates[-1]['rate']:.4f} {rates[-1]['rate_again']:.4f}", flush=True)
    for case in tails:
        if re.search(asked.cases, f"tail {case.name}"):
            tail_rows += measure_tail(case, max(2, asked.data_sets // 10), asked.jobs)
            print(pd.DataFrame(tail_rows[-4:]).to_string(index=False, header=False), flush=True)
    if asked.data_sets != DATA_SETS:
        print("Not the default number of data sets: nothing is written.")
        return
    RATES.parent.mkdir(parents=True, exist_ok=True)
    table, tail = merged(RATES, rates, cases), merged(TAILS, tail_rows, tails)
    table.to_csv(RATES, sep="\t", index=False, float_format="%.6g")
    tail.to_csv(TAILS, sep="\t", index=False, float_format="%.4g")
    draw(table)
    write_block(PAGE, "error rates", rate_tables(table))
    write_block(PAGE, "tail", tail_table(tail))


if __name__ == "__main__":
    main()
