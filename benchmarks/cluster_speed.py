"""Time and memory of TFCE, cluster extent and cluster mass, beside other software, on the same arrays in one run.

    python benchmarks/cluster_speed.py            # writes benchmarks/results and docs/benchmarks.md
    python benchmarks/cluster_speed.py --quick    # small sizes, into a temporary folder
    python benchmarks/cluster_speed.py --docs     # only makes the page anew, from the stored results

One-sided maxima of the score in the design [score, intercept], of maps of smooth noise in an ellipsoid. TFCE is on t,
with E = 0.5 and H = 2, clusters are those above p < 0.001; neighbours share a face. All reorder subjects. Every
contender lives in a process of its own and they take turns. Of the repeats the best counts, for each contender.

- nilearn: `permuted_ols` with `tfce=True`, or with `threshold=0.001`, and a NiftiMasker of the mask. It gets the score
  alone and adds the intercept itself. With the intercept among the confounds it would turn signs, which takes longer.
  It collects Python's garbage for every permutation. The time of that goes with the number of objects in the process,
  most of them from imports. `gc.freeze()` sets those apart, here also in worker processes. It is not what users do, but
  rows of their own show what it saves.
- tfce: the package has no function for a whole test. `PermutedGLM.fit` makes the t map of a shuffle. It runs in as many
  threads as there are cores, with a BLAS of one thread each, which is at least as fast as one fit at a time with a BLAS
  of several threads. `tfce.tfce` transforms the maps in batches, with `n_jobs` as there are cores.
"""

import argparse
import gc
import itertools
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from common import (
    MB,
    PAGE,
    RESULTS,
    SEED,
    Child,
    best_of_nilearn,
    design_of,
    import_and_freeze,
    markdown,
    n_cores,
    nilearn_jobs,
    p_values,
    read_table,
    rewrite_block,
    three_digits,
    whole_test,
    with_version,
)
from last import store
from turns import Contender, measured, settle_margins, take_turns

VOXEL = 3.0  # mm
FWHM = 7.0  # mm
THRESHOLD = 0.001  # p, one-sided
POWERS = {"E": 0.5, "H": 2.0}
CONNECTIVITY = 6
BATCH = 32  # maps that the package tfce transforms at a time
STEPS = 100  # of nilearn's TFCE

# Subjects, the grid, and voxels of the mask.
SIZE = (89, (53, 63, 46), 68_000)
QUICK_SIZE = (20, (27, 32, 23), 8_500)
# Permutations of a call, and of the other call that makes the margin. Peers take long.
COUNTS = {
    "TFCE": {"secondlevel": (1_000, 2_000), "nilearn": (25, 5), "tfce": (200, 50)},
    "clusters": {"secondlevel": (1_000, 5_000), "nilearn": (100, 25)},
}
QUICK_COUNTS = {
    "TFCE": {"secondlevel": (500, 1_500), "nilearn": (8, 3), "tfce": (300, 100)},
    "clusters": {"secondlevel": (500, 3_000), "nilearn": (15, 5)},
}
MEMORY_COUNTS = (1_000, 10_000)
QUICK_MEMORY_COUNTS = (200, 2_000)
CASE = ("test", "subjects", "voxels", "cores", "contender", "permutations")
MEMORY_CASE = ("subjects", "voxels", "shuffles")
METHODS = {"TFCE": {"maxTFCE": "TFCE"}, "clusters": {"maxExtent": "voxels", "maxMass": "mass"}}


def smooth_data_of(n_subjects, grid, n_voxels):
    """float32 maps of smooth noise, shape (n_subjects, n_voxels), the design, and the mask, an ellipsoid."""
    from scipy.ndimage import gaussian_filter

    half = np.array(grid) / 2
    distance = np.square((np.indices(grid).reshape(3, -1).T + 0.5 - half) / half).sum(axis=1)
    inside = np.zeros(distance.size, bool)
    inside[np.argsort(distance, kind="stable")[:n_voxels]] = True
    inside = inside.reshape(grid)
    rng, sigma = np.random.default_rng(SEED), FWHM / VOXEL / np.sqrt(8 * np.log(2))
    maps = np.empty((n_subjects, n_voxels), np.float32)
    for values in maps:
        values[:] = gaussian_filter(rng.standard_normal(grid, dtype=np.float32), sigma)[inside]
    return maps, design_of(n_subjects), inside


# The contenders. Each function makes the data and returns a function of the number of permutations, which does all that
# an analysis needs: observed values, nulls of the maxima, family-wise p values. It returns the largest observed value
# and the null by method, so that one can see that all compute the same test. Shuffles differ from call to call.


