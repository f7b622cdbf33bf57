"""Sites and families that the table tells of and the analysis does not."""

import re

# What columns of such tables are called.
OF_SITES = re.compile(r"(site|scanner|cent(er|re)|hospital|school)(_?(id|name|nr))?", re.IGNORECASE)
OF_FAMILIES = re.compile(r"(fam|family|twin_?pair|pair|sibship|mother|litter)(_?(id|nr))?", re.IGNORECASE)
MISSING = ("", "n/a")


def undeclared(sample, people, used):
    """A sentence on each column that tells of sites or families, and is neither in the design nor among the blocks.

    Parameters
    ----------
    sample : dict of ndarray of str, shape (n_rows,), by column
        The table of kept rows.
    people : ndarray of str, shape (n_rows,)
        The person of each row.
    used : collection of str
        The variables that design, blocks and statistic name.

    Yields
    ------
    str
    """
    for name, cells in sample.items():
        of_sites, of_families = OF_SITES.fullmatch(name), OF_FAMILIES.fullmatch(name)
        if name in used or not (of_sites or of_families):
            continue
        members = {}
        for cell, person in zip(cells, people, strict=True):
            if cell not in MISSING:
                members.setdefault(cell, set()).add(person)
        largest = max(map(len, members.values()), default=0)
        if len(members) < 2 or largest < 2:
            continue
        advice = (
            f"add it to the design as a factor and shuffle within it (permutation.blocks: {{variable: {name}, "
            "shuffle: within}), if sites differ in mean or variance"
            if of_sites
            else f"let them move as wholes (permutation.blocks: {{variable: {name}, shuffle: whole}}), as relatives "
            "are alike"
        )
        yield (
            f"The column {name} of the table puts people into {len(members)} groups of up to {largest}, which neither "
            f"the design nor permutation.blocks names: {advice}. docs/designs.md has examples."
        )
