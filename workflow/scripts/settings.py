"""The checked config, and the settings of each analysis in it. Plain Python, loaded by the Snakefile.

A config is read in three steps: what it leaves out comes from the defaults, each analysis is the config with what
differs, and then everything that is wrong is told, a sentence each.
"""

import difflib
import importlib.util
import json
from pathlib import Path

import jsonschema
import yaml

CORE = Path(__file__).with_name("secondlevel")
# What a study has to say for itself.
NEEDED = {
    "analysis": "the name under which results land, such as 'analysis: my_study'",
    "design": "the variables that explain the maps, such as 'design: age + group'",
    "contrasts": "what of the design is tested, such as 'contrasts: [{name: age, weights: age}]'",
    "smoothing_fwhm": "the width in mm of the Gaussian that smooths the maps, such as 'smoothing_fwhm: 5', or 0",
}
# Keys of old, and what is written now.
RENAMED = {
    "permutation.variance_groups": "permutation.statistic: {welch: VARIABLE}",
    "permutation.variance_fwhm": "permutation.statistic: {pseudo_t: FWHM}",
}


class WrongConfig(Exception):
    """Everything that is wrong in a config, a sentence a line."""


def plain(name):
    """A file of the core that imports no other one, as a module, without the core being on Python's path."""
    spec = importlib.util.spec_from_file_location(name.replace("/", "_"), CORE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


grammar = plain("model/grammar")
statistics = plain("permutation/statistics/catalogue")
registry = plain("datasets/registry")


def read_yaml(path):
    """A YAML file, read by the fast reader if there is one."""
    text = Path(path).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def merged(settings, changes):
    """Settings with changes, which go into mappings and replace everything else, as Snakemake merges configs.

    A test statistic is named by a mapping, too; it is replaced as a whole.
    """
    return settings | {
        key: merged(settings[key], value)
        if isinstance(value, dict) and isinstance(settings.get(key), dict) and key != "statistic"
        else value
        for key, value in changes.items()
    }


def analyses_of(given, defaults, schema):
    """The whole config, and the settings of each analysis in it by name.

    Parameters
    ----------
    given : dict
        The config as the user wrote it.
    defaults : dict
    schema : dict
        JSON schema of the whole config.

    Returns
    -------
    config : dict
    analyses : dict of dict

    Raises
    ------
    WrongConfig
        With all complaints there are.
    """
    refuse(old_keys(given))
    config = merged(defaults, given)
    refuse(sorted(schema_complaints(json.loads(json.dumps(config)), schema)))
    analyses = {name: merged(config, changes or {}) for name, changes in config["analyses"].items()}
    analyses = analyses or {config.get("analysis"): config}
    refuse(named(config, {name: missing_keys(settings, name) for name, settings in analyses.items()}))
    own = {name: changes or {} for name, changes in config["analyses"].items()}
    wrong = list(statistic_complaints(config))
    if about_statistic(config) is None:
        refuse(wrong)
    found = {name: analysis_complaints(settings, own.get(name, settings)) for name, settings in analyses.items()}
    refuse([*wrong, *shared_complaints(config, analyses), *named(config, found)])
    return config, analyses


def refuse(complaints):
    """End with all complaints, if there are any."""
    complaints = list(dict.fromkeys(complaints))
    if complaints:
        raise WrongConfig("\n".join(complaints))


def named(config, complaints):
    """Complaints of each analysis, with its name if the config has several."""
    for name, found in complaints.items():
        yield from [f"analysis '{name}', {complaint}" if config["analyses"] else complaint for complaint in found]


def old_keys(given):
    """Keys that are written in another way now."""
    for key, new in RENAMED.items():
        first, second = key.split(".")
        for where in (given, *(given.get("analyses") or {}).values()):
            if isinstance(where, dict) and isinstance(where.get(first), dict) and second in where[first]:
                yield f"config key '{key}' is no longer there: write '{new}' in its place."


def schema_complaints(config, schema):
    """One sentence for everything that is wrong by the schema, with the key that it is about."""
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


def missing_keys(settings, name):
    """What one analysis has to say and does not."""
    for key, what in NEEDED.items():
        if key not in settings and not (key == "analysis" and name):
            yield f"the config lacks the key '{key}': {what}."


def shared_complaints(config, analyses):
    """What a schema cannot see in what all analyses share."""
    threshold = (config["clusters"] or {}).get("threshold", "")
    if threshold.startswith("p") and float(threshold.split()[-1]) >= 0.5:
        yield f"config key 'clusters.threshold': {threshold} is no threshold; p must be below 0.5, and is often 0.001."
    for part, path in (config["tables"]["atlas"] or {}).items():
        if not Path(path).is_file():
            yield f"config key 'tables.atlas.{part}': the file {path} does not exist; correct it, or set atlas to null."
    kinds = [(name, name in f_contrasts(settings)) for settings in analyses.values() for name in contrasts(settings)]
    for name in sorted({name for name, is_f in kinds if (name, not is_f) in kinds}):
        yield f"config key 'analyses': contrast '{name}' is a t contrast in one and F in another; rename one of them."
    # What all analyses share may be of use to some of them only.
    used = {name for settings in analyses.values() for name in grammar.variables_of(settings["design"])}
    for key in ("factors", "center"):
        for name in config[key]:
            if name not in used:
                yield (
                    f"config key '{key}' names '{name}', which no design uses; "
                    f"{'they use' if config['analyses'] else 'it uses'} {', '.join(sorted(used)) or 'no variable'}."
                )


def statistic_complaints(config):
    """What is wrong with the test statistic and what is asked of it."""
    threshold = (config["clusters"] or {}).get("threshold", "")
    named, key = config["permutation"]["statistic"], "config key 'permutation.statistic'"
    name, value = statistics.chosen(named)
    about = statistics.STATISTICS.get(name)
    if len(named) > 1 and not isinstance(named, str):
        yield f"{key}: it names {' and '.join(named)}, perhaps in several config files; name one."
    if about is None:
        yield f"{key}: there is no '{name}'; it can be {', '.join(statistics.STATISTICS)}."
        return
    wrong = {
        None: value is not None,
        "variable": not isinstance(value, str),
        "fwhm": isinstance(value, (bool, str, type(None))) or not value > 0,
    }[about.value]
    if wrong:
        how = {None: name, "variable": f"{{{name}: VARIABLE}}", "fwhm": f"{{{name}: WIDTH IN MM, ABOVE 0}}"}[
            about.value
        ]
        yield f"{key}: '{name}' is written 'statistic: {how}'."
    if not about.as_t and threshold[:1] in ("p", "z"):
        yield (
            f"config key 'clusters.threshold': {name} has no known distribution that a p or z could be taken from; "
            "write 't > 3' or the like, or set clusters to null."
        )
    if config["tfce"] and config["tfce"]["statistic"] == "z" and not about.exact:
        yield "config key 'tfce.statistic': only t and F can be turned into z; write 't' for the statistic itself."
    if config["permutation"]["across_contrasts"] and not about.exact:
        yield "config key 'permutation.across_contrasts': it needs t or F; set permutation.statistic to t."


def analysis_complaints(settings, own):
    """What a schema cannot see in one analysis; `own` is what stands in its own part of the config."""
    yield from contrast_complaints(settings)
    yield from file_complaints(settings)
    if isinstance(settings["design"], str):
        complaint = grammar.formula_complaint(settings["design"])
        if complaint:
            yield f"config key 'design': {complaint}"
    used = grammar.variables_of(settings["design"])
    for key in ("factors", "center"):
        for name in own.get(key, []) if own is not settings else []:
            if name not in used:
                yield f"config key '{key}' names '{name}', which the design does not use; it uses {', '.join(used)}."


def contrast_complaints(settings):
    """What a schema cannot see in the contrasts of one analysis."""
    threshold, names = (settings["clusters"] or {}).get("threshold", ""), contrasts(settings)
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"config key 'contrasts': more than one is named '{name}'; give each its own name."
    for name in f_contrasts(settings):
        if not about_statistic(settings).has_f:
            chosen = statistics.chosen(settings["permutation"]["statistic"])[0]
            yield f"config key 'permutation.statistic': {chosen} has no F, as contrast {name} needs; write 't'."
        if threshold.startswith("t"):
            yield (
                f"config key 'clusters.threshold': contrast {name} is tested with F, for which '{threshold}' says "
                "nothing; write a p or a z, such as 'p < 0.001'."
            )


def file_complaints(settings):
    """Files of one analysis that are not there: Snakemake would take old results of theirs for good ones."""
    if settings["mask"] not in ("background", "mni") and not Path(settings["mask"]).is_file():
        yield f"config key 'mask': the file {settings['mask']} does not exist; correct it, or write background or mni."
    if settings["resample_to"] and not Path(settings["resample_to"]).is_file():
        yield f"config key 'resample_to': the file {settings['resample_to']} does not exist; correct it, or write null."
    own = settings["datasets"]["own"]
    if settings["dataset"] == "own":
        for key in ("participants", "maps"):
            if own[key] is None:
                yield f"config key 'datasets.own.{key}': it is null, but needed; config/README.md says what it can be."
        if own["participants"] and not Path(own["participants"]).is_file():
            yield f"config key 'datasets.own.participants': the file {own['participants']} does not exist; correct it."


def contrasts(settings):
    """Names of the contrasts."""
    return [contrast["name"] for contrast in settings["contrasts"]]


def f_contrasts(settings):
    """Names of the F contrasts."""
    return [contrast["name"] for contrast in settings["contrasts"] if grammar.is_f(contrast["weights"])]


def t_contrasts(settings):
    """Names of the t contrasts."""
    return [contrast["name"] for contrast in settings["contrasts"] if not grammar.is_f(contrast["weights"])]


def covariates(settings):
    """Names of the variables in a design whose cells are numbers."""
    return sorted(name for name in grammar.variables_of(settings["design"]) if name not in settings["factors"])


def labels(settings):
    """Names of the variables whose cells are labels: factors of the design, blocks and groups."""
    permutation = settings["permutation"]
    name, value = statistics.chosen(permutation["statistic"])
    groups = value if statistics.STATISTICS[name].value == "variable" else None
    factors = sorted(name for name in grammar.variables_of(settings["design"]) if name in settings["factors"])
    return [name for name in (*factors, (permutation["blocks"] or {}).get("variable"), groups) if name]


def of_design(settings, key):
    """What stands below `factors` or `center` for the variables of the analysis' own design."""
    used, listed = grammar.variables_of(settings["design"]), settings[key]
    return {n: listed[n] for n in listed if n in used} if key == "factors" else [n for n in listed if n in used]


def about_statistic(settings):
    """What is to know of the test statistic; None if there is none of its name."""
    return statistics.STATISTICS.get(statistics.chosen(settings["permutation"]["statistic"])[0])


def sample_key(settings):
    """What decides who is in the sample and what their maps are: analyses that share it share the work."""
    shared = {key: settings[key] for key in ("dataset", "datasets", "mask", "smoothing_fwhm", "resample_to", "exclude")}
    return json.dumps([shared, covariates(settings), sorted(labels(settings))], sort_keys=True)


def first_of_sample(analyses):
    """For each analysis the first with the same sample, which does the work for both."""
    keys = {name: sample_key(settings) for name, settings in analyses.items()}
    return {name: next(first for first in keys if keys[first] == key) for name, key in keys.items()}
