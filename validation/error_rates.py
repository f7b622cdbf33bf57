"""Measure the family-wise error rate of each scheme of shuffling on simulated maps without an effect.

    PYTHONPATH=workflow/scripts .venv/bin/python validation/error_rates.py [--cases PATTERN] [--data-sets N] [--jobs N]

A case is a design, a kind of errors, a number of subjects, a scheme and a statistic. Each of its data sets has a
design, maps and shuffles of its own, drawn from a seed that is made of the case's name and the data set's number: so
a case's result does not depend on the cases beside it, nor on how many data sets come after. An error is a
family-wise p value of 0.05 or less for the largest statistic. 399 shuffles make that possible at exactly 0.05.

A case that should hold the rate but lies outside the 95 % band of its data sets is run on ten times as many new ones:
one in twenty lies outside by chance. Both rates are kept.

A second part compares p values from a fitted tail (`secondlevel.tail`) with counted ones.

With the default number of data sets, the tables in `validation/results`, the plot in `docs/images` and the tables in
`docs/validation.md` are written anew; rows of cases that were not asked for are kept.
"""

import argparse
import hashlib
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import joblib
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from scipy.ndimage import gaussian_filter
from scipy.stats import gamma
from threadpoolctl import ThreadpoolController

from secondlevel.correction import fwe_p_values
from secondlevel.exchangeability import Blocks
from secondlevel.glm import partition
from secondlevel.permutation import max_statistics, n_blocks, observed_statistics
from secondlevel.pseudot import TIE, Smoother, max_pseudo_t, observed_pseudo_t
from secondlevel.shuffling import plan
from secondlevel.statistic import Ordinary, Welch
from secondlevel.tail import fit_tail

ROOT = Path(__file__).resolve().parent.parent
RATES, TAILS = ROOT / "validation/results/error_rates.tsv", ROOT / "validation/results/tail.tsv"
PLOT, PAGE = ROOT / "docs/images/error_rates.png", ROOT / "docs/validation.md"

ALPHA = 0.05
DATA_SETS, MORE = 1000, 10
GRID = (4, 4, 4)
# Noise of single voxels, times this, is correlated with its neighbours' and keeps its variance.
MIX = np.array([gaussian_filter(voxel.reshape(GRID), 0.5).ravel() for voxel in np.eye(np.prod(GRID))])
MIX /= np.linalg.norm(MIX, axis=0)
SMOOTHER = Smoother(np.ones(GRID, dtype=bool), np.full(3, 1.0))  # of the pseudo-t's variance


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
    statistic : {"t", "F", "v", "pseudo-t"}
    blocks : {"none", "within", "whole"}
    shuffles, voxels : int
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

    @property
    def name(self):
        blocks = "" if self.blocks == "none" else f" {self.blocks}"
        voxels = "" if self.voxels == len(MIX) else f" {self.voxels} voxel"
        return f"{self.design} n{self.n} {self.errors} {self.scheme}{blocks} {self.statistic} {self.side}{voxels}"

    def rng(self, number):
        """The random numbers of one data set."""
        digest = hashlib.sha256(self.name.encode()).digest()
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
    "groups": groups,
    "equal groups": equal_groups,
    "mean": mean,
    "two scores": two_scores,
    "two scores, nuisance": two_scores_with_nuisance,
    "sites": sites,
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


def simulate(case, number):
    """One data set: maps of float32 without an effect, the design, the contrast, the labels and a seed of shuffles."""
    rng = case.rng(number)
    design, weights, labels = DESIGNS[case.design](rng, case.n)
    weights = np.asarray(weights, dtype=float) * (-1 if case.side == "less" else 1)
    maps = draw_errors(rng, case.n, case.errors, labels)
    # All that the contrast does not test has an effect on the maps.
    split = partition(design, weights)
    maps += split.nuisance @ rng.normal(0, 2 * np.sqrt(case.n), (split.nuisance.shape[1], len(MIX)))
    return maps[:, : case.voxels].astype(np.float32), design, weights, labels, int(rng.integers(2**63))


def null_and_observed(case, number, count=None, stream=0):
    """The max statistics of the shuffles of one data set, the observed statistics, and what counts as a tie."""
    maps, design, weights, labels, seed = simulate(case, number)
    blocks = Blocks.none(case.n) if case.blocks == "none" else Blocks.of(labels, case.blocks == "whole")
    shuffles = plan(design, case.scheme, blocks, count or case.shuffles, seed + stream)
    every, split, two_sided = range(n_blocks(shuffles.count)), partition(design, weights), case.side == "two-sided"
    if case.statistic == "v":
        test = Welch(split, two_sided, labels)
    else:
        test = Ordinary(split, two_sided, blocks.orbits if case.scheme == "permute" else None)
    if case.statistic == "pseudo-t":
        maxima, _ = max_pseudo_t(maps, test, SMOOTHER, shuffles, every)
        observed = observed_pseudo_t(maps, test, SMOOTHER)
        return maxima[1:], observed, TIE * np.abs(observed)
    maxima, _ = max_statistics(maps, [test], shuffles, every)
    observed = observed_statistics(maps, test)
    return maxima[0, 1:], observed, test.statistic_tie(observed)


def is_error(case, number):
    """Whether the test finds an effect in a data set that has none."""
    maxima, observed, tie = null_and_observed(case, number)
    return bool(fwe_p_values(observed, maxima, tie).min() <= ALPHA + 1e-12)


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


