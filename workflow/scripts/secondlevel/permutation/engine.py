"""The max statistic of many shuffles, as a matrix product and a row maximum.

Freedman and Lane's shuffle k takes the maps, free of nuisance, to P_k R_Z Y, fits the whole model to that and keeps
the statistic of the effect (Winkler et al. 2014, NeuroImage 92). A test says which vectors v have to be shuffled so
that all it needs of an element y are the products (P_k'v)'y (see `statistics.protocol`), and Smith's scheme, too, needs
such products only (see `statistics.nuisance`): the rows P_k'v of a block of shuffles times the matrix of elements, tile
by tile, are all there is to compute, and of each row only the maximum is kept (see `tally`). Where clusters are asked
for (see `whole_maps`), or the statistic of an element needs the others', the tiles of a shuffle are put together to its
whole map first.

Products always have BLOCK rows for each vector, aligned on k, and as many columns as `tile_size` says (fewer in the
last tile only), one thread each: however the shuffles are shared out, each of them goes through the same arithmetic.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from threadpoolctl import ThreadpoolController

from secondlevel.base.matrix import columns
from secondlevel.base.sides import tested
from secondlevel.permutation.tally import Tally

BLOCK = 128  # shuffles in a product; not above 255, the largest count that a byte holds
MOST_ROWS = 2**25  # numbers in the shuffled rows that are kept at a time, which bounds memory, not results
SLAB = 2**25  # bytes of the maps that a task reads
WHOLE = 2**28  # bytes of the whole maps of shuffles that are kept at a time, if they are needed


def tile_size(n_subjects):
    """Elements in a product; fewer for large samples, to stay within the processor's cache."""
    return 512 if n_subjects <= 2048 else 128


def n_blocks(count):
    """Number of blocks that hold the observed order and `count` shuffles."""
    return -(-(count + 1) // BLOCK)


def chunk_of_blocks(count, chunk, n_chunks):
    """The blocks of one of `n_chunks` even shares, as a range; a share may be empty."""
    total = n_blocks(count)
    return range(total * chunk // n_chunks, total * (chunk + 1) // n_chunks)


def over_tiles(function, maps, threads):
    """A list of what a function makes of each tile of elements and its first element's number, in order."""
    size = tile_size(maps.shape[0])
    starts = np.arange(0, maps.shape[1], size)
    # Few tasks, since each has a cost, and yet several a thread, since they do not take the same time; but what a task
    # reads must fit well into memory.
    most = max(1, SLAB // (size * maps.shape[0] * maps.itemsize))
    tasks = np.array_split(starts, max(-(-len(starts) // most), min(len(starts), 8 * threads if threads > 1 else 1)))

    def some(starts):
        slab = columns(maps, starts[0], starts[-1] + size)
        return [function(slab[:, start - starts[0] :][:, :size], start) for start in starts]

    with ThreadPoolExecutor(threads) as pool:
        return [tile for done in pool.map(some, tasks) for tile in done]


def observed_statistics(maps, test, threads=1):
    """The statistic of every element in the observed order, in float64, shape (n_elements,)."""

    def one_tile(tile, start):
        return np.asarray(test.scores(test.vectors[:, None], test.elements(tile, np.float64)))[..., 0, :]

    with one_thread_for_each_product():
        scores = over_tiles(one_tile, maps, threads)
    return test.statistic(np.concatenate(scores, axis=-1))


def max_statistics(maps, tests, shuffles, blocks, exceedances=False, threads=1, progress=None, searches=None):
    """The largest statistics over elements for each shuffle of some blocks, and how often each one's own is reached.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    tests : list of statistics.protocol.Statistic
        One for each contrast; all see the same `shuffles`, a `shuffling.Shuffles`, in one pass over the maps.
    blocks : range
        Numbers of the blocks: block b holds the shuffles b * BLOCK to (b + 1) * BLOCK - 1.
    exceedances : bool
        Whether to count for each element the shuffles that reach its observed statistic.
    threads : int
        Tiles that are computed at a time.
    progress : callable, optional
        Is told the number of shuffles done, now and then.
    searches : list, optional
        For each test the `whole_maps.search.Search` that is made of its shuffles' whole maps, or None.

    Returns
    -------
    maxima : list of dict, one for each test
        Arrays of float64, shape (n_shuffles,), by method: "maxT", the element's statistic, and those of the search. In
        the order of k. Shuffles past the last of the test, in its last block, are left out.
    reached : list of ndarray of int64, shape (n_elements,), or None
        For each test and element the number of these shuffles, the observed order apart, whose statistic there is at
        least the observed one.
    """
    stop, start = min(blocks.stop * BLOCK, shuffles.count + 1), blocks.start * BLOCK
    tallies = [
        Tally(test, search, max(0, stop - start), maps.shape[1], level_of(maps, test) if exceedances else None)
        for test, search in zip(tests, searches or [None] * len(tests), strict=True)
    ]
    step = blocks_at_a_time(maps, tallies)
    for first in range(blocks.start, blocks.stop, step):
        some = range(first, min(first + step, blocks.stop))
        done = min(some.stop * BLOCK, stop) - first * BLOCK
        for tally in tallies:
            tally.begin(done, step * BLOCK)
        through(maps, tallies, shuffles, some, threads)
        for tally in tallies:
            tally.end(first * BLOCK - start, first == 0, threads)
        if progress:
            progress(first * BLOCK - start + done)
    return [tally.maxima for tally in tallies], [tally.reached for tally in tallies] if exceedances else None


def through(maps, tallies, shuffles, blocks, threads):
    """Take some blocks of shuffles through the maps, tile by tile."""
    with one_thread_for_each_product():
        rows = [rows_of([tally.test for tally in tallies], shuffles, number) for number in blocks]
        of_tests = [
            [(n == 0, part) for n, part in zip(blocks, of_test, strict=True)] for of_test in zip(*rows, strict=True)
        ]

        def one_tile(tile, start):
            for tally, of_test in zip(tallies, of_tests, strict=True):
                tally.add(tile, start, of_test)

        over_tiles(one_tile, maps, threads)


def one_thread_for_each_product():
    """A context in which it does not depend on the number of threads how a product is computed."""
    return ThreadpoolController().limit(limits=1)


def level_of(maps, test):
    """The evidence that a shuffle has to reach at each element; of a test without fields it is found tile by tile."""
    if not test.fields:
        return True
    evidence = tested(observed_statistics(maps, test), test.two_sided)
    return evidence - test.tie(evidence)


def blocks_at_a_time(maps, tallies):
    """How many blocks of shuffles go through the maps together: as many as their rows and whole maps have room."""
    n_vectors = sum(len(tally.test.vectors) for tally in tallies)
    step = max(1, MOST_ROWS // (BLOCK * n_vectors * maps.shape[0]))
    whole = sum(tally.bytes for tally in tallies)
    return min(step, max(1, WHOLE // (BLOCK * maps.shape[1] * whole))) if whole else step


def rows_of(tests, shuffles, number):
    """The rows of a block of shuffles for each test, shape (n_vectors, BLOCK, n_subjects)."""
    drawn = shuffles.draw(number * BLOCK, BLOCK)
    return [test.rows(*drawn) for test in tests]
