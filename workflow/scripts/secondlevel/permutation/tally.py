"""What is kept of the shuffles of a test: maxima, counts, and whole maps for as long as they are needed."""

from threading import Lock

import numpy as np

from secondlevel.base.sides import tested


class Tally:
    """The maxima of a test's shuffles, and how often each element's own statistic is reached.

    Parameters
    ----------
    test : statistics.protocol.Statistic
    search : whole_maps.search.Search or None
        What is looked for in whole maps.
    n_shuffles, n_elements : int
    level : ndarray, shape (n_elements,), or bool or None
        The evidence that a shuffle has to reach, to be counted; True to find it from each tile; None to count nothing.

    Attributes
    ----------
    maxima : dict of ndarray of float64, shape (n_shuffles,), by method
    reached : ndarray of int64, shape (n_elements,), or None
    bytes : int
        That an element takes for each shuffle at a time.
    """

    def __init__(self, test, search, n_shuffles, n_elements, level):
        self.test, self.search, self.level, self.n_elements = test, search, level, n_elements
        self.maxima = {method: np.empty(n_shuffles) for method in ("maxT", *(search.methods if search else ()))}
        self.reached = None if level is None else np.zeros(n_elements, dtype=np.int64)
        # Of fields a map is made, and of that the evidence.
        self.bytes = 8 * (test.fields + 2) if test.fields else 4 if search else 0
        self.buffer, self.lock = None, Lock()

    def begin(self, done, most):
        """Make room for `done` shuffles, and never for more than `most`."""
        self.done, self.best = done, np.full(done, -np.inf)
        if self.bytes and self.buffer is None:
            fields, dtype = ((self.test.fields,), np.float64) if self.test.fields else ((), np.float32)
            self.buffer = np.empty((*fields, min(most, done), self.n_elements), dtype)

    def add(self, tile, start, blocks):
        """Take in a tile of elements.

        Parameters
        ----------
        tile : ndarray, shape (n_subjects, n_elements_of_tile)
        start : int
            Number of its first element.
        blocks : list of tuple
            For each block of shuffles whether it begins with the observed order, and its rows, shape (n_vectors,
            n_shuffles_of_block, n_subjects).
        """
        test, here = self.test, slice(start, start + tile.shape[1])
        elements = test.elements(tile, test.dtype)
        level = self.level_here(elements) if self.level is True else None
        place, largest = 0, np.empty(self.done)
        for first, rows in blocks:
            scores = test.scores(rows, elements)
            kept = min(rows.shape[1], self.done - place)  # the last block may be longer
            if test.fields:
                for field, values in zip(self.buffer, scores, strict=True):
                    field[place : place + kept, here] = values[:kept]
            else:
                if self.search:
                    self.buffer[place : place + kept, here] = test.statistic(scores[:kept])
                evidence = np.abs(scores, out=scores) if test.two_sided else scores
                largest[place : place + kept] = evidence[:kept].max(axis=1)
                if level is not None:
                    # A count of the shuffles of one block fits into a byte.
                    reaching = (evidence[int(first) : kept] >= level).view(np.uint8)
                    self.reached[here] += reaching.sum(axis=0, dtype=np.uint8)
            place += kept
        if not test.fields:
            with self.lock:
                np.maximum(self.best, largest, out=self.best)

    def level_here(self, elements):
        """The scores that shuffles have to reach at the elements of a tile, shape (n_elements_of_tile,)."""
        test = self.test
        observed = tested(test.scores(test.vectors[:, None].astype(test.dtype), elements)[0], test.two_sided)
        return observed - test.tie(observed)

    def end(self, place, first, threads):
        """Take the maxima of the shuffles since `begin`, once all tiles are in.

        Parameters
        ----------
        place : int
            Number of the first of them among all of this tally.
        first : bool
            Whether that is the observed order.
        threads : int
        """
        if self.test.fields:
            maps = self.statistics(threads)
            evidence = [tested(values, self.test.two_sided) for values in maps]
            found = {"maxT": [values.max() for values in evidence]}
            if self.level is not None:
                self.reached += sum((values >= self.level).astype(np.int64) for values in evidence[int(first) :])
        else:
            maps = self.buffer
            found = {"maxT": self.test.statistic(self.best[: self.done])}
        if self.search:
            found |= self.search.maxima(maps[: self.done], threads)
        for method, values in found.items():
            self.maxima[method][place : place + self.done] = values

    def statistics(self, threads):
        """The statistics of the whole maps since `begin`, a list of arrays of shape (n_elements,)."""
        import joblib  # slow to import, and rarely needed

        whole = (joblib.delayed(self.test.statistic)(self.buffer[:, k]) for k in range(self.done))
        return joblib.Parallel(n_jobs=threads, prefer="threads")(whole)