def count_errors(case, numbers):
    with thread_pools_known():
        return sum(is_error(case, number) for number in numbers)


def error_rate(case, first, count, jobs=1):
    """Share of errors among the data sets `first` to `first + count - 1` of a case."""
    parts = [range(start, min(start + 250, first + count)) for start in range(first, first + count, 250)]
    return sum(joblib.Parallel(n_jobs=jobs)(joblib.delayed(count_errors)(case, part) for part in parts)) / count


def all_cases():
    """Every case, in the order of the tables."""
    return [*main_cases(), *side_cases(), *f_cases(), *variance_cases(), *pseudo_t_cases(), *block_cases()]


def theory_of(design, errors, scheme):
    """What theory says of t with independent errors of one distribution.

    Reordering is exact if it leaves the nuisance as it is (an intercept or none), and else approximate, as Freedman
    and Lane's procedure is. Turning signs needs symmetric errors, and is exact without nuisance.
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
        yield Case("sites", n, "sites", "permute", "exact", blocks="within")
        yield Case("sites", n, "sites", "permute", "not valid")
    for n in (20, 90):
        yield Case("families", n, "families", "permute", "exact", blocks="whole")
        yield Case("families", n, "families", "permute", "not valid")
        yield Case("families", n, "families", "flip", "approximate", blocks="whole")
        yield Case("mean", n, "families", "flip", "exact", blocks="whole")
        yield Case("mean", n, "families", "flip", "not valid")


COUNTS = ["data_sets", "data_sets_again", "far_too_small", "tails_fitted"]
FIELDS = ["design", "n", "errors", "scheme", "statistic", "side", "blocks", "voxels", "theory"]


def measure(case, data_sets, jobs):
    """A row of the table: the error rate, and that of ten times as many new data sets where there is need."""
    row = {"case": case.name, "data_sets": data_sets, "rate": error_rate(case, 0, data_sets, jobs)}
    row["low"], row["high"] = band(data_sets)
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
    many = np.sort(null_and_observed(case, number, MANY)[0])[::-1]
    few = null_and_observed(case, number, FEW, stream=1)[0]
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
        old = pd.read_csv(path, sep="\t").drop(columns=FIELDS)
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
    return "\n".join([*lines, "", summary(table)])


SCHEMES = ("permute", "flip", "both")


def summary(table):
    """What all cases of a kind say together."""
    unequal = table["errors"].str.contains("group")
    kinds = {
        "exact in theory": table[table["theory"] == "exact"],
        "approximate, with equal variances,": table[(table["theory"] == "approximate") & ~unequal],
        "approximate, with unequal variances,": table[(table["theory"] == "approximate") & unequal],
    }
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
MARKERS = {"permute": "o", "flip": "s", "both": "^"}


def draw(table):
    """Draw each case's error rate, with the band that valid cases lie in."""
    main = table.apply(is_main, axis=1)
    others = table[~main]
    right = pd.concat([table[main & (table["side"] != "greater")], others])
    panels = [
        (table[main & (table["side"] == "greater")], ["design", "errors", "n"]),
        (right, ["design", "errors", "n", "side", "statistic", "voxels", "blocks"]),
    ]
    rows = max(frame.groupby(keys, sort=False).ngroups for frame, keys in panels)
    figure, axes = plt.subplots(1, 2, figsize=(13, 1.5 + 0.24 * rows), layout="constrained")
    titles = ["Tests of positive t, independent errors", "Other sides, statistics and errors"]
    for ax, (frame, keys), title in zip(axes, panels, titles, strict=True):
        draw_panel(ax, frame, keys)
        ax.set_title(title, fontsize=11)
    handles = [Line2D([], [], ls="", marker=m, color=GREY, label=s) for s, m in MARKERS.items()]
    for theory, (edge, face) in LOOKS.items():
        handles.append(Line2D([], [], ls="", marker="o", color=edge, markerfacecolor=face, label=f"{theory} in theory"))
    handles.append(plt.Rectangle((0, 0), 1, 1, color=GREY, alpha=0.25, label="95 % band around 5 %"))
    figure.legend(handles=handles, loc="outside lower center", ncols=7, frameon=False)
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOT, dpi=110)
    plt.close(figure)


def draw_panel(ax, frame, keys):
    labels = []
    for place, (key, rows) in enumerate(frame.groupby(keys, sort=False)):
        labels.append(label_of(*key))
        for row in rows.itertuples():
            edge, face = LOOKS[row.theory]
            dodge = {"permute": -0.22, "flip": 0, "both": 0.22}[row.scheme]
            style = {"marker": MARKERS[row.scheme], "markersize": 5, "color": edge, "markerfacecolor": face}
            ax.plot(100 * row.rate, place + dodge, ls="", **style)
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


def label_of(design, errors, n, side="greater", statistic="t", voxels=None, blocks="none"):
    errors = f"{errors} more variable" if "group" in errors else errors
    parts = [design, f"alike in {errors}" if errors in ("sites", "families") else errors, f"n = {n}"]
    parts += [statistic] if statistic != "t" else []
    parts += ["1 voxel"] if voxels == 1 else []
    parts += [side] if side != "greater" and statistic != "F" else []
    parts += [f"blocks {blocks}"] if blocks != "none" else []
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
            print(f"{case.name:60} {case.theory:12} {rates[-1]['rate']:.4f} {rates[-1]['rate_again']:.4f}", flush=True)
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
