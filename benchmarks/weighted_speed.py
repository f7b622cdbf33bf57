"""Permutations per second of the weighted t of maps that lack values or have variances, beside plain t without either.

    python benchmarks/weighted_speed.py             # writes benchmarks/results and docs/benchmarks.md
    python benchmarks/weighted_speed.py --quick     # small sizes, into a temporary folder
    python benchmarks/weighted_speed.py --docs      # only makes the page anew, from the stored results

Two-sided max t of a score in the design [1, covariate, score]. A quarter of the voxels lies at an edge, and 5 % of all
values are missing there: beyond where each subject's field of view ends, so that voxels of a slice lack the same
subjects, or at random, so that nearly every voxel lacks others. The maps are .npy files, read through a memory map.
Contenders live in processes of their own and take turns. Rates are by the seconds that all threads spent on a
processor, memory is the most that a process had after a call of few permutations, and after one of many.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from common import MB, PAGE, RESULTS, ROOT, SEED, Child, markdown, n_cores, read_table, rewrite_block, three_digits
from last import store

CASES = [(89, 68_000)]
QUICK_CASES = [(30, 2_000)]
# What maps have, and the permutations of a call.
CONTENDERS = {
    "plain t, all values there": 2047,
    "weighted, all values there": 1023,
    "weighted, fields of view end": 1023,
    "weighted, values missing at random": 1023,
    "weighted, all values and variances there": 511,
}
FEW, REPEATS, SLICES = 127, 3, 34
CASE = ("subjects", "voxels", "contender")


def write_maps(folder, n, voxels):
    """Write maps without holes, with either kind of holes, and variances."""
    rng = np.random.default_rng(SEED)
    maps, edge = rng.standard_normal((n, voxels), dtype=np.float32), voxels // 4
    np.save(folder / "variances.npy", rng.exponential(size=maps.shape).astype(np.float32))
    np.save(folder / "maps.npy", maps)
    slices = np.arange(edge) * SLICES // edge
    ends = rng.integers(0, 14, n)[:, None]  # on average a fifth of the edge
    for name, missing in [("ends", slices < ends), ("random", rng.random((n, edge)) < 0.2)]:
        holed = maps.copy()
        holed[:, :edge][missing] = np.nan
        np.save(folder / f"{name}.npy", holed)


def prepare_writer():
    """`write_maps`, in a process of its own."""
    return write_maps


def prepare_call(folder, cores, contender):
    """A function of the number of shuffles that returns the seconds on processors."""
    import sys

    sys.path.insert(0, str(ROOT / "workflow/scripts"))
    from secondlevel.base.matrix import mapped
    from secondlevel.model.glm import partition
    from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls

    name = "ends" if "end" in contender else "random" if "random" in contender else "maps"
    maps = mapped(folder / f"{name}.npy", folder / "variances.npy" if "variances" in contender else None)
    n = maps.shape[0]
    design = np.column_stack([np.ones(n), np.random.default_rng(SEED + 1).standard_normal((n, 2))])
    permutation = {"scheme": "permute", "blocks": None, "seed": SEED, "nuisance": "freedman-lane"}
    permutation |= {"statistic": contender.split(",")[0].removeprefix("plain ")}

    def call(count):
        settings = Settings.of(permutation | {"count": count}, True, {}, {"participant_id": np.arange(n)}, None)
        test = ContrastTest.of(settings, design, partition(design, [0, 0, 1]))
        start = time.process_time()
        chunk_nulls(maps, {"": test}, 0, 1, True, cores, lambda *_: None)
        return time.process_time() - start

    return call


def compare(case, folder, cores):
    """One row of results for each contender."""
    with Child(prepare_writer) as writer:
        writer.call(folder, *case)
    children = {name: Child(prepare_call, folder, cores, name) for name in CONTENDERS}
    few = {name: child.call(FEW) for name, child in children.items()}
    many = {name: [] for name in children}
    for _ in range(REPEATS):
        for name, child in children.items():
            many[name].append(child.call(CONTENDERS[name]))
            print(f"{case}: {name}: {CONTENDERS[name]} in {many[name][-1].value:.2f} s", flush=True)
    for child in children.values():
        child.close()
    return [
        dict(zip(CASE, (*case, name), strict=True))
        | {
            "per_second": f"{(count + 1) * cores / np.median([call.value for call in many[name]]):.2f}",
            "few_peak_mb": f"{few[name].peak / MB:.0f}",
            "peak_mb": f"{many[name][-1].peak / MB:.0f}",
            "repeats": REPEATS,
        }
        for name, count in CONTENDERS.items()
    ]


def as_markdown(rows):
    """The table of the page."""
    heads = ["test and maps", "permutations per second", "plain t is faster", f"MB, {FEW} permutations", "MB, many"]
    plain = {(row["subjects"], row["voxels"]): row["per_second"] for row in rows if "plain" in row["contender"]}
    cells = [
        [row["contender"], three_digits(row["per_second"])]
        + [f"{plain[row['subjects'], row['voxels']] / row['per_second']:.1f} times", row["few_peak_mb"], row["peak_mb"]]
        for row in rows
    ]
    return markdown(heads, cells)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes; results go to a temporary folder")
    parser.add_argument("--docs", action="store_true", help="measure nothing; make the page from the stored results")
    parser.add_argument("--folder", type=Path, help="where the maps are written for the time of the run")
    options = parser.parse_args()
    results = Path(tempfile.mkdtemp(prefix="weighted_speed_")) if options.quick else RESULTS
    table = results / "weighted_speed.tsv"
    if not options.docs:
        rows = []
        for case in QUICK_CASES if options.quick else CASES:
            with tempfile.TemporaryDirectory(prefix="maps_", dir=options.folder) as folder:
                rows += compare(case, Path(folder), n_cores())
        store(table, rows, CASE)
    rows = read_table(table)
    if not options.quick:
        rewrite_block(PAGE, "weighted", as_markdown(rows))
    print(as_markdown(rows), f"\nwritten to {results}", sep="\n")


if __name__ == "__main__":
    main()
