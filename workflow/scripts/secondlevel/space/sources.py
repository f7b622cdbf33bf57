"""What stands for a subject's map in the sample table, its source, and the files that it names.

A source is a path; several, with `BETWEEN` them, where a map has a file for each mesh; a path, `ROW_OF` and the row or
volume of that file; or two of these with `MINUS` between them, where maps are subtracted. Plain Python, read by the
rules too, so it imports no other file.
"""

BETWEEN, ROW_OF, MINUS = ";", "#", " minus "
NOWHERE = "n/a"  # in the place of one of two maps that is not there: a cell of a table does not end in blanks


def halves(source, about):
    """The sources of the two maps that are subtracted, "" for one that is not there; else the source alone, in a list.

    Parameters
    ----------
    source : str
    about : dict
        From `forms.wanted`.
    """
    if "difference" not in about:
        return [source]
    return ["" if half == NOWHERE else half for half in source.split(MINUS)]


def subtracted(first, second):
    """The source of the difference of two maps, by their sources; one that is empty or None is not there."""
    return MINUS.join(half or NOWHERE for half in (first, second))


def paths_of(source, about):
    """The files that a map is read from, in a list; "" for one that is not there."""
    return [path for half in halves(source, about) for path in files_of(half, about)]


def files_of(source, about):
    """The same of a source of one map."""
    if len(about["parts"]) > 1:
        return source.split(BETWEEN)
    return [source.split(ROW_OF, 1)[0] if about["rows"] else source]


def moved(source, about, change):
    """A source with other paths: what a function makes of each of its own."""
    found = [half and moved_map(half, about, change) for half in halves(source, about)]
    return subtracted(*found) if "difference" in about else found[0]


def moved_map(source, about, change):
    """The same of a source of one map."""
    if len(about["parts"]) > 1:
        return BETWEEN.join(path and change(path) for path in source.split(BETWEEN))
    path, sign, row = source.partition(ROW_OF) if about["rows"] else (source, "", "")
    return f"{change(path)}{sign}{row}"
