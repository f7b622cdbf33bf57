"""A design of FSL or PALM as settings: design.mat, design.con, design.fts and design.grp.

The columns of design.mat become variables, EV1 and so on, which `sample.elsewhere` of the core joins to the table by
ID. Plain Python, loaded by settings.py.
"""

from collections import Counter

elsewhere = facts = None  # modules, set by settings.py
KEYS = ("mat", "con", "fts", "grp")
BLOCKS, ROW = "grp", "design_row"  # the columns that are joined beside EV1 and so on


def is_meant(settings):
    """Whether the design of an analysis is one of FSL."""
    return isinstance(settings.get("design"), dict)


def taken_over(settings):
    """The settings of an analysis with ordinary ones in the place of FSL's files.

    Parameters
    ----------
    settings : dict
        With the paths of the files below ``design.fsl``.

    Returns
    -------
    dict
        A new one. ``elsewhere`` says what the sample table is to be joined with, and which files were read.

    Raises
    ------
    elsewhere.Refused
        If a file is not there or no such matrix, files do not fit each other, or what they ask for is not there.
    """
    files = settings["design"]["fsl"]
    for key in ("rows", *KEYS):
        if files.get(key):
            elsewhere.require_file(f"design.fsl.{key}", files[key])
    found = {key: matrix_of(files[key]) for key in KEYS if files.get(key)}
    names = [f"EV{number}" for number in range(1, found["mat"].n_columns + 1)]
    columns = [{"column": name, "variable": name} for name in names]
    own = settings["dataset"] == "own"
    joined = {"id": settings["datasets"]["own"]["id"] if own else ["participant_id"], "mat": files["mat"]}
    joined |= {"rows": files["rows"], "files": [files[key] for key in (*KEYS, "rows") if files.get(key)]}
    made = {"design": columns, "elsewhere": joined}
    if "con" in found:
        elsewhere.require_unsaid(settings, ["contrasts"], f"design.fsl.con ({files['con']})")
        made["contrasts"] = contrasts_of(found, files)
    elif "fts" in found:
        raise elsewhere.Refused("config key 'design.fsl.fts': its rows choose rows of design.fsl.con; name that, too.")
    if "grp" in found:
        blocks = blocks_of(settings, found, files)
        made["elsewhere"] |= {"grp": files["grp"]} if blocks else {}
        made["permutation"] = settings["permutation"] | {"blocks": blocks}
    return settings | made


def matrix_of(path):
    """A file as a matrix."""
    try:
        return facts.vest.read_matrix(path)
    except facts.vest.NoMatrix as why:
        raise elsewhere.Refused(f"{path} cannot be read as a matrix of FSL or PALM: {why}.") from None


def require_size(which, there, wanted, what):
    """Refuse a matrix whose size is not that of another file."""
    if there != wanted:
        raise elsewhere.Refused(f"{which} has {there} {what} {wanted}; they must be as many.")


def contrasts_of(found, files):
    """The contrasts: a t for each row of design.con, an F for each of design.fts."""
    con, fts = found["con"], found.get("fts")
    require_size(files["con"], con.n_columns, found["mat"].n_columns, f"columns, but {files['mat']} has")
    names = [elsewhere.label(con.names.get(number, "")) or f"tstat{number}" for number in range(1, len(con.rows) + 1)]
    # Such as "age +" and "age -".
    count = Counter(names)
    names = [f"{name}{number}" if count[name] > 1 else name for number, name in enumerate(names, 1)]
    contrasts = [{"name": name, "weights": row} for name, row in zip(names, con.rows, strict=True)]
    if fts is None:
        return contrasts
    require_size(files["fts"], fts.n_columns, len(con.rows), f"columns, but the rows of {files['con']} are")
    for number, (row, line) in enumerate(zip(fts.rows, fts.lines, strict=True), 1):
        where = f"{files['fts']}, line {line}"
        if set(row) - {0, 1}:
            raise elsewhere.Refused(f"{where}: a row chooses contrasts by 0 and 1; correct it.")
        chosen = [weights for weights, wanted in zip(con.rows, row, strict=True) if wanted]
        if len(chosen) < 2:
            raise elsewhere.Refused(
                f"{where}: the row chooses {len(chosen)} contrasts, and an F needs two or more; an F of one is its t, "
                "tested on both sides: take the row out and set two_sided to true."
            )
        name = elsewhere.label(fts.names.get(number, "")) or f"fstat{number}"
        contrasts.append({"name": name, "weights": chosen})
    return contrasts


def blocks_of(settings, found, files):
    """The exchangeability blocks of design.grp; None where it has one block of all, as FSL writes it by default."""
    grp, path = found["grp"], files["grp"]
    if settings["permutation"]["blocks"]:
        raise elsewhere.Refused(
            "config key 'permutation.blocks': design.fsl.grp says what the blocks are; leave out one of them."
        )
    if grp.n_columns != 1:
        raise elsewhere.Refused(
            f"{path} has {grp.n_columns} columns, which are blocks within blocks, and one is all that is read; leave "
            f"it out, and {instead_of(grp)}."
        )
    for row, line in zip(grp.rows, grp.lines, strict=True):
        if row[0] < 1 or row[0] != int(row[0]):
            raise elsewhere.Refused(f"{path}, line {line}: {row[0]:g} is no number of a block, such as 1; correct it.")
    require_size(path, len(grp.rows), len(found["mat"].rows), f"rows, but {files['mat']} has")
    shuffle = files.get("shuffle", "within")
    if len({row[0] for row in grp.rows}) > 1:
        # Rows of a block that moves as a whole keep the order that they have in the files.
        return {"variable": BLOCKS, "shuffle": shuffle} | ({"order": [ROW]} if shuffle == "whole" else {})
    if shuffle == "whole":
        raise elsewhere.Refused(f"{path} names one block only, which has no other to change places with.")
    return None


def instead_of(grp):
    """What to write in the place of PALM's blocks within blocks, a column for each level, the rows in the last one.

    There the sign of a block says whether what is in it, blocks of the next column, may change places.
    """
    free = [{number > 0 for number in column} for column in list(zip(*grp.rows, strict=True))[:-1]]
    mixed = [number for number, signs in enumerate(free, 1) if len(signs) > 1]
    if mixed:
        return (
            f"name levels of permutation.blocks, of variables of the table; in column {mixed[0]} some blocks are free "
            "inside and others are not, so give kinds of blocks a level of their own, as docs/designs.md shows"
        )
    free = [True in signs for signs in free]
    if not any(free):
        return "give it blocks that are free inside: as it is, nothing may change places"
    if len(free) == 1:
        return "write no blocks"
    names, levels = [f"column_{number}" for number in range(2, len(free) + 1)], []
    for name, moves in zip(names, free, strict=False):
        inner = name == names[-1] and free[-1]
        how = ("both" if inner else "whole") if moves else "within"
        levels.append(f"{{variable: {name}, shuffle: {how}}}")
    if not free[-1] and not free[-2]:
        return "name levels of permutation.blocks without the innermost, since nothing changes places in it"
    written = f"'permutation: {{blocks: [{', '.join(levels)}]}}'"
    return f"put its blocks into the table as {', '.join(names)}, and write {written}"
