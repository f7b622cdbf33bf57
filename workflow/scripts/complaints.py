"""What can be wrong in a config, in sentences that name the key. Plain Python, loaded by settings.py."""

import difflib
import os
import sys

import jsonschema

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
MOST_CHARACTERS = 300  # of what a schema says, and of a name
# Between what a cluster-forming threshold must lie, where z and p still are a t and F that are finite; and a usual one.
FORMING = {"p": (1e-100, 0.5, "0.001"), "z": (0, 20, "3.1"), "t": (0, 1e6, "3.2")}
# The modules facts.py, permutation_complaints.py and incomplete.py, set by settings.py, which loads all.
facts = permutation = incomplete = None


def old_keys(given):
    """Keys that are written in another way now."""
    for key, new in RENAMED.items():
        first, second = key.split(".")
        analyses = given.get("analyses")
        for where in (given, *(analyses.values() if isinstance(analyses, dict) else ())):
            if isinstance(where, dict) and isinstance(where.get(first), dict) and second in where[first]:
                yield f"config key '{key}' is no longer there: write '{new}' in its place."


def schema_complaints(config, schema):
    """One sentence for everything that is wrong by the schema, with the key that it is about."""
    wrong_values = set()
    for found in jsonschema.Draft202012Validator(schema).iter_errors(config):
        # Where several forms are allowed, the one that fits best tells what is wrong.
        error = best = jsonschema.exceptions.best_match([found])
        while error.parent and "description" not in error.schema:
            error = error.parent
        place = tuple(found.absolute_path)
        if place in wrong_values:  # a number that is not whole can be too small as well
            continue
        if not isinstance(found.instance, (dict, list)):
            wrong_values.add(place)
        key = ".".join(str(part) for part in error.absolute_path)
        where = f"config key '{key}'" if key else "the config"
        if error.validator == "additionalProperties":
            known = list(error.schema["properties"])
            for name in sorted(set(error.instance) - set(known)):
                near = difflib.get_close_matches(name, known, 1)
                hint = f"did you mean '{near[0]}'?" if near else f"it knows {', '.join(known)}."
                yield f"{where} has an unknown key '{short(name)}'; {hint}"
        elif error.validator == "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            yield f"{where} lacks the key {' and '.join(repr(name) for name in missing)}."
        else:
            what = error.schema.get("description", "described in config/README.md")
            is_there = best.validator != "anyOf" and best.absolute_path == error.absolute_path
            message = best.message if is_there else f"{error.instance!r} is nothing that can stand there"
            yield f"{where}: {short(message)}; {quotes(best)}it is {what}"


def short(text):
    """A text in one line, cut if it is long."""
    text = " ".join(str(text).split())
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}..."


def quotes(error):
    """What to do with a number, true or false where text is wanted."""
    text = error.validator == "type" and "string" in error.validator_value and isinstance(error.instance, (int, float))
    why = "YAML reads yes, no, on and off as true and false, " if text and isinstance(error.instance, bool) else ""
    return f"{why}write it in quotes; " if text else ""


def missing_keys(settings, name):
    """What one analysis has to say and does not."""
    said = {"analysis"} if name else set()
    if settings.get("model") is not None:
        said |= {"design", "contrasts"}
    elif isinstance(settings.get("design"), dict) and "con" in settings["design"]["fsl"]:
        said |= {"contrasts"}
    for key, what in NEEDED.items():
        if key not in settings and key not in said:
            yield f"the config lacks the key '{key}': {what}."


def server_complaints(config):
    """Servers of datasets whose answers others could change."""
    asked = {f"datasets.{name}": of_dataset for name, of_dataset in config["datasets"].items()}
    for key, of_server in (asked | {"atlases": config["atlases"]}).items():
        url = of_server.get("base_url", "https://")
        if not facts.servers.is_guarded(url):
            instead = "write https, or name a server on this machine, such as http://localhost:8000"
            yield f"config key '{key}.base_url': {short(url)} {facts.servers.WHY}; {instead}."


