"""Time and memory of the permutation engine against the number of shuffles, subjects and voxels.

    python benchmarks/permutation_scaling.py            # writes benchmarks/results, docs/images and docs/benchmarks.md
    python benchmarks/permutation_scaling.py --quick    # small sizes, into a temporary folder
    python benchmarks/permutation_scaling.py --docs     # only makes figure and page anew, from the stored results

One-sided max t of the score in the design [score, intercept], shuffles drawn and everything else included. The maps
are a .npy file that is read through a memory map; no process ever holds all of them. Each case has its own process.
"""

import argparse
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from common import (
    COLOURS,
    IMAGES,
    MB,
    PAGE,
    RESULTS,
    SEED,
    Child,
    design_of,
    markdown,
    n_cores,
    read_table,
    rewrite_block,
    three_digits,
    whole_test,
)
from last import store

# What varies, and (subjects, voxels, shuffles) of each case.
CASES = [
    *[("shuffles", 89, 68_000, count) for count in (1_000, 10_000, 100_000, 1_000_000)],
    *[("subjects", n, 68_000, 10_000) for n in (30, 89, 300, 1_000, 2_000, 5_000)],
    *[("voxels", 89, n, 10_000) for n in (10_000, 30_000, 68_000, 120_000, 230_000)],
    ("extreme", 5_000, 230_000, 1_000),
]
QUICK_CASES = [
    *[("shuffles", 30, 5_000, count) for count in (500, 5_000)],
    *[("subjects", n, 5_000, 500) for n in (30, 300)],
    *[("voxels", 30, n, 500) for n in (5_000, 20_000)],
    ("extreme", 300, 20_000, 500),
]
SLAB = 16 * 2**20  # bytes of the file that are made at a time
SHORT = 10.0  # seconds; shorter calls are repeated, and the best counts
REPEATS = 3
CASE = ("varied", "subjects", "voxels", "shuffles", "threads")


