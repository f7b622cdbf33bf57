"""Work on files side by side, in the order in which it is taken."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor


def in_threads(threads):
    """A `map` whose calls go on in threads; no more than one item for each thread, and one, is ahead of what is taken.

    Parameters
    ----------
    threads : int

    Returns
    -------
    callable
        Takes a function and an iterable and gives an iterator over the function's results, in the order of the items.
        An exception is raised where its result would come.
    """

    def each(function, items):
        with ThreadPoolExecutor(threads) as pool:
            ahead = deque()
            for item in items:
                ahead.append(pool.submit(function, item))
                if len(ahead) > threads:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

    return each
