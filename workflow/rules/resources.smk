"""The memory and run time by the size of the data, more at each new attempt. No rules here."""

import os


def megabytes(files):
    """The sizes of the files that are there, in MB."""
    files = [files] if isinstance(files, str) else files
    return [os.path.getsize(path) / 1e6 for path in files if os.path.isfile(path)] or [0]


def memory(base, times=0, name=None, of=max):
    """MB of memory: a base and some times the size of an input, the largest of its files; more if tried again."""

    def value(wildcards, input, attempt):
        return attempt * round(base + (times * of(megabytes(getattr(input, name))) if name else 0))

    return value


def minutes(base, each=0, name=None):
    """Minutes of run time: a base and some for each file of an input; more if tried again."""

    def value(wildcards, input, attempt):
        return attempt * round(base + (each * len(getattr(input, name)) if name else 0))

    return value


def minutes_of_chunk(wildcards, input, attempt):
    """Run time of a chunk, ten times what the slowest statistic took on one core of a laptop."""
    chunks = int(wildcards.scatteritem.split("-of-")[1])
    return attempt * round(10 + 1e-4 * PERMUTATION["count"] / chunks * megabytes(input.maps)[0])
