"""The checked settings, the names of files, and the plain Python that rules share. No rules here."""

import functools
import gc
import importlib.util
import os
import re
import sys
from pathlib import Path
from types import SimpleNamespace

# What Snakemake plans lives as long as it does. Python would look again and again for what does not, a tenth of the time.
gc.set_threshold(50_000, 20, 50)

# The workflow's plain Python, which runs here and in tests alike. The files of the core among it import no other file.
PLAIN = ["settings.py", "config_files.py", "given.py", "facts.py", "complaints.py", "elsewhere.py", "fsl.py"]
PLAIN += ["spaces.py", "permutation_complaints.py", "incomplete.py", "subtracted.py"]
PLAIN += ["statsmodel.py", "statsnodes.py", "statsvariables.py", "closure.py", "screen.py", "run.py", "index.py"]
PLAIN += ["secondlevel/base/files.py", "secondlevel/base/guarding.py", "secondlevel/base/signs.py"]
PLAIN += ["secondlevel/base/companions.py", "secondlevel/base/levels.py", "secondlevel/base/vest.py"]
PLAIN += ["secondlevel/space/forms.py", "secondlevel/space/mask_forms.py", "secondlevel/space/sources.py"]
PLAIN += ["secondlevel/space/units.py", "secondlevel/model/grammar.py", "secondlevel/model/maps.py"]
PLAIN += ["secondlevel/permutation/statistics/catalogue.py", "secondlevel/inference/catalogue.py"]
PLAIN += ["secondlevel/datasets/atlases.py", "secondlevel/datasets/registry.py", "secondlevel/datasets/servers.py"]
PLAIN += ["secondlevel/report/leftovers.py"]
SCRIPTS = os.path.normpath(workflow.current_basedir.join("../scripts").get_path_or_uri(secret_free=True))


@functools.cache
def find(path):
    """Where a file below scripts is.

    Where the workflow is elsewhere, as on GitHub, each file that is used must be asked for, to come along. Copies that
    Snakemake makes live for one run: code would be compiled anew in each, which takes seconds for that of permutations.
    """
    here = os.path.join(SCRIPTS, path)
    # As plain text: Python cannot keep the compiled code of a file whose path is Snakemake's annotated one.
    return here if os.path.isfile(here) else str(workflow.source_path(f"../scripts/{path}"))


for path in PLAIN:  # they load each other from beside themselves
    find(path)


def plain(name):
    """A file of plain Python as a module, without its folder being on Python's path."""
    spec = importlib.util.spec_from_file_location(Path(name).stem, find(name))
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


closure, settings = plain("closure.py"), plain("settings.py")
incomplete = settings.incomplete
facts, signs, guarding = settings.facts, plain("secondlevel/base/signs.py"), plain("secondlevel/base/guarding.py")
maps, catalogue = plain("secondlevel/model/maps.py"), plain("secondlevel/inference/catalogue.py")
forms, sources = facts.forms, facts.sources
notes = plain("secondlevel/base/files.py")
DATASETS = plain("secondlevel/datasets/registry.py").DATASETS
SCHEMAS = [workflow.source_path(f"../schemas/{name}.yaml") for name in ("defaults", "config.schema")]

# Whether this is a workflow of its own, and no part of another one.
IS_MAIN = workflow.modifier.is_main_snakefile()

try:
    # Files of a workflow that this one is a part of are no business of this one.
    given = workflow.configfiles if IS_MAIN else []
    settings.refuse(sentence for path in given for sentence in settings.misread(path))
    # What the rules of a workflow that this one is a part of make is known only once all of them are read.
    is_file = os.path.isfile if IS_MAIN else lambda path: True
    complete, SETTINGS = settings.analyses_of(config, *map(settings.read_yaml, SCHEMAS), is_file)
except settings.WrongConfig as wrong:
    raise WorkflowError(signs.printable(str(wrong), sys.stdout)) from None  # where a dry run tells it