def prepare_ours(test, size, cores):
    from secondlevel.permutation.whole_maps.registry import WHOLE_MAPS
    from secondlevel.permutation.whole_maps.search import Search
    from secondlevel.space.kinds.volume import Mask

    maps, design, inside = smooth_data_of(*size)
    key, settings = test.lower(), {"connectivity": CONNECTIVITY}
    if test == "TFCE":
        settings |= {"statistic": "t", "extent_power": POWERS["E"], "height_power": POWERS["H"]}
    else:
        settings |= {"threshold": f"p < {THRESHOLD}"}
    df = len(design) - design.shape[1]
    space = Mask(inside, np.diag([VOXEL, VOXEL, VOXEL, 1]))
    part = WHOLE_MAPS[key].of_config(settings, space, {"name": "t", "rank": 1}, df, False)
    whole, seeds = whole_test(maps, design, cores, search=Search({key: part})), itertools.count(SEED)
    whole(1)  # compiles the kernels, or gets them from the disk

    def call(count):
        observed, maxima, _ = whole(count, next(seeds))
        return {method: observed[method].max() for method in METHODS[test]}, {m: maxima[m] for m in METHODS[test]}

    return call


def prepare_nilearn(test, jobs, frozen, size, cores):
    import joblib
    from nibabel import Nifti1Image
    from nilearn.maskers import NiftiMasker
    from nilearn.mass_univariate import permuted_ols
    from threadpoolctl import threadpool_limits

    maps, design, inside = smooth_data_of(*size)
    masker = NiftiMasker(Nifti1Image(inside.astype(np.uint8), np.diag([VOXEL, VOXEL, VOXEL, 1]))).fit()
    settings, seeds = {"tfce": True} if test == "TFCE" else {"threshold": THRESHOLD}, itertools.count(SEED)
    threadpool_limits(cores)
    if frozen:
        joblib.parallel_config(backend="loky", initializer=import_and_freeze)
    warnings.filterwarnings("ignore", "Data array used to create a new image contains 64-bit ints")

    def call(count):
        if frozen:
            gc.freeze()
        out = permuted_ols(
            design[:, :1],
            maps,
            n_perm=count,
            two_sided_test=False,
            random_state=next(seeds),
            n_jobs=jobs,
            verbose=0,
            masker=masker,
            output_type="dict",
            **settings,
        )
        if test == "TFCE":
            # It sums over steps and leaves out their height, which is a share of the map's largest t.
            observed = {"maxTFCE": out["tfce"].max() * out["t"].max() / STEPS}
            return observed, {"maxTFCE": out["h0_max_tfce"].ravel() * out["h0_max_t"].ravel() / STEPS}
        names = {"maxExtent": "size", "maxMass": "mass"}
        observed = {method: out[name].max() for method, name in names.items()}
        return observed, {method: out[f"h0_max_{name}"].ravel() for method, name in names.items()}

    return call


def prepare_tfce(size, cores):
    from tfce import tfce
    from tfce.glm import PermutedGLM
    from threadpoolctl import threadpool_limits

    maps, design, inside = smooth_data_of(*size)
    cells = np.ravel_multi_index(np.nonzero(inside), inside.shape, order="F")
    seeds = itertools.count(SEED)

    def call(count):
        model = PermutedGLM(np.ascontiguousarray(maps.T, dtype=np.float64), design, np.array([1, 0]))
        flat = np.zeros((inside.size, BATCH), np.float32, order="F")  # as it wants them, so that it need not copy
        rng = np.random.default_rng(next(seeds))
        orders = [None] + [rng.permutation(len(design)) for _ in range(count)]

        def fit(place, order):
            flat[cells, place] = model.fit(order)

        with threadpool_limits(1), ThreadPoolExecutor(cores) as pool:
            observed, maxima = None, []
            for start in range(0, len(orders), BATCH):
                some = orders[start : start + BATCH]
                list(pool.map(fit, range(len(some)), some))
                volumes = flat[:, : len(some)].reshape(*inside.shape, -1, order="F")
                enhanced = tfce(volumes, connectivity=CONNECTIVITY, two_sided=False, n_jobs=cores, **POWERS)
                maxima.extend(enhanced.max(axis=(0, 1, 2)))
                if start == 0:
                    observed = enhanced[inside, 0]
        maxima = np.array(maxima[1:])
        p_values(observed, maxima)
        return {"maxTFCE": observed.max()}, {"maxTFCE": maxima}

    return call


def contenders(test, counts, cores):
    """Those that are compared in a test."""
    peers = [
        Contender(name + note, jobs, (prepare_nilearn, test, jobs, frozen), *counts["nilearn"])
        for frozen, note in ((False, ""), (True, ", gc.freeze()"))
        for jobs, name in nilearn_jobs(cores)
    ]
    if test == "TFCE":
        peers.append(Contender(with_version("tfce"), cores, (prepare_tfce,), *counts["tfce"]))
    return [Contender("secondlevel", cores, (prepare_ours, test), *counts["secondlevel"]), *peers]


def compare(test, size, counts, cores, repeats):
    """One row of results for each contender of a test."""
    rivals = contenders(test, counts, cores)
    children = [Child(*rival.prepare, size, cores) for rival in rivals]
    calls = {}
    for repeat in range(repeats):
        take_turns(rivals, children, calls, f"{test}, repeat {repeat + 1}")
    settle_margins(rivals, children, calls, f"{test}, again")
    for child in children:
        child.close()
    values = {rival: [result.value for results in calls[rival].values() for result in results] for rival in rivals}
    check(test, values)
    case = {"test": test, "subjects": size[0], "voxels": size[2], "cores": cores}
    return [case | measured(rival, calls) | columns_of(values[rival]) | {"repeats": repeats} for rival in rivals]


