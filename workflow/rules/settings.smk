"""The checked config, and the settings of each analysis in it. No rules here."""

import difflib
import json
import re

import jsonschema
import yaml
from snakemake.exceptions import WorkflowError


def config_complaints(config, schema):
    """One sentence for everything that is wrong in the config, with the key that it is about."""
    for found in jsonschema.Draft202012Validator(schema).iter_errors(config):
        # Where several forms are allowed, the one that fits best tells what is wrong.
        error = jsonschema.exceptions.best_match([found])
        key = ".".join(str(part) for part in error.absolute_path)
        where = f"config key '{key}'" if key else "the config"
        if error.validator == "additionalProperties":
            known = list(error.schema["properties"])
            for name in sorted(set(error.instance) - set(known)):
                near = difflib.get_close_matches(name, known, 1)
                hint = f"did you mean '{near[0]}'?" if near else f"it knows {', '.join(known)}."
                yield f"{where} has an unknown key '{name}'; {hint}"
        elif error.validator == "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            yield f"{where} lacks the key {' and '.join(repr(name) for name in missing)}."
        else:
            yield f"{where}: {error.message}; it is {error.schema.get('description', 'described in config/README.md')}"


def contrast_complaints(settings):
    """What a schema cannot see in the contrasts of one analysis."""
    names = [contrast["name"] for contrast in settings["contrasts"]]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"config key 'contrasts': more than one is named '{name}'; give each its own name."
    for name in f_contrasts(settings):
        if PERMUTATION["variance_fwhm"]:
            yield f"config key 'permutation.variance_fwhm': pseudo-t has no F, as contrast {name} needs; set it to 0."
        if THRESHOLD.startswith("t"):
            yield (
                f"config key 'clusters.threshold': contrast {name} is tested with F, for which '{THRESHOLD}' says "
                "nothing; write a p or a z, such as 'p < 0.001'."
            )


def file_complaints(settings):
    """Files of one analysis that are not there: Snakemake would take old results of theirs for good ones."""
    if settings["mask"] not in ("background", "mni") and not Path(settings["mask"]).is_file():
        yield f"config key 'mask': the file {settings['mask']} does not exist; correct it, or write 'background' or 'mni'."
    if settings["resample_to"] and not Path(settings["resample_to"]).is_file():
        yield f"config key 'resample_to': the file {settings['resample_to']} does not exist; correct it, or write null."
    own = settings["datasets"]["own"]
    if settings["dataset"] == "own":
        for key in ("participants", "maps"):
            if own[key] is None:
                yield f"config key 'datasets.own.{key}': it is null, but needed; config/README.md says what it can be."
        if own["participants"] and not Path(own["participants"]).is_file():
            yield f"config key 'datasets.own.participants': the file {own['participants']} does not exist; correct it."


def formula_complaints(design):
    """What is in a formula that must not be: all but names of variables, 0, 1, operators and brackets."""
    position, name = 0, None
    while position < len(design.rstrip()):
        found = FORMULA.match(design, position)
        rest = design[position:].strip()
        if not found or (name and found["sign"] == "("):
            what = f"calls '{name}'" if found else f"holds '{rest}'"
            yield (
                f"config key 'design': '{design}' {what}; a formula holds names of variables joined by +, -, :, * and "
                "brackets, and a name with other signs than letters, digits and _ goes into backticks."
            )
            return
        position, name = found.end(), found["name"]


def general_complaints():
    """What a schema cannot see in what all analyses share."""
    if PERMUTATION["variance_groups"] and PERMUTATION["variance_fwhm"]:
        yield "config key 'permutation': set variance_groups or variance_fwhm, not both."
    if PERMUTATION["across_contrasts"] and (PERMUTATION["variance_groups"] or PERMUTATION["variance_fwhm"]):
        yield "config key 'permutation.across_contrasts': it needs t or F; leave variance_groups and variance_fwhm out."
    if THRESHOLD.startswith("p") and float(THRESHOLD.split()[-1]) >= 0.5:
        yield f"config key 'clusters.threshold': {THRESHOLD} is no threshold; p must be below 0.5, and is often 0.001."
    if PERMUTATION["variance_fwhm"] and THRESHOLD[:1] in ("p", "z"):
        yield (
            "config key 'clusters.threshold': pseudo-t has no known distribution that a p or z could be taken from; "
            "write 't > 3' or the like, or set clusters to null."
        )
    if config["tfce"] and config["tfce"]["statistic"] == "z":
        if PERMUTATION["variance_fwhm"] or PERMUTATION["variance_groups"]:
            yield "config key 'tfce.statistic': only t and F can be turned into z; write 't' for the statistic itself."
    for part, path in (config["tables"]["atlas"] or {}).items():
        if not Path(path).is_file():
            yield f"config key 'tables.atlas.{part}': the file {path} does not exist; correct it, or set atlas to null."
    kinds = [(name, name in F_CONTRASTS[analysis]) for analysis in SETTINGS for name in CONTRASTS[analysis]]
    for name in sorted({name for name, is_f in kinds if (name, not is_f) in kinds}):
        yield f"config key 'analyses': contrast '{name}' is a t contrast in one and F in another; rename one of them."


