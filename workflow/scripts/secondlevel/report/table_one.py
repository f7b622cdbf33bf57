"""The characteristics of the sample as people read them: a column for each group."""


def table_one(rows):
    """The table.

    Parameters
    ----------
    rows : list of dict of str
        Of characteristics.tsv.

    Returns
    -------
    dict
        ``groups``, the columns; ``rows``, each with its ``name`` and a text for each of its ``cells``.
    """
    groups = list(dict.fromkeys(row["group"] for row in rows))
    named = {}
    for row in rows:
        named.setdefault((row["variable"], row["level"]), {})[row["group"]] = in_words(row)
    return {
        "groups": groups,
        "rows": [
            {
                "name": variable if level == "n/a" else f"{variable}: {level}",
                "cells": [cells.get(group, "") for group in groups],
            }
            for (variable, level), cells in named.items()
        ],
    }


def in_words(row):
    """A cell, such as "40.1 (9.2), 22 to 58", or "12 (50 %)"."""
    if row["level"] != "n/a":
        return row["n"] if row["share"] == "n/a" else f"{row['n']} ({100 * float(row['share']):.0f} %)"
    if row["mean"] == "n/a":
        return row["n"]
    spread = "" if row["sd"] == "n/a" else f" ({float(row['sd']):.3g})"
    return f"{float(row['mean']):.4g}{spread}, {float(row['minimum']):.4g} to {float(row['maximum']):.4g}"
