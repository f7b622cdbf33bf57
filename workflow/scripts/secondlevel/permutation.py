"""The max statistic of many shuffles, as a matrix product and a row maximum.

Freedman and Lane's shuffle k takes the maps, free of nuisance, to P_k R_Z Y, fits the whole model to that and keeps
the statistic of the effect (Winkler et al. 2014, NeuroImage 92). A test says which vectors v have to be shuffled so
that all it needs of a voxel y are the products (P_k'v)'y (see `statistic`): the rows P_k'v of a block of shuffles
times the matrix of voxels, tile by tile, are all there is to compute, and of each row only the maximum is kept. Where
clusters are asked for (see `search`), the tiles of a shuffle are put together to its whole map first.

Products always have BLOCK rows for each vector, aligned on k, and as many columns as `tile_size` says (fewer in the
last tile only), one thread each: however the shuffles are shared out, each of them goes through the same arithmetic.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import numpy as np
from threadpoolctl import ThreadpoolController

from secondlevel.matrix import columns
from secondlevel.shuffling import shuffled
from secondlevel.statistic import tested

BLOCK = 128  # shuffles in a product; not above 255, the largest count that a byte holds
MOST_ROWS = 2**23  # numbers in the shuffled rows that are kept at a time, which bounds memory, not results
SLAB = 2**25  # bytes of the maps that a task reads
WHOLE = 2**28  # bytes of the whole maps of shuffles that are kept at a time, if they are needed


def tile_size(n_subjects):
    """Voxels in a product; fewer for large samples, to stay within the processor's cache."""
    return 512 if n_subjects <= 2048 else 128