def analysis_complaints():
    """What a schema cannot see in each analysis."""
    for analysis, settings in SETTINGS.items():
        found = [*contrast_complaints(settings), *file_complaints(settings)]
        if isinstance(settings["design"], str):
            found += formula_complaints(settings["design"])
        yield from [f"analysis '{analysis}', {complaint}" if config["analyses"] else complaint for complaint in found]


def refuse(complaints):
    """End with all complaints, if there are any."""
    complaints = list(dict.fromkeys(complaints))
    if complaints:
        raise WorkflowError("\n".join(complaints))


def merged(settings, changes):
    """Settings with changes, which go into mappings and replace everything else, as Snakemake merges configs."""
    return settings | {
        key: merged(settings[key], value) if isinstance(value, dict) and isinstance(settings.get(key), dict) else value
        for key, value in changes.items()
    }


def f_contrasts(settings):
    """Names of the F contrasts: those with several rows, each an expression or a list of numbers."""
    return [
        contrast["name"]
        for contrast in settings["contrasts"]
        if isinstance(contrast["weights"], list)
        and len(contrast["weights"]) > 1
        and isinstance(contrast["weights"][0], (str, list))
    ]


def design_variables(settings):
    """Names of the variables in a design."""
    design = settings["design"]
    if isinstance(design, str):
        return sorted({found["name"].strip("`") for found in FORMULA.finditer(design) if found["name"]})
    return sorted({column["variable"] for column in design if "variable" in column})


def covariates(settings):
    """Names of the variables in a design whose cells are numbers."""
    return [name for name in design_variables(settings) if name not in settings["factors"]]


def labels(settings):
    """Names of the variables whose cells are labels: factors of the design, blocks and groups."""
    permutation = settings["permutation"]
    factors = [name for name in design_variables(settings) if name in settings["factors"]]
    names = [*factors, (permutation["blocks"] or {}).get("variable"), permutation["variance_groups"]]
    return [name for name in names if name]


def sample_key(settings):
    """What decides who is in the sample and what their maps are: analyses that share it share the work."""
    shared = {key: settings[key] for key in ("dataset", "datasets", "mask", "smoothing_fwhm", "resample_to", "exclude")}
    return json.dumps([shared, covariates(settings), sorted(labels(settings))], sort_keys=True)


def read_yaml(path):
    """A YAML file, read by the fast reader if there is one."""
    text = Path(workflow.source_path(path)).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


# The defaults, where this workflow is a part of another one, whose config need not hold them.
config.update(merged(read_yaml("../../config/config.yaml"), config))
SCHEMA = read_yaml("../schemas/config.schema.yaml")
refuse(sorted(config_complaints(json.loads(json.dumps(config)), SCHEMA)))

# A name, 0 or 1, or a sign of a formula.
FORMULA = re.compile(r"\s*(?:(?P<name>`[^`]+`|[^\W\d]\w*)|[01](?!\w)|(?P<sign>\*\*|[-+:*()~]))")
PERMUTATION = config["permutation"]
THRESHOLD = (config["clusters"] or {}).get("threshold", "")
# The settings of each analysis: the config, with what differs.
SETTINGS = {name: merged(config, changes or {}) for name, changes in config["analyses"].items()}
SETTINGS = SETTINGS or {config["analysis"]: config}
CONTRASTS = {name: [contrast["name"] for contrast in settings["contrasts"]] for name, settings in SETTINGS.items()}
F_CONTRASTS = {name: f_contrasts(settings) for name, settings in SETTINGS.items()}
T_CONTRASTS = {name: [c for c in CONTRASTS[name] if c not in F_CONTRASTS[name]] for name in SETTINGS}
refuse([*general_complaints(), *analysis_complaints()])

# For each analysis the first with the same sample, which does the work for both.
FIRST = {
    name: next(first for first in SETTINGS if sample_key(SETTINGS[first]) == sample_key(settings))
    for name, settings in SETTINGS.items()
}


def setting(*keys):
    """The value of a key of an analysis' settings, for params and inputs."""

    def value(wildcards):
        found = SETTINGS[wildcards.analysis]
        for key in keys:
            found = found[key]
        return found

    return value
