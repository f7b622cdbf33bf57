"""What was asked and what was found, in sentences with numbers."""

from secondlevel.base.wording import combination, p_value, percent, place
from secondlevel.inference.catalogue import BY_KEY, CORRECTIONS, FROM_Z

# Of parametric p values, where rows belong together.
INDEPENDENT = ", if rows were independent"
OF_WHOLES = "; holds for whole clusters, not for their voxels"
EFFECT, SHARE = "effect", "explained share of the variance"
MEASURES = (EFFECT, SHARE)  # of which a sentence says no "="
CHOSEN = "chosen for its size, that voxel looks stronger than it is"
# What a permutation test takes for granted, by its scheme.
EXCHANGEABLE = {
    "permute": "exchangeable errors",
    "flip": "errors that are symmetric about 0",
    "both": "exchangeable errors that are symmetric about 0",
}


def tested_as(contrast):
    """A contrast with its weights and its test, such as "fluency (t, one-sided, positive)"."""
    sides = "two-sided" if contrast["thresholds"]["fdr"]["two_sided"] else "one-sided, positive effects"
    how = "F" if is_f(contrast) else f"t, {sides}"
    weights = "; ".join(combination(row) for row in contrast["rows"])
    return f"{contrast['name']} ({'' if weights == contrast['name'] else f'= {weights}; '}{how})"


def is_f(contrast):
    """Whether a contrast has several rows."""
    return len(contrast["rows"]) > 1


def corrections(contrast):
    """A row for each correction, by permutation first.

    Returns
    -------
    list of dict
        ``label``, ``alpha``, ``threshold`` in words, ``voxels``, ``p`` or None, its ``interval`` in words;
        ``controls``, the kind of error whose rate is held, and what that ``assumes``.
    """
    rows = []
    for key, null in contrast["nulls"].items():
        name = f"|{null['statistic']['name']}|" if null["two_sided"] else null["statistic"]["name"]
        ends = null["interval_of_p_of_observed_maximum"]
        interval = f"{ends[0]:.2g} to {ends[1]:.2g}" if ends else ""
        row = correction(BY_KEY[key], null, BY_KEY[key].evidence or name)
        assumes = EXCHANGEABLE[null["scheme"]] + OF_WHOLES * BY_KEY[key].of_clusters
        rows.append(row | {"p": null["p_of_observed_maximum"], "interval": interval, "assumes": assumes})
    for known in CORRECTIONS:
        if known.source == FROM_Z:
            entry = contrast["thresholds"][known.key]
            row = correction(known, entry, "|z|" if entry["two_sided"] else "z")
            row["label"] += INDEPENDENT if contrast["dependent"] else ""
            rows.append(row | {"p": None, "interval": "", "assumes": known.assumes})
    return rows


def correction(known, entry, what):
    """One row of `corrections`, from an entry of the thresholds or from a null's summary."""
    threshold = "none" if entry["threshold"] is None else f"{what} > {entry['threshold']:.4g}"
    return {
        "label": known.label,
        "controls": known.controls,
        "alpha": entry["alpha"],
        "threshold": threshold,
        "voxels": entry["voxels_above"],
    }


def counted(contrast):
    """The corrections that count: where rows belong together, those by permutation alone hold."""
    return [row for row in corrections(contrast) if row["p"] is not None or not contrast["dependent"]]


def passing(contrast):
    """How many voxels pass the permutation test, in a sentence."""
    null = contrast["nulls"]["maxT"]
    shuffles = f"{null['permutations']:,} permutations"
    if null["exhaustive"]:
        shuffles = f"all {null['permutations'] + 1:,} permutations, the observed order among them"
    how = f"a family-wise error rate of {percent(null['alpha'])} by {shuffles}"
    threshold = f" ({corrections(contrast)[0]['threshold']})" if null["threshold"] is not None else ""
    what = f"{null['voxels_above']:,} of {null['voxels']:,} voxels pass" if null["voxels_above"] else "No voxel passes"
    return f"{what} {how}{threshold}."


def cautions(contrast):
    """What a finding, or none, does not say, as a list of sentences."""
    sentences = []
    if contrast["dependent"]:
        sentences.append(
            "z, false discovery rate and Bonferroni take the maps for independent, and are not counted here."
        )
    if not any(row["voxels"] for row in counted(contrast)):
        interval = "" if is_f(contrast) else "the confidence interval at the peak and "
        shows = "shows" if is_f(contrast) else "show"
        sentences.append(
            f"That is no proof that there is no effect: {interval}the unthresholded map {shows} how large an effect "
            "the data leave possible."
        )
    return sentences


def peak_sentence(contrast):
    """Where the statistic is largest, and what is known of that voxel."""
    peak = contrast["peak"]
    facts = [f"{name} {value}" if name in MEASURES else f"{name} = {value}" for name, value in peak_facts(contrast)]
    side = f"|{peak['name']}|" if contrast["thresholds"]["fdr"]["two_sided"] else peak["name"]
    return f"The largest {side} is at {place(peak['mm'])}: {', '.join(facts)}; {CHOSEN}."


def peak_facts(contrast):
    """What is known of the voxel where the statistic is largest, as pairs of a name and a value in words."""
    peak, null = contrast["peak"], contrast["nulls"]["maxT"]
    df = peak["df"] if isinstance(peak["df"], list) else [peak["df"]]
    freedom = "" if peak["df"] is None else f"({', '.join(f'{n:g}' for n in df)})"
    size = f"{peak['statistic']:.2f}" if abs(peak["statistic"]) < 1e5 else f"{peak['statistic']:.2g}"
    facts = [(f"{peak['name']}{freedom}", size)]
    if peak["df"] is not None and not contrast["dependent"]:
        facts.append(("z", f"{peak['z']:.2f}"))
    p = 10 ** -peak["logp_desc-maxT"]
    facts.append(("family-wise p", f"{p_value(p)}{interval(null, p)}"))
    if "r" in peak:
        facts.append(("partial r", f"{peak['r']:.2f}"))
    if "r2" in peak:
        facts.append((SHARE, f"{peak['r2']:.2f}"))
    if "effect" in peak:
        low, high = peak["effect_desc-lower95"], peak["effect_desc-upper95"]
        how = f"two-sided 95 % confidence interval{INDEPENDENT if contrast['dependent'] else ''}"
        comma, unit = "," * contrast["dependent"], f" {contrast['unit']}" if contrast["unit"] else ""
        facts.append((EFFECT, f"{peak['effect']:.3g}{unit} ({how}{comma} {low:.3g} to {high:.3g})"))
    return facts


def interval(null, p):
    """The Monte-Carlo interval of the smallest p, where it is of this p."""
    ends = null["interval_of_p_of_observed_maximum"]
    if ends is None or abs(p - null["p_of_observed_maximum"]) > 1e-5 * p:
        return ""
    return f" (95 % Monte-Carlo interval {ends[0]:.2g} to {ends[1]:.2g})"
