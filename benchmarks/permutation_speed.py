"""Time and memory of the permutation engine and of its peers, on the same arrays in one run.

    python benchmarks/permutation_speed.py            # writes benchmarks/results, docs/images and docs/benchmarks.md
    python benchmarks/permutation_speed.py --quick    # small sizes, into a temporary folder
    python benchmarks/permutation_speed.py --docs     # only makes figure and page anew, from the stored results

Voxelwise, one-sided max t of the score in the design [score, intercept]. Every contender lives in a process of its own
and they take turns. Of the repeats the best counts, for each contender.
"""

import argparse
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from common import (
    COLOURS,
    IMAGES,
    PAGE,
    RESULTS,
    SEED,
    Child,
    best_of_nilearn,
    data_of,
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
from turns import Contender, margin, measured, settle_margins, take_turns

SIZES = [(30, 76_000), (89, 68_000)]
QUICK_SIZES = [(20, 20_000)]
CALL = 1_000  # permutations of "a call"
CASE = ("subjects", "voxels", "contender", "threads", "permutations")


# The contenders. Each function makes the data and returns a function of the number of permutations, which does all that
# an analysis needs: observed t, null of max t, family-wise p values. It returns the largest observed t and the median
# of the null, so that one can see that all compute the same test.


def prepare_ours(scheme, size, cores):
    test = whole_test(*data_of(*size), cores, scheme)

    def call(count):
        observed, maxima, _ = test(count)
        return observed["maxT"].max(), np.median(maxima["maxT"])

    return call


def prepare_nilearn(jobs, size, cores):
    from nilearn.mass_univariate import permuted_ols
    from threadpoolctl import threadpool_limits

    maps, design = data_of(*size)
    threadpool_limits(cores)

    def call(count):
        out = permuted_ols(
            design[:, :1],
            maps,
            confounding_vars=design[:, 1:],
            n_perm=count,
            two_sided_test=False,
            random_state=SEED,
            n_jobs=jobs,
            verbose=0,
            output_type="dict",
        )
        return out["t"].max(), np.median(out["h0_max_t"])

    return call


def prepare_tfce(size, cores):
    from tfce.glm import PermutedGLM
    from threadpoolctl import threadpool_limits

    maps, design = data_of(*size)
    threadpool_limits(cores)

    def call(count):
        # Voxelwise t, no enhancement. Its data have a row for each voxel.
        model = PermutedGLM(np.ascontiguousarray(maps.T, dtype=np.float64), design, np.array([1, 0]))
        rng = np.random.default_rng(SEED)
        observed = model.fit()
        maxima = np.array([model.fit(rng.permutation(len(design))).max() for _ in range(count)])
        p_values(observed, maxima)
        return observed.max(), np.median(maxima)

    return call


def prepare_loop(size, cores):
    from threadpoolctl import threadpool_limits

    maps, design = data_of(*size)
    threadpool_limits(cores)

    def call(count):
        units = maps - maps.mean(axis=0)
        units /= np.linalg.norm(units, axis=0)
        score = (design[:, 0] - design[:, 0].mean()).astype(np.float32)
        score /= np.linalg.norm(score)
        df = len(score) - 2
        rng = np.random.default_rng(SEED)
        observed = score @ units
        maxima = np.array([(rng.permutation(score) @ units).max() for _ in range(count)])
        p_values(observed, maxima)
        return [value * np.sqrt(df / (1 - value**2)) for value in (observed.max(), np.median(maxima))]

    return call


def prepare_peak(size, cores):
    """A function that returns the GFLOP/s of plain float32 products of inner size n_subjects, at its best."""
    from threadpoolctl import threadpool_limits

    rng = np.random.default_rng(SEED)
    inner = size[0]

    def rate(rows, columns, order, threads):
        """GFLOP/s of products of (rows, inner) and (inner, columns), as many at a time as there are threads."""
        done = [0] * threads
        deadline = [np.inf]
        ready = threading.Barrier(threads + 1)

        def work(which):
            left = np.asarray(rng.standard_normal((rows, inner)), np.float32, order)
            right = np.asarray(rng.standard_normal((inner, columns)), np.float32, order)
            out = np.empty((rows, columns), np.float32, order)
            np.matmul(left, right, out=out)
            ready.wait()
            while time.perf_counter() < deadline[0]:
                np.matmul(left, right, out=out)
                done[which] += 1

        workers = [threading.Thread(target=work, args=(which,)) for which in range(threads)]
        for worker in workers:
            worker.start()
        start = time.perf_counter()
        deadline[0] = start + 0.05
        ready.wait()
        start = time.perf_counter()
        deadline[0] = start + 0.05
        for worker in workers:
            worker.join()
        return 2 * rows * columns * inner * sum(done) / (time.perf_counter() - start) / 1e9

    def call():
        best = 0.0
        with threadpool_limits(cores):  # one product at a time, spread over the cores by the BLAS
            for rows in (128, 512, 1024, 2048):
                for columns in (512, 2048, 8192):
                    for order in "CF":
                        best = max(best, rate(rows, columns, order, 1))
        with threadpool_limits(1):  # products of one thread each, small enough for the cache
            for rows in (64, 128, 256, 512):
                for columns in (128, 256, 512, 720, 1024):
                    for order in "CF":
                        best = max(best, rate(rows, columns, order, cores))
        return best

    return call


def contenders(cores, call):
    """Those that are compared.

    The margin lies between a call of `call` and ours of 11 times as many; for peers, whose calls take long, between a
    tenth of a call and a call.
    """
    more, less = 11 * call, call // 10
    return [
        Contender("secondlevel, permute", cores, (prepare_ours, "permute"), call, more),
        Contender("secondlevel, flip", cores, (prepare_ours, "flip"), call, more),
        *[Contender(name, jobs, (prepare_nilearn, jobs), call, less) for jobs, name in nilearn_jobs(cores)],
        Contender(f"{with_version('tfce')} PermutedGLM", cores, (prepare_tfce,), call, less),
        Contender("numpy loop", cores, (prepare_loop,), call, less),
    ]


def compare(size, cores, call, repeats):
    """One row of results for each contender, at one size (n_subjects, n_voxels)."""
    rivals = contenders(cores, call)
    children = [Child(*rival.prepare, size, cores) for rival in rivals]
    gauge = Child(prepare_peak, size, cores)
    calls, peak = {}, 0.0
    for repeat in range(repeats):
        peak = max(peak, gauge.call().value)
        take_turns(rivals, children, calls, f"{size[0]} x {size[1]}, repeat {repeat + 1}")
    settle_margins(rivals, children, calls, f"{size[0]} x {size[1]}, again")
    for child in (*children, gauge):
        child.close()
    agreed = {rival: calls[rival][rival.call][-1].value for rival in rivals}
    rows = []
    for rival in rivals:
        rows.append(
            {
                "subjects": size[0],
                "voxels": size[1],
                **measured(rival, calls),
                "gflops": f"{2 * size[0] * size[1] * margin(rival, calls) / 1e9:.2f}",
                "peak_gflops": f"{peak:.1f}",
                "observed_max_t": f"{agreed[rival][0]:.4f}",
                "null_median_t": f"{agreed[rival][1]:.4f}",
                "repeats": repeats,
            }
        )
    largest = [value[0] for value in agreed.values()]
    if not np.allclose(largest, largest[0], rtol=1e-3):
        raise RuntimeError(f"The contenders disagree on the largest observed t: {largest}.")
    return rows


def sizes_of(rows):
    return list(dict.fromkeys((row["subjects"], row["voxels"]) for row in rows))


def as_markdown(rows):
    """The tables of the page, one for each size."""
    parts = []
    for size in sizes_of(rows):
        some = [row for row in rows if (row["subjects"], row["voxels"]) == size]
        seconds, per_second = best_of_nilearn(some)
        table = markdown(
            [
                "",
                f"seconds for {some[0]['permutations']:,}",
                "nilearn's best / this",
                "permutations per second at the margin",
                "this / nilearn's best",
                "share of the product peak",
                "memory before, MB",
                "peak memory, MB",
                "of its workers, MB",
                "median of the null, t",
            ],
            [
                [
                    row["contender"],
                    three_digits(row["seconds"]),
                    three_digits(seconds / row["seconds"]),
                    three_digits(row["per_second"]),
                    three_digits(row["per_second"] / per_second),
                    f"{100 * row['gflops'] / row['peak_gflops']:.1f} %",
                    row["memory_before_mb"],
                    row["memory_peak_mb"],
                    row["workers_peak_mb"],
                    f"{row['null_median_t']:.2f}",
                ]
                for row in some
            ],
        )
        parts.append(
            f"**{size[0]} subjects, {size[1]:,} voxels.** Product peak {some[0]['peak_gflops']:.0f} GFLOP/s; best of "
            f"{some[0]['repeats']} repeats.\n\n{table}"
        )
    return "\n\n".join(parts)


def plot(rows, path):
    """Seconds of a call and permutations per second at the margin, a point for each contender and size."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    names = list(dict.fromkeys(row["contender"] for row in rows))
    figure, axes = plt.subplots(1, 2, figsize=(10, 0.45 * len(names) + 1.6), sharey=True, layout="constrained")
    labels = (
        f"seconds for a call of {rows[0]['permutations']:,} permutations",
        "permutations per second, at the margin",
    )
    for axis, key, label in zip(axes, ("seconds", "per_second"), labels, strict=True):
        for size, colour, marker in zip(sizes_of(rows), (COLOURS[0], COLOURS[2]), "os", strict=False):
            some = [row for row in rows if (row["subjects"], row["voxels"]) == size]
            places = [names.index(row["contender"]) for row in some]
            values = [row[key] for row in some]
            axis.plot(values, places, marker, color=colour, label=f"{size[0]} subjects x {size[1]:,} voxels")
            shift = 6 if size == sizes_of(rows)[0] else -13
            for value, place in zip(values, places, strict=True):
                axis.annotate(
                    three_digits(value), (value, place), (0, shift), textcoords="offset points", ha="center",
                    fontsize=7, color=colour,
                )  # fmt: skip
        axis.set_xscale("log")
        axis.set_xlabel(label)
        axis.margins(x=0.12)
        axis.grid(axis="x", alpha=0.3)
        axis.set_axisbelow(True)
    axes[0].set_yticks(range(len(names)), names)
    axes[0].set_ylim(len(names) - 0.4, -0.6)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2, frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes; results go to a temporary folder")
    parser.add_argument("--docs", action="store_true", help="measure nothing; make figure and page from stored results")
    parser.add_argument("--repeats", type=int, help="default 5, or 2 with --quick")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="permutation_speed_")) if options.quick else RESULTS
    table = folder / "permutation_speed.tsv"
    if not options.docs:
        sizes, call, repeats = (QUICK_SIZES, CALL // 2, 2) if options.quick else (SIZES, CALL, 5)
        rows = [row for size in sizes for row in compare(size, n_cores(), call, options.repeats or repeats)]
        store(table, rows, CASE)
    rows = read_table(table)
    plot(rows, (folder if options.quick else IMAGES) / "permutation_speed.png")
    if not options.quick:
        rewrite_block(PAGE, "speed", as_markdown(rows))
    print(as_markdown(rows), f"\nwritten to {folder}", sep="\n")


if __name__ == "__main__":
    main()