def n_blocks(count):
    """Number of blocks that hold the observed order and `count` shuffles."""
    return -(-(count + 1) // BLOCK)


def chunk_of_blocks(count, chunk, n_chunks):
    """The blocks of one of `n_chunks` even shares, as a range; a share may be empty."""
    total = n_blocks(count)
    return range(total * chunk // n_chunks, total * (chunk + 1) // n_chunks)


def over_tiles(function, maps, threads):
    """A list of what a function makes of each tile of voxels and its first voxel's number, in order, with one thread
    for each product."""
    size = tile_size(maps.shape[0])
    starts = np.arange(0, maps.shape[1], size)
    # Few tasks, since each has a cost, and yet several a thread, since they do not take the same time; but what a task
    # reads must fit well into memory.
    most = max(1, SLAB // (size * maps.shape[0] * maps.itemsize))
    tasks = np.array_split(starts, max(-(-len(starts) // most), min(len(starts), 8 * threads if threads > 1 else 1)))

    def some(starts):
        slab = columns(maps, starts[0], starts[-1] + size)
        return [function(slab[:, start - starts[0] :][:, :size], start) for start in starts]

    with ThreadpoolController().limit(limits=1), ThreadPoolExecutor(threads) as pool:
        return [tile for done in pool.map(some, tasks) for tile in done]


def observed_statistics(maps, test, threads=1):
    """The statistic of every voxel in the observed order, in float64, shape (n_voxels,)."""

    def one_tile(tile, start):
        return test.scores(test.vectors[:, None], test.voxels(tile, np.float64))[0]

    return test.statistic(np.concatenate(over_tiles(one_tile, maps, threads)))


def max_statistics(maps, tests, shuffles, blocks, exceedances=False, threads=1, progress=None, searches=None):
    """The largest statistics over voxels for each shuffle of some blocks, and how often each voxel's own is reached.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    tests : list
        Tests of `statistic`, one for each contrast; all see the same shuffles in one pass over the maps.
    shuffles : shuffling.Shuffles
    blocks : range
        Numbers of the blocks: block b holds the shuffles b * BLOCK to (b + 1) * BLOCK - 1.
    exceedances : bool
        Whether to count for each voxel the shuffles that reach its observed statistic.
    threads : int
        Tiles that are computed at a time.
    progress : callable, optional
        Is told the number of shuffles done, now and then.
    searches : list, optional
        For each test the `search.Search` that is made of its shuffles' whole maps.

    Returns
    -------
    maxima : list of dict, one for each test
        Arrays of float64, shape (n_shuffles,), by method: "maxT", the voxel's statistic, and those of the search. In
        the order of k. Shuffles past the last of the test, in its last block, are left out.
    reached : ndarray of int64, shape (n_tests, n_voxels), or None
        For each voxel the number of these shuffles, the observed order apart, whose statistic there is at least the
        observed one.
    """
    stop = min(blocks.stop * BLOCK, shuffles.count + 1)
    n_shuffles, n_voxels = max(0, stop - blocks.start * BLOCK), maps.shape[1]
    searches = searches or [None] * len(tests)
    methods = [("maxT", *(search.methods if search else ())) for search in searches]
    maxima = [{method: np.empty(n_shuffles) for method in names} for names in methods]
    reached = np.zeros((len(tests), n_voxels), dtype=np.int64) if exceedances else None
    n_vectors = sum(len(test.vectors) for test in tests)
    step = max(1, MOST_ROWS // (BLOCK * n_vectors * maps.shape[0]))
    buffer = None
    if any(searches):
        step = min(step, max(1, len(blocks)), max(1, WHOLE // (BLOCK * n_voxels * 4 * len(tests))))
        buffer = np.empty((len(tests), step * BLOCK, n_voxels), np.float32)
    for first in range(blocks.start, blocks.stop, step):
        some = range(first, min(first + step, blocks.stop))
        rows = [rows_of(tests, shuffles, number) for number in some]
        done = min(some.stop * BLOCK, stop) - first * BLOCK
        best, lock = np.full((len(tests), done), -np.inf), Lock()
        whole = None if buffer is None else buffer[:, :done]

        def one_tile(tile, start, some=some, rows=rows, done=done, best=best, lock=lock, whole=whole):
            part = None if whole is None else whole[..., start : start + tile.shape[1]]
            largest, counts = of_tile(tile, tests, some, rows, done, exceedances, part)
            with lock:
                np.maximum(best, largest, out=best)
            return counts

        counts = over_tiles(one_tile, maps, threads)
        place = (first - blocks.start) * BLOCK
        for number, test in enumerate(tests):
            found = {"maxT": test.statistic(best[number])}
            if searches[number]:
                found |= searches[number].maxima(whole[number], threads)
            for method, values in found.items():
                maxima[number][method][place : place + done] = values
        if exceedances:
            reached += np.concatenate(counts, axis=1)
        if progress:
            progress(place + done)
    return maxima, reached


def rows_of(tests, shuffles, number):
    """The shuffled vectors of a block of shuffles for each test, shape (n_vectors, BLOCK, n_subjects)."""
    order, signs = shuffles.draw(number * BLOCK, BLOCK)
    return [shuffled(test.vectors.astype(test.dtype), order, signs) for test in tests]


def of_tile(maps, tests, blocks, rows, done, exceedances, whole):
    """The maxima of scores and the counts of one tile of voxels, whose statistics go to `whole` unless that is None."""
    maxima = np.empty((len(tests), len(blocks) * BLOCK))
    reached = np.zeros((len(tests), maps.shape[1]), dtype=np.int64)
    for which, test in enumerate(tests):
        voxels = test.voxels(maps, test.dtype)
        if exceedances:
            observed = tested(test.scores(test.vectors[:, None].astype(test.dtype), voxels)[0], test.two_sided)
            level = observed - test.tie(observed)
        for place, number in enumerate(blocks):
            scores = test.scores(rows[place][which], voxels)
            if whole is not None:
                part = whole[which, place * BLOCK : (place + 1) * BLOCK]
                part[:] = test.statistic(scores[: len(part)])
            if test.two_sided:
                np.abs(scores, out=scores)
            maxima[which, place * BLOCK : (place + 1) * BLOCK] = scores.max(axis=1)
            if exceedances:
                new = slice(1 if number == 0 else 0, done - place * BLOCK)
                reached[which] += (scores[new] >= level).view(np.uint8).sum(axis=0, dtype=np.uint8)
    return maxima[:, :done], reached
