"""What was asked and what was found, in sentences with numbers."""

from secondlevel.base.wording import combination, p_value, percent, where
from secondlevel.inference.catalogue import BY_KEY, CORRECTIONS, FROM_Z

# Of parametric p values, where rows belong together.
INDEPENDENT = ", if rows were independent"
OF_WHOLES = "; holds for whole clusters, not for their {many}"
EFFECT, SHARE = "effect", "explained share of the variance"
MEASURES = (EFFECT, SHARE)  # of which a sentence says no "="
CHOSEN = "chosen for its size, that {one} looks stronger than it is"
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
        ``label``, ``alpha``, ``threshold`` in words, ``above``, ``p`` or None, its ``interval`` in words;
        ``controls``, the kind of error whose rate is held, and what that ``assumes``.
    """
    rows, unit = [], contrast["elements"]
    for key, null in contrast["nulls"].items():
        name = f"|{null['statistic']['name']}|" if null["two_sided"] else null["statistic"]["name"]
        ends = null["interval_of_p_of_observed_maximum"]
        interval = f"{ends[0]:.2g} to {ends[1]:.2g}" if ends else ""
        row = correction(BY_KEY[key], null, BY_KEY[key].evidence or name, unit)
        assumes = EXCHANGEABLE[null["scheme"]] + unit.worded(OF_WHOLES) * BY_KEY[key].of_clusters
        rows.append(row | {"p": null["p_of_observed_maximum"], "interval": interval, "assumes": assumes})
    for known in CORRECTIONS:
        if known.source == FROM_Z:
            entry = contrast["thresholds"][known.key]
            row = correction(known, entry, "|z|" if entry["two_sided"] else "z", unit)
            row["label"] += INDEPENDENT if contrast["dependent"] else ""
            rows.append(row | {"p": None, "interval": "", "assumes": unit.worded(known.assumes)})
    return rows


def correction(known, entry, what, unit):
    """One row of `corrections`, from an entry of the thresholds or from a null's summary."""
    threshold = "none" if entry["threshold"] is None else f"{what} > {entry['threshold']:.4g}"
    return {
        "label": unit.worded(known.label),
        "controls": known.controls,
        "alpha": entry["alpha"],
        "threshold": threshold,
        "above": entry[f"{unit.many}_above"],
    }


def counted(contrast):
    """The corrections that count: where rows belong together, those by permutation alone hold."""
    return [row for row in corrections(contrast) if row["p"] is not None or not contrast["dependent"]]


def passing(contrast):
    """How many elements pass the permutation test, in a sentence."""
    null, unit = contrast["nulls"]["maxT"], contrast["elements"]
    shuffles = f"{null['permutations']:,} permutations"
    if null["exhaustive"]:
        shuffles = f"all {null['permutations'] + 1:,} permutations, the observed order among them"
    how = f"a family-wise error rate of {percent(null['alpha'])} by {shuffles}"
    threshold = f" ({corrections(contrast)[0]['threshold']})" if null["threshold"] is not None else ""
    n = null[f"{unit.many}_above"]
    what = f"{n:,} of {null[unit.many]:,} {unit.many} pass" if n else f"No {unit.one} passes"
    return f"{what} {how}{threshold}."


def active(contrast, viewer):
    """How many elements are truly active at least, in a sentence; empty where no bounds were asked for.

    `viewer` says whether the page has one, which tells more.
    """
    bounds, many = contrast["discoveries"], contrast["elements"].many
    if not bounds:
        return ""
    if bounds["lambda"] is None:
        return bounds["warnings"][0]
    confidence = f"with {percent(1 - bounds['alpha'])} confidence"
    if not bounds["true_discoveries"]:
        return f"No number of {many} is shown to be truly active, {confidence}."
    more = "; of each cluster the tables say how many" if contrast["elements"].neighbours else ""
    more += ", the viewer at any threshold" if viewer else ""
    return f"At least {bounds['true_discoveries']:,} of {bounds[many]:,} {many} are truly active, {confidence}{more}."


def cautions(contrast):
    """What a finding, or none, does not say, as a list of sentences."""
    sentences = []
    if contrast["dependent"]:
        sentences.append(
            "z, false discovery rate and Bonferroni take the maps for independent, and are not counted here."
        )
    if not any(row["above"] for row in counted(contrast)):
        interval = "" if is_f(contrast) else "the confidence interval at the peak and "
        shows = "shows" if is_f(contrast) else "show"
        sentences.append(
            f"That is no proof that there is no effect: {interval}the unthresholded map {shows} how large an effect "
            "the data leave possible."
        )
    return sentences


def peak_sentence(contrast):
    """Where the statistic is largest, and what is known of that element."""
    peak = contrast["peak"]
    facts = [f"{name} {value}" if name in MEASURES else f"{name} = {value}" for name, value in peak_facts(contrast)]
    side = f"|{peak['name']}|" if contrast["thresholds"]["fdr"]["two_sided"] else peak["name"]
    return f"The largest {side} is at {where(peak['place'])}: {', '.join(facts)}; {chosen(contrast)}."


def chosen(contrast):
    """That the element of the peak was chosen by what is told of it."""
    return contrast["elements"].worded(CHOSEN)


def peak_facts(contrast):
    """What is known of the element where the statistic is largest, as pairs of a name and a value in words."""
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