def columns_of(values):
    """The columns of a row of results that say what came out: nulls are those of all calls together."""
    columns = {}
    for method in itertools.chain.from_iterable(METHODS.values()):
        observed, nulls = ([value[which][method] for value in values if method in value[which]] for which in (0, 1))
        columns[f"observed_{method}"] = f"{observed[0] if observed else np.nan:.4f}"
        columns[f"null_median_{method}"] = f"{np.median(np.concatenate(nulls)) if nulls else np.nan:.4f}"
    return columns | {"null_permutations": sum(len(next(iter(nulls.values()))) for _, nulls in values)}


def check(test, values):
    """Whether the contenders' largest observed values agree; nilearn's TFCE in steps is an approximation."""
    for method in METHODS[test]:
        observed = {rival.name: found[0][0][method] for rival, found in values.items()}
        for name, value in observed.items():
            rough = test == "TFCE" and name.startswith("nilearn")
            if not np.isclose(value, observed["secondlevel"], rtol=0.03 if rough else 1e-3):
                raise RuntimeError(f"The contenders disagree on the largest observed {method}: {observed}.")


def memory(size, counts, cores):
    """One row of results for each number of shuffles of TFCE by secondlevel, each in a process of its own."""
    rows = []
    for count in counts:
        with Child(prepare_ours, "TFCE", size, cores) as child:
            result = child.call(count)
        rows.append(
            {
                "subjects": size[0],
                "voxels": size[2],
                "shuffles": count,
                "seconds": f"{result.seconds:.4f}",
                "memory_before_mb": f"{result.before / MB:.0f}",
                "memory_peak_mb": f"{result.peak / MB:.0f}",
            }
        )
        print("\t".join(f"{key} {value}" for key, value in rows[-1].items()), flush=True)
    return rows


def as_markdown(rows, memory_rows):
    """The tables of the page."""
    parts = []
    for test, methods in METHODS.items():
        some = [row for row in rows if row["test"] == test]
        peers = {"nilearn's best": best_of_nilearn(some)[1]}
        peers |= {f"{name}'s": row["per_second"] for row in some if (name := row["contender"].split()[0]) == "tfce"}
        table = markdown(
            [
                "",
                "permutations of a call",
                "seconds",
                "permutations per second at the margin",
                *[f"this / {name}" for name in peers],
                "memory before, MB",
                "peak memory, MB",
                "of its workers, MB",
                *[f"median of the null, {unit}" for unit in methods.values()],
            ],
            [
                [
                    row["contender"],
                    f"{row['permutations']:,}",
                    *[three_digits(row[key]) for key in ("seconds", "per_second")],
                    *[three_digits(row["per_second"] / rate) for rate in peers.values()],
                    *[row[key] for key in ("memory_before_mb", "memory_peak_mb", "workers_peak_mb")],
                    *[three_digits(row[f"null_median_{method}"]) for method in methods],
                ]
                for row in some
            ],
        )
        title = "TFCE" if test == "TFCE" else "Cluster extent and mass"
        parts.append(f"**{title}.** {about(some[0])}; best of {some[0]['repeats']} repeats.\n\n{table}")
    table = markdown(
        ["shuffles", "seconds", "memory before, MB", "peak memory, MB"],
        [
            [
                f"{row['shuffles']:,}",
                three_digits(row["seconds"]),
                *[row[key] for key in ("memory_before_mb", "memory_peak_mb")],
            ]
            for row in memory_rows
        ],
    )
    parts.append(
        f"**TFCE by secondlevel, against the number of shuffles.** {about(rows[0])}; one call each.\n\n{table}"
    )
    return "\n\n".join(parts)


def about(row):
    """The sizes of a row of results."""
    return f"{row['subjects']} subjects, {row['voxels']:,} voxels; {row['cores']} cores"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes; results go to a temporary folder")
    parser.add_argument("--docs", action="store_true", help="measure nothing; make the page from stored results")
    parser.add_argument("--repeats", type=int, help="default 3, or 2 with --quick")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="cluster_speed_")) if options.quick else RESULTS
    table, memory_table = folder / "cluster_speed.tsv", folder / "cluster_memory.tsv"
    if not options.docs:
        size, counts, memory_counts, repeats = (
            (QUICK_SIZE, QUICK_COUNTS, QUICK_MEMORY_COUNTS, 2) if options.quick else (SIZE, COUNTS, MEMORY_COUNTS, 3)
        )
        cores, repeats = n_cores(), options.repeats or repeats
        for test in METHODS:
            Child(prepare_ours, test, size, cores).close()  # compiles the kernels to the disk, which takes memory
        rows = [row for test in METHODS for row in compare(test, size, counts[test], cores, repeats)]
        store(table, rows, CASE)
        store(memory_table, memory(size, memory_counts, cores), MEMORY_CASE)
    text = as_markdown(read_table(table), read_table(memory_table))
    if not options.quick:
        rewrite_block(PAGE, "clusters", text)
    print(text, f"\nwritten to {folder}", sep="\n")


if __name__ == "__main__":
    main()