config.update(complete)
FIRST, FORM = facts.first_of_sample(SETTINGS), facts.form(SETTINGS)
PERMUTATION, UNIT = config["permutation"], facts.units.unit_of(FORM)
# What captions say of elements and of how they are drawn.
WORDS = {"one": UNIT.one, "many": UNIT.many, "pictures": FORM.pictures}
ATLAS = facts.atlases.files_of(config["tables"]["atlas"])

RESULTS = "results/{analysis}"
# What the sample stage makes of a sample, which analyses can have in common.
OF_SAMPLE = [
    f"{RESULTS}/{name}"
    for name in ("sample.tsv", "excluded.tsv", "quality.tsv", *FORM.mask, "mask.json", "maps.npy", "maps.json")
]
# The first-level variances of all values, where there are any.
VARIANCES = {"variances": f"{RESULTS}/variances.npy"} if any(map(incomplete.has_variances, SETTINGS.values())) else {}
OF_SAMPLE += VARIANCES.values()
# What the rules that read files of the user have read of them, no result itself: it tells their times.
LEDGER = f"{RESULTS}/{notes.LEDGER}"


@functools.cache
def core_digest(script):
    """A digest of the core files that a rule's script uses, directly or not, so that editing one reruns the rule."""
    return closure.core_digest(script, find)


def setting(*keys):
    """The value of a key of an analysis' settings, for params and inputs."""

    def value(wildcards):
        found = SETTINGS[wildcards.analysis]
        for key in keys:
            found = found[key]
        return found

    return value


def of_settings(function, *more):
    """What a function makes of an analysis' settings, for params."""
    return lambda wildcards: function(SETTINGS[wildcards.analysis], *more)


def one_of(names):
    """A regular expression of names; of none, it matches nothing."""
    return "|".join(map(re.escape, dict.fromkeys(names))) or "(?!)"


def of_contrast(name):
    """Where a file of a contrast is, by its name; files, by their names."""
    return list(map(of_contrast, name)) if isinstance(name, list) else f"{RESULTS}/{name}"


def statmap(stat, desc=None):
    """Where a map of a contrast is."""
    return of_contrast(maps.statmap("{contrast}", stat, desc, FORM))


# Rules with files of every contrast name them all. What a rule makes cannot depend on a wildcard, so such a rule is written
# once, in a loop, and made for each analysis, with its name in the place of the wildcard. One rule for all analyses with the
# same contrasts would be fewer rules, but Snakemake looks for the rule that makes a file among all outputs that begin as it
# does up to their first wildcard: with unlike contrasts in each analysis that takes longer than all the rest.
def rule_name(rule, analysis):
    """What such a rule is called; with the analysis, if there are several."""
    return rule if len(SETTINGS) == 1 else f"{rule}.{analysis}"


def rule_of(name, analysis):
    """Such a rule of an analysis."""
    return getattr(rules, rule_name(name, analysis))


def filled(path, **values):
    """A path, or several, with values for its wildcards; so is what stands of it in Snakemake's report."""
    if isinstance(path, list):
        return [filled(part, **values) for part in path]
    flags, made = getattr(path, "flags", {}), str(path)
    for name, value in values.items():
        made = made.replace(f"{{{name}}}", value)
    if "report" in flags:
        told = flags["report"]
        category, subcategory = filled([told.category, told.subcategory], **values)
        return report(made, caption=told.caption, category=category, subcategory=subcategory, labels=told.labels)
    # A path of a module's rule has got its prefix, and says so.
    return expand(path, **values, allow_missing=True)[0] if flags else made


def files_of(analysis, only=("t", "F"), **paths):
    """Named files of an analysis for a rule, from their paths with wildcards.

    A file of contrasts is there for each of them, named ``<contrast>_<name>``, or for those of t or of F only. The
    wildcard ``statistic`` is which of these it is.
    """
    found, statistics = {}, facts.model_statistics(SETTINGS[analysis])
    for name, path in paths.items():
        if "{contrast}" not in str(path):
            found[name] = filled(path, analysis=analysis)
            continue
        for contrast, statistic in statistics.items():
            if statistic in only:
                values = {"analysis": analysis, "contrast": contrast, "statistic": statistic}
                found[f"{contrast}_{name}"] = filled(path, **values)
    return found


