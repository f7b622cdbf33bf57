"""What each step of a run took, from the benchmarks that Snakemake writes beside the results."""

import csv
import re
from collections import defaultdict

import numpy as np

from common import MB

SCALE = 2**20 / MB  # what Snakemake calls MB


def steps_of(results, contrast):
    """What each rule of an analysis of one contrast took: jobs, seconds on the clock and of CPU, MB of memory."""
    found = defaultdict(list)
    for path in sorted((results / "benchmarks").glob("*.tsv")):
        step = re.sub(rf"_\d+-of-\d+$|_{contrast}$", "", path.stem)
        with open(path) as file:
            found[step] += csv.DictReader(file, delimiter="\t")
    return {step: added(rows) for step, rows in found.items()}


def added(jobs):
    """Several jobs of Snakemake as one: times are added up, and of memory the largest counts."""

    def numbers(key):
        # A job that was over before Snakemake looked at it has none.
        return [float(job[key]) for job in jobs if job[key] not in ("NA", "-")] or [np.nan]

    peak = max(numbers("max_rss")) * SCALE
    return {"jobs": len(jobs), "seconds": sum(numbers("s")), "cpu": sum(numbers("cpu_time")), "peak_mb": peak}


def folded(steps, names):
    """The steps of these names, and all others as one."""
    others = [steps[step] for step in steps.keys() - set(names)]
    shown = {step: steps[step] for step in names if step in steps}
    if others:
        sums = {key: np.nansum([other[key] for other in others]) for key in ("jobs", "seconds", "cpu")}
        shown["others"] = sums | {"peak_mb": np.nanmax([0.0, *(other["peak_mb"] for other in others)])}
    return shown
