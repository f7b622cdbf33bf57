"""What the settings of an analysis say: its contrasts, its variables, its statistic.

Plain Python, loaded by the Snakefile.
"""

import importlib.util
import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent
OF_SPACE = re.compile("(?:^|[_/])space-([A-Za-z0-9]+)")  # in a path


def plain(name):
    """A file below this folder that imports no other one of the core, as a module, without being on Python's path."""
    spec = importlib.util.spec_from_file_location(name.replace("/", "_"), FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


companions = plain("secondlevel/base/companions")
COMPANIONS, VARIANCES = companions.COMPANIONS, companions.VARIANCES
forms, masks = plain("secondlevel/space/forms"), plain("secondlevel/space/mask_forms")
sources, units = plain("secondlevel/space/sources"), plain("secondlevel/space/units")
grammar = plain("secondlevel/model/grammar")
statistics = plain("secondlevel/permutation/statistics/catalogue")
servers = plain("secondlevel/datasets/servers")
guarding = plain("secondlevel/base/guarding")
vest = plain("secondlevel/base/vest")
atlases = plain("secondlevel/datasets/atlases")
levels_of = plain("secondlevel/base/levels").levels_of


def contrasts(settings):
    """Names of the contrasts."""
    return [contrast["name"] for contrast in settings["contrasts"]]


def f_contrasts(settings):
    """Names of the F contrasts."""
    return [contrast["name"] for contrast in settings["contrasts"] if grammar.is_f(contrast["weights"])]


def model_statistics(settings):
    """The statistic of the model of each contrast, t or F, by its name."""
    of_f = f_contrasts(settings)
    return {name: "F" if name in of_f else "t" for name in contrasts(settings)}


def two_sided(settings):
    """Whether both signs of each contrast are tested, by its name; F has none."""
    return {name: settings["two_sided"] and stat == "t" for name, stat in model_statistics(settings).items()}


def covariates(settings):
    """Names of the variables in a design whose cells are numbers."""
    return sorted(name for name in grammar.variables_of(settings["design"]) if name not in settings["factors"])


def in_table(settings):
    """Those of them that the sample table holds: the mean of each map is found from the maps."""
    return [name for name in covariates(settings) if name != "map_mean" or not settings["map_mean"]]


def map_mean_over(settings):
    """The mask over which the mean of each map is taken, as in the config; None if the design has no use for it."""
    if not settings["map_mean"] or "map_mean" not in grammar.variables_of(settings["design"]):
        return None
    return settings["mask"] if settings["map_mean"] == "mask" else settings["map_mean"]


def labels(settings):
    """Names of the variables whose cells are labels: factors of the design, blocks and groups."""
    permutation = settings["permutation"]
    name, value = statistics.chosen(permutation["statistic"])
    groups = value if statistics.STATISTICS[name].value == "variable" else None
    factors = sorted(name for name in grammar.variables_of(settings["design"]) if name in settings["factors"])
    of_blocks = [level["variable"] for level in levels_of(permutation["blocks"])]
    of_split = of_design(settings, "split").values()
    return list(dict.fromkeys(name for name in (*factors, *of_split, *of_blocks, groups) if name))


def blocks(settings):
    """The exchangeability blocks; with the columns that put the rows of a block in order, if it moves as a whole."""
    wanted = settings["permutation"]["blocks"]
    levels, columns = levels_of(wanted), settings["datasets"]["own"]["id"]
    if settings["dataset"] != "own" or len(columns) == 1 or any("order" in level for level in levels):
        return wanted
    if not any(level["shuffle"] == "whole" for level in levels):
        return wanted
    names = {"participant_id": "subject"}  # as `read_study` keeps it beside the whole ID
    used = [level["variable"] for level in levels]
    order = {"order": [names.get(name, name) for name in columns if names.get(name, name) not in used]}
    return wanted | order if isinstance(wanted, dict) else [levels[0] | order, *levels[1:]]


def clustered(settings):
    """Settings with the scheme and the blocks that the statistic asks for, where it flips whole clusters."""
    permutation, about = settings["permutation"], about_statistic(settings)
    if about is None or not about.flips_clusters:
        return settings
    _, variable = statistics.chosen(permutation["statistic"])
    blocks = permutation["blocks"] or {"variable": variable, "shuffle": "whole"}
    return settings | {"permutation": permutation | {"scheme": "flip", "blocks": blocks}}


def shuffling(settings):
    """What changes the shuffles and what is made of them."""
    keys = ("count", "scheme", "statistic", "nuisance", "seed", "uncorrected")
    return {key: settings["permutation"][key] for key in keys} | {"blocks": blocks(settings)}


def whole_maps(config, keys):
    """The settings of statistics of whole maps by their keys, None for none; no error rates, which change no null."""
    return {
        key: config[key] and {name: value for name, value in config[key].items() if name != "alpha"} for key in keys
    }


def in_mni(settings):
    """Whether the maps are known to be in MNI space: those of the workflow's datasets, or if the config tells it."""
    maps = forms.operands(settings["datasets"]["own"])[0]["maps"]
    told = maps.get("space") if isinstance(maps, dict) else "".join(OF_SPACE.findall(maps or "")[:1])
    told = settings["space"] or told
    by_mask = masks.unruled(settings["mask"]) == "mni"
    return settings["dataset"] != "own" or by_mask or str(told).startswith("MNI152")


def zeros(settings):
    """What an exact 0 of what is analysed stands for: where maps are subtracted, their own zeros are seen before."""
    return "value" if forms.difference_of(settings) and settings["zeros"] else settings["zeros"]


def difference(settings):
    """The words of `forms.difference_of`; guarded, since Snakemake's report shows them."""
    return guarding.guarded(forms.difference_of(settings))


def form(analyses):
    """What files of maps are called in all analyses, a `forms.Form`."""
    return next(forms.form_of(settings) for settings in analyses.values())


def kind(settings):
    """How maps are read, as `space.map_registry.kind_of_maps` takes it; guarded, since Snakemake's report shows it."""
    return guarding.guarded(forms.wanted(settings))


def atlas(wanted, analyses):
    """The atlas that the config names for some analyses, by its name or its files; None for none."""
    if wanted != atlases.AUTO:
        return atlases.by_part(wanted, form(analyses).parts)
    of_voxels = form(analyses).kind == forms.VOLUME
    return atlases.OF_MNI if of_voxels and all(map(in_mni, analyses.values())) else None


def of_outlook(settings, table):
    """What a dry run has to know, with the sample table of a dataset that comes with the workflow."""
    of_design_variables = {key: of_design(settings, key) for key in ("factors", "center", "scale", "split")}
    # A table of one's own data is named after the analysis; without it, analyses of the same people are looked at once.
    found = {
        "table": None if settings["dataset"] == "own" else table,
        "covariates": in_table(settings),
        "labels": labels(settings),
    }
    found |= {
        "kind": forms.wanted(settings),
        "map_mean": map_mean_over(settings),
        "elsewhere": settings.get("elsewhere", {}),
        "atlas": atlases.files_of(settings["tables"]["atlas"]),
    }
    return (
        settings | of_design_variables | found | {"permutation": settings["permutation"] | {"blocks": blocks(settings)}}
    )


def mask_files(settings):
    """The paths of the masks that the config names, by their keys."""
    mask, key = masks.unruled(settings["mask"]), mask_key(settings)
    if isinstance(mask, dict):
        return {f"{key}.{part}": mask[part] for part in forms.wanted(settings)["parts"] if part in mask}
    return {} if mask in ("background", "mni") else {key: mask}


def map_mean_files(settings):
    """The paths of the masks over which the mean of each map is taken, by their keys."""
    over = map_mean_over(settings)
    found = mask_files(settings | {"mask": over}) if over else {}
    if settings["map_mean"] == "mask":
        return found
    return {key.replace("mask", "map_mean", 1): path for key, path in found.items()}


def mask_key(settings):
    """The key of the mask that the config names."""
    return "mask.within" if masks.is_rule(settings["mask"]) else "mask"


def whose(settings):
    """What tells whose map each row is, as `sample.people.people_of` asks for it."""
    return {"dataset": settings["dataset"], "datasets": {"own": {"id": settings["datasets"]["own"]["id"]}}}


def of_description(settings):
    """What a description of the results has to know."""
    server = settings["datasets"][settings["dataset"]].get("base_url")
    told = {"server": server, "smoothing_fwhm": settings["smoothing_fwhm"], "difference": difference(settings)}
    return whose(settings) | told


def of_assumptions(settings):
    """What the check of a model's assumptions has to know."""
    keys = ("dataset", "datasets", "zeros", "smoothing_fwhm", "two_sided", "coverage")
    permutation = {key: settings["permutation"][key] for key in ("scheme", "blocks", "statistic")}
    return {key: settings[key] for key in keys} | {"permutation": permutation}


def of_design(settings, key):
    """What stands below `factors`, `center`, `scale` or `split` for the variables of the analysis' own design."""
    used, listed = grammar.variables_of(settings["design"]), settings[key]
    return {n: listed[n] for n in listed if n in used} if isinstance(listed, dict) else [n for n in listed if n in used]


def elsewhere(settings):
    """What a design that was written for other software adds to the sample table; empty for a design of one's own."""
    return {key: value for key, value in settings.get("elsewhere", {}).items() if key != "files"}


def about_statistic(settings):
    """What is to know of the test statistic; None if there is none of its name."""
    return statistics.STATISTICS.get(statistics.chosen(settings["permutation"]["statistic"])[0])


def sample_key(settings):
    """What decides who is in the sample and what their maps are: analyses that share it share the work."""
    keys = "dataset", "datasets", "mask", "zeros", "coverage", "smoothing_fwhm", "scale_maps", "resample_to", "exclude"
    if settings["coverage"]:  # where the design cannot be told from the subjects at hand is not analysed
        keys += "design", "factors", "center", "scale", "split", "contrasts"
    shared = {key: settings[key] for key in keys} | {"elsewhere": elsewhere(settings)}
    shared["map_mean"] = map_mean_over(settings)
    return json.dumps([shared, covariates(settings), sorted(labels(settings))], sort_keys=True)


def first_of_sample(analyses):
    """For each analysis the first with the same sample, which does the work for both."""
    keys = {name: sample_key(settings) for name, settings in analyses.items()}
    return {name: next(first for first in keys if keys[first] == key) for name, key in keys.items()}
