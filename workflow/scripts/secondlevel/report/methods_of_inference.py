"""What a methods text says of inference: thresholds, permutations, clusters and TFCE, true discoveries."""

from secondlevel.base.levels import levels_of
from secondlevel.base.wording import listed, percent
from secondlevel.inference.catalogue import CORRECTIONS
from secondlevel.permutation.statistics.catalogue import NUISANCE, STATISTICS, chosen
from secondlevel.report.citations import cited, filled
from secondlevel.space.units import EDGES

SHUFFLES = {
    "permute": "reordered the subjects",
    "flip": "turned the signs of the subjects' maps",
    "both": "reordered the subjects and turned the signs of their maps",
}
# What is known by another name where elements are edges of networks, by the key of the config.
OF_EDGES = {
    "clusters": "Clusters of edges are those of the network-based statistic ({Zalesky2010}).",
    "tfce": "Of edges it is known as TFNBS ({Baggio2018}).",
}
OF_AUTHORS = {"v": "Aspin and Welch's v"}


def inference(found):
    """Sentences on thresholds and permutations."""
    alpha, many = found["settings"]["alpha"], found["elements"].many
    yield (
        f"The false discovery rate was controlled at {percent(alpha['fdr'])} over the {many} of each map "
        f"({cited('Benjamini1995')}), and the family-wise error rate at {percent(alpha['fwe'])} in two ways: by "
        f"Bonferroni's correction of parametric p values, and by a permutation test of the maximum over all {many} "
        f"({cited('Nichols2002')})."
    )
    if found["contrasts"][0]["dependent"]:
        yield (
            "The parametric p values, and with them z, false discovery rate and Bonferroni's correction, take the maps "
            "for independent of each other; the permutations do not."
        )
    plans = {}
    for contrast in found["contrasts"]:
        plans.setdefault(shuffling(contrast, found), []).append(contrast["name"])
    for text, names in plans.items():
        yield text if len(plans) == 1 else f"For {listed(names)}: {text}"
    if found["settings"]["permutation"]["across_contrasts"]:
        yield f"A further correction took the maximum over {many} and contrasts."
    yield (
        "A p value is the share of permutations, the observed data among them, whose maximum reaches the observed "
        f"value ({cited('Phipson2010')})."
    )
    yield from dict.fromkeys(text for contrast in found["contrasts"] for text in whole_maps(contrast))
    yield discoveries(found["contrasts"][0]["discoveries"], many)
    if any(null["tail"] for contrast in found["contrasts"] for null in contrast["nulls"].values()):
        yield (
            "Small p values come from a generalised Pareto distribution fitted to the upper tail of the permutations' "
            f"maxima ({cited('Winkler2016')})."
        )


def shuffling(contrast, found):
    """How the permutations of a contrast were made, and what they tested."""
    null, settings = contrast["nulls"]["maxT"], found["settings"]["permutation"]
    which = f"{null['permutations']:,} random permutations (seed {null['seed']})"
    if null["exhaustive"]:
        which = f"All {null['permutations'] + 1:,} distinct permutations, the observed order among them,"
    what = SHUFFLES[null["scheme"]]
    if len(found["columns"]) > null["statistic"]["rank"]:
        what += f", {filled(NUISANCE[null['nuisance']])}"
    blocks = in_blocks(null, settings["blocks"], found["tree"])
    chosen_name, value = chosen(settings["statistic"])
    name, words = null["statistic"]["name"], STATISTICS[chosen_name].words
    said = {"name": OF_AUTHORS.get(name, name), "value": value, "one": contrast["elements"].one}
    statistic = filled(words, **said) if words else name
    return f"{which} {what}{blocks}; the statistic was {statistic}."


def in_blocks(null, blocks, tree):
    """Which exchangeability blocks the permutations heeded, from a null's summary, the config and the tree in words."""
    levels = levels_of(blocks)
    if not levels:
        return ""
    if len(levels) == 1 and levels[0]["shuffle"] != "both":
        of = f"the {null['blocks']['number']} exchangeability blocks of {levels[0]['variable']}"
        how = f", {of} moving as wholes" if null["blocks"]["whole"] else f", within {of}"
    else:
        of = listed([level["variable"] for level in levels])
        how = f", as exchangeability blocks of {of} allow: {tree[null['scheme']]}"
    return f"{how} ({cited('Winkler2015')})"


def whole_maps(contrast):
    """Sentences on what was made of whole maps, such as clusters and TFCE, where it was asked for."""
    nulls, unit = contrast["nulls"], contrast["elements"]
    for known in CORRECTIONS:
        if known.methods and known.key in nulls:
            null = nulls[known.key]
            settings = null[known.needs]
            if settings.get("statistic") == "t":  # of the config, which stands for what is permuted
                settings = settings | {"statistic": null["statistic"]["name"]}
            neighbours = unit.neighbours.format(**settings)
            yield filled(known.methods, many=unit.many, neighbours=neighbours, **settings)
            if unit == EDGES:
                yield filled(OF_EDGES[known.needs])


def discoveries(bounds, many):
    """How true discoveries were bounded; None if they were not, or could not be."""
    if not bounds or bounds["lambda"] is None:
        return None
    return (
        f"Lower bounds on the number of truly active {many}, which hold for all sets of {many} at once with "
        f"{percent(1 - bounds['alpha'])} confidence, came from the permutations' null of the Simes statistic of the "
        f"{bounds['discoveries']['largest']:,} smallest p values ({cited('Blanchard2020')}; {cited('Andreella2023')})."
    )