def statistic_maps(wildcards):
    """The model's map of t or F of every contrast of an analysis, named as `files_of` names them."""
    return files_of(wildcards.analysis, statistic=statmap("{statistic}"))


def sidecar(path):
    """The JSON file that says what a map is, or those of its parts."""
    return list(map(sidecar, path)) if isinstance(path, list) else forms.sidecar(path)


def with_sidecars(**maps):
    """Named outputs for maps and for their JSON files."""
    return maps | {f"{name}_json": sidecar(path) for name, path in maps.items()}


def stat_maps(kinds):
    """The same for maps of a contrast, of maps.StatMap by name."""
    return with_sidecars(**{name: of_contrast(kind.name("{contrast}", FORM)) for name, kind in kinds.items()})


# What results are called in Snakemake's report, by the file of their caption; after a colon stands which.
TITLES = {
    "association": "Effect at the peak",
    "bonferroni_map": "-log10 p, Bonferroni",
    "characteristics": "Characteristics of the sample",
    "cluster_table": "Table: ",
    "coverage": "What the mask covers",
    "design": "Design",
    "discoveries": "True discoveries in numbers",
    "excluded": "Who was left out",
    "glass": "Glass brain",
    "highlight": "z, outlined where it passes the false discovery rate",
    "map_quality": "Quality of the maps, drawn",
    "montage": "Every map",
    "null": "Null distributions",
    "null_summary": "Null in numbers: ",
    "page": "Report of the analysis",
    "permutation_map": "-log10 p: ",
    "quality": "Quality of the maps",
    "regions": f"Table: truly active {UNIT.many} of each region",
    "residual_sd": "Spread of the residuals",
    "similarity": "Maps that stand apart",
    "thresholds": "Thresholds of z",
    "values": "Who has values where",
    "variables": "Variables",
    "z_map": "z where it passes the false discovery rate",
}


def title(path, caption):
    """What a result is called in Snakemake's report."""
    of = re.search(r"desc-([A-Za-z0-9]+)", path) if TITLES[caption].endswith(": ") else None
    if not of:
        return TITLES[caption]
    kind = of[1]
    if caption == "cluster_table":
        return TITLES[caption] + UNIT.worded(catalogue.TABLES[kind].heading)
    labels = [UNIT.worded(catalogue.BY_KEY[key].label) for key in catalogue.figures(config).get(kind, [kind])]
    return TITLES[caption] + ", ".join(dict.fromkeys(part for label in labels for part in label.split(", ")))


def reported(path, caption, subcategory="{contrast}"):
    """An output that stands in Snakemake's report, under a name instead of its path."""
    labels = {"result": title(path, caption)}
    return report(
        path, caption=f"../report/{caption}.rst", category="{analysis}", subcategory=subcategory, labels=labels
    )


def figure(name, caption, subcategory="Sample", also=()):
    """The files of a figure: the PNG with its caption for Snakemake's report, and the other forms that are asked for."""
    path, others = f"{RESULTS}/figures/{name}", {*config["figures"]["formats"], *also} - {"png"}
    return [reported(f"{path}.png", caption, subcategory), *(f"{path}.{ending}" for ending in sorted(others))]


def contrast_figure(name, caption):
    """The same for a figure of a contrast."""
    return figure(f"contrast-{{contrast}}_{name}", caption, "{contrast}")


# The statistics whose maxima over the mask the permutations give, and their maps of -log10 p.
METHODS = catalogue.methods(config)
LOGP = {method: of_contrast(maps.corrected_map(method).name("{contrast}", FORM)) for method in METHODS}
