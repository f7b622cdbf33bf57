"""What was asked and what was found, in sentences with numbers."""

from secondlevel.base.wording import combination, count, listed, p_value, percent, place
from secondlevel.inference.catalogue import BY_KEY, CORRECTIONS, FROM_Z

# Of parametric p values, where rows belong together.
INDEPENDENT = ", if rows were independent"


def tested_as(contrast):
    """A contrast with its weights and its test, such as "fluency (t, one-sided, positive)"."""
    sides = "two-sided" if contrast["thresholds"]["fdr"]["two_sided"] else "one-sided, positive effects"
    how = "F" if is_f(contrast) else f"t, {sides}"
    weights = "; ".join(combination(row) for row in contrast["rows"])
    return f"{contrast['name']} ({'' if weights == contrast['name'] else f'= {weights}; '}{how})"


def is_f(contrast):
    """Whether a contrast has several rows."""
    return len(contrast["rows"]) > 1


def in_words(contrast, columns):
    """What a contrast asks, in words."""
    sums = [combination(row) for row in contrast["rows"]]
    if len(sums) > 1:
        return f"Whether any of {listed(sums)} differs from 0."
    (row,) = contrast["rows"]
    constant = {column["name"] for column in columns if column["minimum"] == column["maximum"]}
    if set(row) <= constant and list(row.values()) == [1]:
        return f"The mean of the maps{', where all other columns are 0' if len(columns) > 1 else ''}."
    if len(row) == 1:
        return f"How much the maps change with {sums[0]}, for each unit of it, with the other columns held."
    return f"The combination {sums[0]} of the columns' coefficients."


def corrections(contrast):
    """A row for each correction, by permutation first.

    Returns
    -------
    list of dict
        ``label``, ``alpha``, ``threshold`` in words, ``voxels``, ``p`` or None, its ``interval`` in words.
    """
    rows = []
    for key, null in contrast["nulls"].items():
        name = f"|{null['statistic']['name']}|" if null["two_sided"] else null["statistic"]["name"]
        ends = null["interval_of_p_of_observed_maximum"]
        interval = f"{ends[0]:.2g} to {ends[1]:.2g}" if ends else ""
        row = correction(BY_KEY[key].label, null, BY_KEY[key].evidence or name)
        rows.append(row | {"p": null["p_of_observed_maximum"], "interval": interval})
    for known in CORRECTIONS:
        if known.source == FROM_Z:
            entry = contrast["thresholds"][known.key]
            label = f"{known.label}{INDEPENDENT if contrast['dependent'] else ''}"
            row = correction(label, entry, "|z|" if entry["two_sided"] else "z")
            rows.append(row | {"p": None, "interval": ""})
    return rows


def correction(label, entry, what):
    """One row of `corrections`, from an entry of the thresholds or from a null's summary."""
    threshold = "none" if entry["threshold"] is None else f"{what} > {entry['threshold']:.4g}"
    return {
        "label": label,
        "alpha": entry["alpha"],
        "threshold": threshold,
        "voxels": entry["voxels_above"],
    }


def answer(contrast):
    """What was found for a contrast, as a list of sentences."""
    null, rows = contrast["nulls"]["maxT"], corrections(contrast)
    shuffles = f"{null['permutations']:,} permutations"
    if null["exhaustive"]:
        shuffles = f"all {null['permutations'] + 1:,} permutations, the observed order among them"
    how = f"a family-wise error rate of {percent(null['alpha'])} by {shuffles}"
    threshold = f" ({rows[0]['threshold']})" if null["threshold"] is not None else ""
    passing = (
        f"{null['voxels_above']:,} of {null['voxels']:,} voxels pass" if null["voxels_above"] else "No voxel passes"
    )
    sentences = [f"{passing} {how}{threshold}.", peak_sentence(contrast)]
    # Where rows belong together, those by permutation alone hold.
    rows = [row for row in rows if row["p"] is not None] if contrast["dependent"] else rows
    others = [row for row in rows[1:] if row["voxels"]]
    if others:
        sentences.append(
            "By the other corrections, "
            + listed([f"{count(row['voxels'], 'voxel')} ({row['label']}, {row['alpha']:g})" for row in others])
            + f" {'passes' if len(others) == 1 and others[0]['voxels'] == 1 else 'pass'}."
        )
    elif len(rows) > 1:
        sentences.append("By none of the other corrections does a voxel pass.")
    if contrast["dependent"]:
        sentences.append(
            "z, false discovery rate and Bonferroni take the maps for independent, and are not counted here."
        )
    if not any(row["voxels"] for row in rows):
        interval = "" if is_f(contrast) else "the confidence interval at the peak and "
        shows = "shows" if is_f(contrast) else "show"
        sentences.append(
            f"That is no proof that there is no effect: {interval}the unthresholded map {shows} how large an effect "
            "the data leave possible."
        )
    return sentences


def peak_sentence(contrast):
    """Where the statistic is largest, and what is known of that voxel."""
    peak, null = contrast["peak"], contrast["nulls"]["maxT"]
    df = peak["df"] if isinstance(peak["df"], list) else [peak["df"]]
    freedom = "" if peak["df"] is None else f"({', '.join(f'{n:g}' for n in df)})"
    size = f"{peak['statistic']:.2f}" if abs(peak["statistic"]) < 1e5 else f"{peak['statistic']:.2g}"
    facts = [f"{peak['name']}{freedom} = {size}"]
    if peak["df"] is not None and not contrast["dependent"]:
        facts.append(f"z = {peak['z']:.2f}")
    p = 10 ** -peak["logp_desc-maxT"]
    facts.append(f"family-wise p = {p_value(p)}{interval(null, p)}")
    if "r" in peak:
        facts.append(f"partial r = {peak['r']:.2f}")
    if "r2" in peak:
        facts.append(f"explained share of the variance {peak['r2']:.2f}")
    if "effect" in peak:
        low, high = peak["effect_desc-lower95"], peak["effect_desc-upper95"]
        how = f"two-sided 95 % confidence interval{INDEPENDENT if contrast['dependent'] else ''}"
        facts.append(
            f"effect {peak['effect']:.3g} ({how}{',' if contrast['dependent'] else ''} {low:.3g} to {high:.3g})"
        )
    side = f"|{peak['name']}|" if contrast["thresholds"]["fdr"]["two_sided"] else peak["name"]
    return (
        f"The largest {side} is at {place(peak['mm'])}: {', '.join(facts)}; chosen for its size, that voxel looks "
        "stronger than it is."
    )


def interval(null, p):
    """The Monte-Carlo interval of the smallest p, where it is of this p."""
    ends = null["interval_of_p_of_observed_maximum"]
    if ends is None or abs(p - null["p_of_observed_maximum"]) > 1e-5 * p:
        return ""
    return f" (95 % Monte-Carlo interval {ends[0]:.2g} to {ends[1]:.2g})"