def prepare_writer():
    """A function that writes Gaussian float32 maps to a .npy file, a few subjects at a time."""

    def write(path, n_subjects, n_voxels):
        rng = np.random.default_rng(SEED)
        header = {"descr": "<f4", "fortran_order": False, "shape": (n_subjects, n_voxels)}
        rows = max(1, SLAB // (4 * n_voxels))
        with open(path, "wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            for start in range(0, n_subjects, rows):
                count = min(rows, n_subjects - start)
                file.write(rng.standard_normal((count, n_voxels), dtype=np.float32).data)
            file.flush()
            os.fsync(file.fileno())  # so that nothing is left to write while calls are timed

    return write


def prepare_call(path, cores):
    """A function of the number of shuffles that runs the whole test."""
    maps = np.load(path, mmap_mode="r")
    test = whole_test(maps, design_of(maps.shape[0]), cores)

    def call(count):
        return test(count)[2]["maxT"].min()

    return call


def measure(cases, folder, cores):
    """One row of results for each case; `folder` holds one file of maps at a time."""
    rows = []
    for subjects, voxels in dict.fromkeys(case[1:3] for case in cases):
        size = 4 * subjects * voxels
        free = shutil.disk_usage(folder).free
        if free < 1.2 * size:
            raise OSError(f"{size / 1e9:.1f} GB of maps do not fit into {folder}, which has {free / 1e9:.1f} GB free.")
        path = folder / f"maps_{subjects}_{voxels}.npy"
        try:
            with Child(prepare_writer) as writer:
                writer.call(path, subjects, voxels)
            for varied, *sizes, count in cases:
                if sizes == [subjects, voxels]:
                    rows.append(one_case(varied, path, subjects, voxels, count, cores))
                    print("\t".join(f"{key} {value}" for key, value in rows[-1].items()), flush=True)
        finally:
            path.unlink(missing_ok=True)
    return rows


def one_case(varied, path, subjects, voxels, count, cores):
    """Measure one case in a process of its own."""
    with Child(prepare_call, path, cores) as child:
        results = [child.call(count)]
        while results[0].seconds < SHORT and len(results) < REPEATS:
            results.append(child.call(count))
    return {
        "varied": varied,
        "subjects": subjects,
        "voxels": voxels,
        "shuffles": count,
        "threads": cores,
        "file_mb": f"{4 * subjects * voxels / MB:.0f}",
        "seconds": f"{min(result.seconds for result in results):.4f}",
        "memory_before_mb": f"{results[0].before / MB:.0f}",
        "memory_peak_mb": f"{results[-1].peak / MB:.0f}",
        "repeats": len(results),
    }


def as_markdown(rows):
    """The table of the page."""
    order = list(dict.fromkeys(case[0] for case in CASES))
    return markdown(
        ["varied", "subjects", "voxels", "shuffles", "maps, MB", "seconds", "memory before, MB", "peak memory, MB"],
        [
            [
                row["varied"],
                *[f"{row[key]:,}" for key in ("subjects", "voxels", "shuffles", "file_mb")],
                three_digits(row["seconds"]),
                *[f"{row[key]:,}" for key in ("memory_before_mb", "memory_peak_mb")],
            ]
            for row in sorted(rows, key=lambda row: (order.index(row["varied"]), row.get(row["varied"], 0)))
        ],
    )


def plot(rows, path):
    """Seconds and peak memory against each of shuffles, subjects and voxels."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 3, figsize=(10, 5.6), sharex="col", sharey="row", layout="constrained")
    extreme = [row for row in rows if row["varied"] == "extreme"]
    for column, varied in zip(axes.T, ("shuffles", "subjects", "voxels"), strict=True):
        some = sorted((row for row in rows if row["varied"] == varied), key=lambda row: row[varied])
        x = [row[varied] for row in some]
        fixed = ", ".join(f"{some[0][key]:,} {key}" for key in ("subjects", "voxels", "shuffles") if key != varied)
        column[0].set_title(fixed, fontsize=9)
        column[0].plot(x, [row["seconds"] for row in some], "o-", color=COLOURS[0])
        column[1].plot(x, [row["memory_peak_mb"] for row in some], "o-", color=COLOURS[0], label="peak resident memory")
        column[1].plot(x, [row["memory_before_mb"] for row in some], ":", color=COLOURS[5], label="before the call")
        column[1].plot(x, [row["file_mb"] for row in some], "s--", color=COLOURS[2], label="file of maps")
        column[1].set_xlabel(varied)
        for row in extreme if varied != "shuffles" else []:
            name = f"{row['subjects']:,} x {row['voxels']:,}, {row['shuffles']:,} shuffles"
            for axis, key, label in zip(column, ("seconds", "memory_peak_mb"), (None, name), strict=True):
                axis.plot(row[varied], row[key], "D", color=COLOURS[4], label=label)
            column[1].plot(row[varied], row["file_mb"], "s", color=COLOURS[2])
        for axis in column:
            axis.set_xscale("log")
            axis.set_yscale("log")
            axis.grid(alpha=0.3)
    axes[0, 0].set_ylabel("seconds")
    axes[1, 0].set_ylabel("MB")
    figure.legend(*axes[1, 2].get_legend_handles_labels(), loc="outside upper center", ncols=4, frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes; results go to a temporary folder")
    parser.add_argument("--docs", action="store_true", help="measure nothing; make figure and page from stored results")
    parser.add_argument(
        "--folder", type=Path, help="where the maps are written for the time of the run; default: TMPDIR"
    )
    options = parser.parse_args()
    results = Path(tempfile.mkdtemp(prefix="permutation_scaling_")) if options.quick else RESULTS
    table = results / "permutation_scaling.tsv"
    if not options.docs:
        with tempfile.TemporaryDirectory(prefix="maps_", dir=options.folder) as folder:
            store(table, measure(QUICK_CASES if options.quick else CASES, Path(folder), n_cores()), CASE)
    rows = read_table(table)
    plot(rows, (results if options.quick else IMAGES) / "permutation_scaling.png")
    if not options.quick:
        rewrite_block(PAGE, "scaling", as_markdown(rows))
    print(as_markdown(rows), f"\nwritten to {results}", sep="\n")


if __name__ == "__main__":
    main()