def shared_complaints(config, analyses, is_file):
    """What a schema cannot see in what all analyses share."""
    yield from server_complaints(config)
    yield from forming_complaints((config["clusters"] or {}).get("threshold"))
    atlas = config["tables"]["atlas"]
    wrong = facts.atlases.complaint(atlas)
    yield from [f"config key 'tables.atlas': {wrong}"] if wrong else []
    files = {"": atlas} if isinstance(atlas, str) and facts.atlases.is_of_labels(atlas) else atlas
    for part, path in files.items() if isinstance(files, dict) else ():
        if not is_file(path):
            yield no_file(f"tables.atlas.{part}".rstrip("."), path, ", or set atlas to null")
    permutation = config["permutation"]
    if permutation["chunks"] > max(permutation["count"], 2):  # 2 is the default, whatever the count
        yield (
            f"config key 'permutation.chunks': {permutation['chunks']} jobs are more than the {permutation['count']} "
            "permutations that they share; write a smaller number."
        )
    # What all analyses share may be of use to some of them only.
    used = {name for settings in analyses.values() for name in facts.grammar.variables_of(settings["design"])}
    for named in told_of(config, used):
        yield (
            f"{named}, which no design uses; {'they use' if config['analyses'] else 'it uses'} "
            f"{short(', '.join(sorted(used))) or 'no variable'}."
        )


def told_of(part, used):
    """What a part of a config says of variables that are not used."""
    for key in ("factors", "center", "scale", "split"):
        yield from (f"config key '{key}' names '{name}'" for name in part.get(key, []) if name not in used)
    if part.get("map_mean") and "map_mean" not in used:
        yield "config key 'map_mean' makes the variable 'map_mean'"


def forming_complaints(threshold):
    """What is wrong with the number of a cluster-forming threshold; nothing if there is none."""
    scale, _, number = (threshold or "t > 3").split()
    least, most, often = FORMING[scale]
    if not least < float(number) < most:
        yield (
            f"config key 'clusters.threshold': {short(threshold)} is no threshold; {scale} must be above {least:g} and "
            f"below {most:g}, and is often {often}."
        )


def analysis_complaints(settings, own, is_file):
    """What a schema cannot see in one analysis; `own` is what stands in its own part of the config."""
    yield from contrast_complaints(settings)
    yield from file_complaints(settings, is_file)
    yield from incomplete.companion_complaints(settings)
    if isinstance(settings["design"], str):
        complaint = facts.grammar.formula_complaint(settings["design"])
        if complaint:
            yield f"config key 'design': {complaint}"
    elif facts.of_design(settings, "split"):
        yield "config key 'split': it needs a formula; write the design as one, such as 'age + group'."
    yield from permutation.of_shuffles(settings)
    used = facts.grammar.variables_of(settings["design"])
    for named in told_of(own, used) if own is not settings else ():
        yield f"{named}, which the design does not use; it uses {short(', '.join(used)) or 'none'}."


def contrast_complaints(settings):
    """What a schema cannot see in the contrasts of one analysis."""
    threshold, names = (settings["clusters"] or {}).get("threshold", ""), facts.contrasts(settings)
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"config key 'contrasts': more than one is named '{name}'; give each its own name."
    for name in facts.f_contrasts(settings):
        if not facts.about_statistic(settings).has_f:
            chosen = facts.statistics.chosen(settings["permutation"]["statistic"])[0]
            yield f"config key 'permutation.statistic': {chosen} has no F, as contrast {name} needs; write 't'."
        if threshold.startswith("t"):
            instead = "write a p or a z, such as 'p < 0.001'"
            if not facts.about_statistic(settings).as_t:
                instead = "set clusters to null, as no p or z can be taken from its distribution"
            yield (
                f"config key 'clusters.threshold': contrast {name} is tested with F, for which '{threshold}' says "
                f"nothing; {instead}."
            )


def is_name(path):
    """Whether a file can have a name here: where Python takes names for ASCII, not every one can be said."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def no_file(key, path, else_do=""):
    """That the file of a key is none, and what to do."""
    if not is_name(path):
        encoding = sys.getfilesystemencoding()
        elsewise = "" if encoding == "utf-8" else ", or set PYTHONUTF8=1 in the environment"
        return f"config key '{key}': {short(path)} cannot be written in {encoding}; rename it{elsewise}."
    what = "is a folder" if os.path.isdir(path) else "does not exist"
    return f"config key '{key}': the file {short(path)} {what}; correct it{else_do}."


def file_complaints(settings, is_file):
    """Files of one analysis that are not there: Snakemake would take old results of theirs for good ones."""
    for key, path in facts.mask_files(settings).items():
        if not is_file(path):
            yield no_file(key, path, ", or write background or mni")
    for part, path in facts.map_mean_files(settings).items():
        if not is_file(path):
            yield no_file(part, path, ", or write mask")
    if settings["resample_to"] and not is_file(settings["resample_to"]):
        yield no_file("resample_to", settings["resample_to"], ", or write null")
