"""The methods of an analysis as a text for a paper, from what was really run."""

from collections import Counter
from pathlib import Path

from secondlevel.base.wording import count, left_out, listed
from secondlevel.datasets.atlases import ATLASES
from secondlevel.datasets.registry import DATASETS
from secondlevel.inference.catalogue import CORRECTIONS
from secondlevel.report.answer import tested_as
from secondlevel.report.citations import cited, filled
from secondlevel.report.incomplete import dropped, fitted_by, without_values
from secondlevel.report.methods_of_inference import inference
from secondlevel.sample.people import maps_and_people
from secondlevel.sample.similarity import CUT_OFF
from secondlevel.space.forms import difference_of
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.mask_forms import is_rule
from secondlevel.space.sources import subtracted

MASKS = {
    "background of the maps' mean": "that differ from the background of the mean map",
    "MNI152 brain": "in the MNI152 brain",
}
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
    settings, mask, unit = found["settings"], found["mask"], found["elements"]
    name, n_maps, noun = settings["dataset"], len(found["kept"]), noun_of(settings)
    if found["people"] == n_maps:
        yield f"One {noun} was analysed of each of {count(n_maps, 'subject')}."
    else:
        yield f"{maps_and_people(n_maps, found['people'], noun)} were analysed."
    if difference := difference_of(settings):
        yield f"A difference map is {subtracted(*difference)}."
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
    yield f"The maps were {smoothing}{unit.along if fwhm else ''}."
    if settings.get("scale_maps"):
        yield f"Each map was divided by its mean over the analysed {unit.many}."
    whole, source = f"all {unit.many} ", mask["Source"]
    given = source.removeprefix(whole) if source.startswith(whole) else "of a mask that was given"
    where = f"of a mask of {source}" if is_rule(settings["mask"]) else MASKS.get(source, given)
    yield (
        f"The analysis covered the {count(found['space'].size, unit.one, unit.many)} {where}; "
        f"{unit.many} {dropped(mask)}, or with the same value in all, were dropped."
    )
    yield without_values(mask, unit.title)


def noun_of(settings):
    """What a map is: one of a contrast only where that is known."""
    if difference_of(settings):
        return "difference map"
    maps = settings["datasets"]["own"].get("maps") if settings["dataset"] == "own" else None
    return (
        "first-level contrast map"
        if isinstance(maps, dict) and "contrast" in maps
        else DATASETS[settings["dataset"]].noun
    )


def model(found):
    """Sentences on the design and the contrasts."""
    design, settings = found["design"], found["settings"]
    names = [column["name"] for column in found["columns"]]
    formula = (
        f" from the formula {design['design']} ({cited('Wilkinson1973')})" if isinstance(design["design"], str) else ""
    )
    yield (
        f"At every {found['elements'].one} the maps were regressed by {fitted_by(settings)} on a design with the "
        f"{'columns' if len(names) > 1 else 'column'} {listed(names, most=30)}{formula}."
    )
    files = found["settings"].get("elsewhere", {}).get("files")
    if files:
        yield f"The design was read from {listed([Path(name).name for name in files])}."
    yield from left_out(design.get("dropped", {}))
    if settings.get("map_mean") and any("map_mean" in name for name in names):
        over = f"the analysed {found['elements'].many}" if settings["map_mean"] == "mask" else "a region"
        yield f"The variable map_mean was the mean of each map, before smoothing, over {over}."
    for name, mean in design["centered"].items():
        yield f"The mean of {name} over the subjects ({mean:.4g}) was subtracted."
    for name, deviation in design["scaled"].items():
        yield f"The values of {name} were divided by their standard deviation over the subjects ({deviation:.4g})."
    for name, by in design.get("split", {}).items():
        yield (
            f"{name} was split into its mean of each {by} ({name}[between]) and the deviation from that mean "
            f"({name}[within]; {cited('Neuhaus1998')})."
        )
    for name, levels in design["factors"].items():
        reference = "" if f"{name}[{levels[0]}]" in names else f", {levels[0]} being the reference"
        yield f"The levels of {name} were {listed(levels)}{reference}."
    tests = listed([tested_as(contrast) for contrast in found["contrasts"]], most=30)
    df = found["contrasts"][0]["nulls"]["maxT"]["degrees_of_freedom"]
    tested = "contrasts tested were" if len(found["contrasts"]) > 1 else "contrast tested was"
    most = "at most " if settings.get("coverage") else ""
    if df is None:
        yield (
            f"The {tested} {tests}. The statistic that was permuted has no known distribution, and so no degrees of "
            "freedom: its p values come from permutations alone."
        )
    else:
        yield f"The {tested} {tests}, with {most}{df} residual degrees of freedom."


def software(found):
    """Sentences on the software and its versions."""
    versions, formula = found["record"]["software"], isinstance(found["design"]["design"], str)
    nulls = found["contrasts"][0]["nulls"]
    on_grid = isinstance(found["space"], Mask)  # other spaces need no package
    packages = [known.package for known in CORRECTIONS if on_grid and known.package and known.key in nulls]
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
    if found["space"].brain:
        yield f"Figures show the MNI152 template ({cited('Fonov2011')})."
    atlas = found["settings"]["tables"]["atlas"]
    if isinstance(atlas, str):
        yield filled(ATLASES[atlas].sentence)
