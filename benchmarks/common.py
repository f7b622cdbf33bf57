"""What the benchmarks share: processes of their own for fair memory figures, data, tables, and blocks of pages."""

import gc
import importlib.metadata
import multiprocessing
import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
IMAGES = ROOT / "docs" / "images"
PAGE = ROOT / "docs" / "benchmarks.md"
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))

SEED = 2024
MB = 1e6
# Okabe and Ito's colours, which colour-blind readers can tell apart.
COLOURS = ("#0072B2", "#56B4E9", "#D55E00", "#E69F00", "#009E73", "#000000")


def n_cores():
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


@dataclass(frozen=True)
class Measurement:
    """One call in a child process; memory in bytes.

    Attributes
    ----------
    seconds : float
        Wall-clock time.
    before, peak : int
        Resident memory before the call, and the most that the process has had up to the call's end.
    workers : int
        The most that each of the child's own worker processes has had, summed up. Shared pages count for each.
    value : object
        What the call returned.
    """

    seconds: float
    before: int
    peak: int
    workers: int
    value: object


class Child:
    """A process of its own that holds one contender, so that neither memory nor thread settings mix.

    Parameters
    ----------
    prepare : callable
        Called in the child with `args`; makes the data and returns the function that is measured.
    """

    def __init__(self, prepare, *args):
        # A spawned process starts small. This one must stay small too: Linux hands its peak memory on to its children.
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, prepare, args))
        self.process.start()
        other.close()

    def call(self, *args):
        """Run the function in the child and return a Measurement."""
        self.pipe.send(args)
        return self.pipe.recv()

    def close(self):
        if self.process.is_alive():
            self.pipe.send(None)
        self.process.join()
        self.pipe.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _serve(pipe, prepare, args):
    run = prepare(*args)
    for request in iter(pipe.recv, None):
        before = resident_memory()
        start = time.perf_counter()
        value = run(*request)
        seconds = time.perf_counter() - start
        pipe.send(Measurement(seconds, before, peak_memory(), workers_memory(), value))
    if "joblib.externals.loky" in sys.modules:  # idle workers would keep the process for minutes
        sys.modules["joblib.externals.loky"].get_reusable_executor().shutdown(wait=True, kill_workers=True)


def peak_memory():
    """The most resident memory that this process has had, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def resident_memory():
    """Resident memory of this process now, in bytes."""
    import psutil

    return psutil.Process().memory_info().rss


def workers_memory():
    """The sum of the most resident memory that each child process of this one has had, in bytes; Linux only."""
    import psutil

    total = 0
    for worker in psutil.Process().children(recursive=True):
        status = Path(f"/proc/{worker.pid}/status")
        if status.exists():
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
            total += int(lines.get("VmHWM", "0 kB").split()[0]) * 1024
    return total


def nilearn_jobs(cores):
    """Numbers of jobs that nilearn gets, each with its name in tables."""
    return [(jobs, f"{with_version('nilearn')} permuted_ols, n_jobs={jobs}") for jobs in dict.fromkeys((1, cores))]


def import_and_freeze():
    """Import what nilearn's worker processes need, and set it apart from garbage collection."""
    import nilearn.maskers
    import nilearn.mass_univariate  # noqa: F401

    gc.freeze()


def with_version(package):
    return f"{package} {importlib.metadata.version(package)}"


def best_of_nilearn(rows):
    """The least seconds of a call and the most permutations per second of nilearn's rows."""
    peers = [row for row in rows if "nilearn" in row["contender"]]
    return min(row["seconds"] for row in peers), max(row["per_second"] for row in peers)


def design_of(n_subjects):
    """The design [score, intercept]."""
    return np.column_stack([np.random.default_rng([SEED, n_subjects]).standard_normal(n_subjects), np.ones(n_subjects)])


def data_of(n_subjects, n_voxels):
    """float32 maps of noise, shape (n_subjects, n_voxels), and the design."""
    maps = np.random.default_rng(SEED).standard_normal((n_subjects, n_voxels), dtype=np.float32)
    return maps, design_of(n_subjects)


def whole_test(maps, design, cores, scheme="permute", search=None):
    """The one-sided test of the score by secondlevel, as a function of the number of shuffles and a seed.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    design : ndarray, shape (n_subjects, 2)
    cores : int
    scheme : {"permute", "flip"}
    search : whole_maps.search.Search, optional

    Returns
    -------
    callable
        Does all that an analysis needs. Returns the observed statistics, the maxima of the shuffles and the family-wise
        p values, each as arrays by method.
    """
    from threadpoolctl import threadpool_limits

    from secondlevel.inference.correction import fwe_p_values
    from secondlevel.model.glm import partition
    from secondlevel.permutation.blocks import Blocks
    from secondlevel.permutation.engine import max_statistics, n_blocks, observed_statistics
    from secondlevel.permutation.shuffling import plan
    from secondlevel.permutation.statistics.nuisance import FreedmanLane
    from secondlevel.permutation.statistics.ordinary import Ordinary

    threadpool_limits(cores)

    def call(count, seed=SEED):
        blocks = Blocks.none(len(design))
        shuffles = plan(design, scheme, blocks, count, seed)
        split = partition(design, [1, 0])
        test = Ordinary(split, False, FreedmanLane.of(split, blocks, scheme))
        t = observed_statistics(maps, test, cores)
        observed, ties = {"maxT": t}, {"maxT": test.statistic_tie(t)}
        if search:
            observed |= search.maps(t)
            ties |= {method: share * np.abs(observed[method]) for method, share in search.ties.items()}
        maxima = max_statistics(maps, [test], shuffles, range(n_blocks(count)), threads=cores, searches=[search])[0][0]
        maxima = {method: values[1:] for method, values in maxima.items()}
        p = {method: fwe_p_values(observed[method], maxima[method], ties[method]) for method in maxima}
        return observed, maxima, p

    return call


def p_values(observed, maxima):
    """Family-wise p values, for contenders that leave them to the user."""
    return (1 + len(maxima) - np.searchsorted(np.sort(maxima), observed)) / (1 + len(maxima))


def write_table(path, rows):
    """Write a list of dicts with the same keys as a TSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(rows[0])] + ["\t".join(str(value) for value in row.values()) for row in rows]
    path.write_text("\n".join(lines) + "\n")


def read_table(path):
    """Read a TSV file as a list of dicts, numbers as numbers."""
    header, *lines = path.read_text().splitlines()
    return as_read([dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines])


def as_read(rows):
    """Rows as they are read once they are written: numbers as numbers."""

    def value(text):
        try:
            return float(text) if "." in text or text == "nan" else int(text)
        except ValueError:
            return text

    return [{key: value(str(cell)) for key, cell in row.items()} for row in rows]


def markdown(header, rows):
    """A Markdown table; columns after the first are aligned to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def rewrite_block(page, name, text):
    """Put text between the comments `<!-- name: begin -->` and `<!-- name: end -->` of a page."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    head, _, rest = page.read_text().partition(begin)
    _, found, tail = rest.partition(end)
    if not found:
        raise ValueError(f"{page} has no block {begin} ... {end}")
    page.write_text(f"{head}{begin}\n\n{text.strip()}\n\n{end}{tail}")


def three_digits(value):
    """A number with three significant digits, without an exponent, with commas between thousands."""
    if value == 0 or not np.isfinite(value):
        return f"{value:.0f}"
    decimals = 2 - int(np.floor(np.log10(abs(value))))
    return f"{round(value, decimals):,.{max(0, decimals)}f}"
