"""The methods of an analysis as a text for a paper, from what was really run."""

from collections import Counter
from pathlib import Path

from secondlevel.base.wording import count, left_out, listed, percent
from secondlevel.datasets.atlases import ATLASES
from secondlevel.datasets.registry import DATASETS
from secondlevel.inference.catalogue import CORRECTIONS
from secondlevel.permutation.statistics.catalogue import NUISANCE, STATISTICS, chosen
from secondlevel.report.answer import tested_as
from secondlevel.report.citations import cited, filled
from secondlevel.sample.people import maps_and_people
from secondlevel.sample.similarity import CUT_OFF

MASKS = {
    "background of the maps' mean": "that differ from the background of the mean map",
    "MNI152 brain": "in the MNI152 brain",
}
SHUFFLES = {
    "permute": "reordered the subjects",
    "flip": "turned the signs of the subjects' maps",
    "both": "reordered the subjects and turned the signs of their maps",
}
OF_AUTHORS = {"v": "Aspin and Welch's v"}
USED = ("numpy", "scipy", "nibabel", "nilearn", "pandas", "matplotlib")
CITED_AS = {"snakemake": "Molder2021", "numpy": "Harris2020", "scipy": "Virtanen2020"}


def methods(found):
    """Paragraphs on sample, model, inference and software.

    Parameters
    ----------
    found : dict
        From `findings.findings`.

    Returns
    -------
    list of str
    """
    return [" ".join(filter(None, part)) for part in (sample(found), model(found), inference(found), software(found))]


def sample(found):
    """Sentences on subjects, maps, smoothing and mask."""
    settings, mask = found["settings"], found["mask"]
    name, n_maps, noun = settings["dataset"], len(found["kept"]), noun_of(settings)
    if found["people"] == n_maps:
        yield f"One {noun} was analysed of each of {count(n_maps, 'subject')}."
    else:
        yield f"{maps_and_people(n_maps, found['people'], noun)} were analysed."
    yield filled(DATASETS[name].sentence, **settings["datasets"][name])
    reasons = Counter(row["reason"] for row in found["excluded"])
    if reasons:
        why = listed([f"{n} for '{reason}'" for reason, n in reasons.items()], most=4)
        n = len(found["excluded"])
        rows = "subjects" if found["people"] == n_maps else "rows"
        yield f"Of {len(found['quality'])} {rows} in the table, {n} {'was' if n == 1 else 'were'} left out ({why})."
    n = len(found["outliers"])
    if n:
        yield (
            f"{count(n, 'map')} stood apart by mean, spread or correlation with the others (robust z beyond {CUT_OFF}; "
            f"{cited('Iglewicz1993')}) and {'was' if n == 1 else 'were'} kept."
        )
    if settings["resample_to"]:
        yield "The maps were resampled linearly to one grid."
    if "SpatialReference" in mask:
        yield f"They lie in the space {mask['SpatialReference']}."
    fwhm = settings["smoothing_fwhm"]
    smoothing = f"smoothed with a Gaussian kernel of {fwhm:g} mm full width at half maximum" if fwhm else "not smoothed"
    yield f"The maps were {smoothing}."
    where = MASKS.get(mask["Source"], "of a mask that was given")
    yield (
        f"The analysis covered the {count(mask['Voxels'], 'voxel')} {where}; voxels without a finite value in "
        "some map, or with the same value in all, were dropped."
    )


def noun_of(settings):
    """What a map is: one of a contrast only where that is known."""
    maps = settings["datasets"]["own"].get("maps") if settings["dataset"] == "own" else None
    return (
        "first-level contrast map"
        if isinstance(maps, dict) and "contrast" in maps
        else DATASETS[settings["dataset"]].noun
    )


