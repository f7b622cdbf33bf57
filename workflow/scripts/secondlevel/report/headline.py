"""What was found for a contrast, in one line: what, in which direction, where."""

from secondlevel.base.wording import count, listed, where
from secondlevel.inference.catalogue import CORRECTIONS, FROM_NULL
from secondlevel.report.question import direction


def headline(contrast):
    """The line of a contrast, by the family-wise error rate of the permutation test.

    Parameters
    ----------
    contrast : dict
        From `findings.contrast_findings`.

    Returns
    -------
    str
        Such as "patient above control: 1 region, peak at (-45, -51, -15) mm, fusiform".
    """
    regions = first_peaks(contrast["tables"]["maxT"])
    two_sided = contrast["thresholds"]["fdr"]["two_sided"] and len(contrast["rows"]) == 1
    if not regions:
        return f"{direction(contrast, 0 if two_sided else 1)}: {without(contrast)}"
    if not two_sided:
        return f"{direction(contrast, 1)}: {found(regions, contrast)}"
    by_sign = {}
    for region in regions:  # from the highest peak down
        by_sign.setdefault(1 if float(region["z"]) > 0 else -1, []).append(region)
    return "; ".join(f"{direction(contrast, sign)}: {found(rows, contrast)}" for sign, rows in by_sign.items())


def first_peaks(rows):
    """The first peak of each cluster of a table."""
    return [row for row in rows if row["peak"] == "1"]


def found(regions, contrast):
    """How many regions, or what clusters are called, there are, and the first one's place."""
    name = regions[0].get("label") or ""
    at = where({column: regions[0][column] for column in contrast["place_columns"]})
    number, peak = count(len(regions), contrast["elements"].cluster), "peak" if len(regions) == 1 else "highest peak"
    return f"{number}, {peak} at {at}{f', {name}' if name not in ('', 'n/a') else ''}"


def without(contrast):
    """That nothing passes, or which of the other permutation tests one does."""
    others, unit = [], contrast["elements"]
    for known in CORRECTIONS:
        null = contrast["nulls"].get(known.key)
        if known.source == FROM_NULL and known.key != "maxT" and null and null[f"{unit.many}_above"]:
            rows = first_peaks(contrast["tables"][known.table.kind])
            if known.of_clusters:
                rows = [row for row in rows if float(row[f"p_{known.key}"]) <= null["alpha"]]
            others.append(f"{len(rows)} by {unit.worded(known.label).removeprefix('permutation, ')}")
    if others:
        return f"no {unit.cluster} passes {unit.one} by {unit.one}, {listed(others)}"
    return f"no {unit.cluster} passes"
