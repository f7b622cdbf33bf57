"""What bounds on true discoveries cost, beside TFCE, clusters, or nothing but voxels.

    python benchmarks/discoveries_cost.py            # writes benchmarks/results and docs/benchmarks.md
    python benchmarks/discoveries_cost.py --quick    # small sizes, into a temporary folder
    python benchmarks/discoveries_cost.py --docs     # only makes the page anew, from the stored results

One-sided permutations of a score on smooth maps, with and without the Simes statistic, take turns. Rates are by the
seconds that all threads spent on a processor, which others who use the machine lengthen less than those on the clock;
what is added is the median over the turns, each of neighbours in time, and the range says how sure it is.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from cluster_speed import CONNECTIVITY, POWERS, QUICK_SIZE, SIZE, THRESHOLD, VOXEL, smooth_data_of
from common import PAGE, RESULTS, SEED, markdown, n_cores, read_table, rewrite_block, three_digits, whole_test
from last import store

SHUFFLES, QUICK_SHUFFLES, REPEATS = 255, 127, 3
CASE = ("test", "subjects", "voxels")
TESTS = {
    "TFCE": {"tfce": {"statistic": "t", "extent_power": POWERS["E"], "height_power": POWERS["H"]}},
    "clusters": {"clusters": {"threshold": f"p < {THRESHOLD}"}},
    "voxels": {},
}
DISCOVERIES = {"discoveries": {"template": "simes", "largest": 1000}}


def search_of(settings, inside, df):
    """What is looked for in whole maps; None for nothing."""
    from secondlevel.permutation.whole_maps.registry import WHOLE_MAPS
    from secondlevel.permutation.whole_maps.search import Search
    from secondlevel.space.kinds.volume import Mask

    what = Mask(inside, np.diag([VOXEL, VOXEL, VOXEL, 1])), {"name": "t", "rank": 1}, df, False
    parts = {
        key: WHOLE_MAPS[key].of_config(below | {"connectivity": CONNECTIVITY}, *what) for key, below in settings.items()
    }
    return Search(parts) if parts else None


def compare(test, size, shuffles, repeats):
    """A row of the table."""
    maps, design, inside = smooth_data_of(*size)
    df = len(design) - design.shape[1]
    both = [TESTS[test], TESTS[test] | DISCOVERIES]
    calls = [whole_test(maps, design, n_cores(), search=search_of(settings, inside, df)) for settings in both]
    seconds = np.empty((repeats, 2))
    for call in calls:
        call(1)  # compiles the kernels, or gets them from the disk
    for turn in range(repeats):
        for which, call in enumerate(calls):
            start = time.process_time()
            call(shuffles, SEED + turn)
            seconds[turn, which] = time.process_time() - start
    added = seconds[:, 1] / seconds[:, 0] - 1
    without, with_bounds = (1 + shuffles) / np.median(seconds, axis=0)
    row = {"test": test, "subjects": size[0], "voxels": size[2], "per_second": f"{without:.2f}"}
    row |= {"with_per_second": f"{with_bounds:.2f}", "added": f"{np.median(added):.3f}"}
    return row | {"least": f"{added.min():.3f}", "most": f"{added.max():.3f}", "repeats": repeats}


def as_markdown(rows):
    """The table of the page."""
    heads = ["beside", "subjects", "voxels", "permutations per second of a core", "with true discoveries"]
    return markdown(
        [*heads, "longer by, %", "range", "turns"],
        [
            [
                row["test"],
                f"{row['subjects']:,}",
                f"{row['voxels']:,}",
                three_digits(row["per_second"]),
                three_digits(row["with_per_second"]),
                f"{100 * row['added']:.0f}",
                f"{100 * row['least']:.0f} to {100 * row['most']:.0f}",
                row["repeats"],
            ]
            for row in rows
        ],
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes; results go to a temporary folder")
    parser.add_argument("--docs", action="store_true", help="measure nothing; make the page from the stored results")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="turns of each contender")
    options = parser.parse_args()
    results = Path(tempfile.mkdtemp(prefix="discoveries_cost_")) if options.quick else RESULTS
    table = results / "discoveries_cost.tsv"
    if not options.docs:
        size, shuffles = (QUICK_SIZE, QUICK_SHUFFLES) if options.quick else (SIZE, SHUFFLES)
        store(table, [compare(test, size, shuffles, options.repeats) for test in TESTS], CASE)
    rows = read_table(table)
    if not options.quick:
        rewrite_block(PAGE, "discoveries", as_markdown(rows))
    print(as_markdown(rows), f"\nwritten to {results}", sep="\n")


if __name__ == "__main__":
    main()