def model(found):
    """Sentences on the design and the contrasts."""
    design = found["design"]
    names = [column["name"] for column in found["columns"]]
    formula = (
        f" from the formula {design['design']} ({cited('Wilkinson1973')})" if isinstance(design["design"], str) else ""
    )
    yield (
        "At every voxel the maps were regressed by ordinary least squares on a design with the "
        f"{'columns' if len(names) > 1 else 'column'} {listed(names, most=30)}{formula}."
    )
    files = found["settings"].get("elsewhere", {}).get("files")
    if files:
        yield f"The design was read from {listed([Path(name).name for name in files])}."
    yield from left_out(design.get("dropped", {}))
    for name, mean in design["centered"].items():
        yield f"The mean of {name} over the subjects ({mean:.4g}) was subtracted."
    for name, deviation in design["scaled"].items():
        yield f"The values of {name} were divided by their standard deviation over the subjects ({deviation:.4g})."
    for name, levels in design["factors"].items():
        reference = "" if f"{name}[{levels[0]}]" in names else f", {levels[0]} being the reference"
        yield f"The levels of {name} were {listed(levels)}{reference}."
    tests = listed([tested_as(contrast) for contrast in found["contrasts"]], most=30)
    df = found["contrasts"][0]["nulls"]["maxT"]["degrees_of_freedom"]
    tested = "contrasts tested were" if len(found["contrasts"]) > 1 else "contrast tested was"
    yield f"The {tested} {tests}, with {df} residual degrees of freedom."


def inference(found):
    """Sentences on thresholds and permutations."""
    alpha = found["settings"]["alpha"]
    yield (
        f"The false discovery rate was controlled at {percent(alpha['fdr'])} over the voxels of each map "
        f"({cited('Benjamini1995')}), and the family-wise error rate at {percent(alpha['fwe'])} in two ways: by "
        "Bonferroni's correction of parametric p values, and by a permutation test of the maximum over all voxels "
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
        yield "A further correction took the maximum over voxels and contrasts."
    yield (
        "A p value is the share of permutations, the observed data among them, whose maximum reaches the observed "
        f"value ({cited('Phipson2010')})."
    )
    yield from dict.fromkeys(text for contrast in found["contrasts"] for text in whole_maps(contrast["nulls"]))
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
    blocks = ""
    if settings["blocks"]:
        of = f"the {null['blocks']['number']} exchangeability blocks of {settings['blocks']['variable']}"
        blocks = f", {of} moving as wholes" if null["blocks"]["whole"] else f", within {of}"
        blocks += f" ({cited('Winkler2015')})"
    chosen_name, value = chosen(settings["statistic"])
    name, words = null["statistic"]["name"], STATISTICS[chosen_name].words
    statistic = filled(words, name=OF_AUTHORS.get(name, name), value=value) if words else name
    return f"{which} {what}{blocks}; the statistic was {statistic}."


def whole_maps(nulls):
    """Sentences on what was made of whole maps, such as clusters and TFCE, where it was asked for."""
    for known in CORRECTIONS:
        if known.methods and known.key in nulls:
            null = nulls[known.key]
            settings = null[known.needs]
            if settings.get("statistic") == "t":  # of the config, which stands for what is permuted
                settings = settings | {"statistic": null["statistic"]["name"]}
            yield filled(known.methods, **settings)


def software(found):
    """Sentences on the software and its versions."""
    versions, formula = found["record"]["software"], isinstance(found["design"]["design"], str)
    nulls = found["contrasts"][0]["nulls"]
    packages = [known.package for known in CORRECTIONS if known.package and known.key in nulls]
    used = ["snakemake", *USED, *["formulaic"] * formula, *packages]
    named = [
        f"{name} {versions[name]}{f' ({cited(CITED_AS[name])})' if name in CITED_AS else ''}"
        for name in used
        if versions.get(name)
    ]
    yield (
        f"The analysis was made by secondlevel {versions['secondlevel']} with Python {versions['python']}, "
        f"{listed(named, most=30)}."
    )
    yield f"Figures show the MNI152 template ({cited('Fonov2011')})."
    atlas = found["settings"]["tables"]["atlas"]
    if isinstance(atlas, str):
        yield filled(ATLASES[atlas].sentence)
