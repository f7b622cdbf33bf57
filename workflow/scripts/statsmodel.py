"""A BIDS Stats Model as settings: what its dataset-level node says of variables, design, contrasts and analyses.

The file is parsed by the package bsmschema. What this workflow cannot do is refused by name, nothing of the node is
left out in silence. Plain Python, loaded by settings.py; statsvariables.py and statsnodes.py read parts of it.
"""

import json
import math
import re
from decimal import Decimal

config_files = elsewhere = facts = given = nodes = variables = None  # modules, set by settings.py
SAID = ("design", "contrasts", "center", "scale", "split")  # by the model, in the place of these keys
ENTITIES = {"session": "ses", "acquisition": "acq", "direction": "dir", "reconstruction": "rec"}
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")


def is_meant(settings):
    """Whether the design of an analysis is a Stats Model."""
    return settings.get("model") is not None


def taken_over(name, settings):
    """The settings of the analyses that a node asks for, with ordinary ones in the place of the model.

    Parameters
    ----------
    name : str
        The analysis' own.
    settings : dict
        With the path of the model below ``model``, or its ``file`` and the name of the ``node``.

    Returns
    -------
    dict of dict
        By name: one, or, where the node is grouped by contrast and several come to it, one for each.

    Raises
    ------
    elsewhere.Refused
        If the file is no Stats Model, or asks for what this workflow does not do.
    """
    wanted = settings["model"] if isinstance(settings["model"], dict) else {"file": settings["model"]}
    path = wanted["file"]
    elsewhere.require_file("model", path)
    elsewhere.require_unsaid(settings, SAID, f"the model ({path})")
    model = parsed(path)
    node = nodes.node_of(model, path, wanted.get("node"))
    where = f"{path}, node '{node.Name}'"
    require_served(node, where)
    made = variables.of_node(node, where)
    made["contrasts"] = contrasts_of(node, where)
    made["elsewhere"] |= subjects_of(model, path, settings) | {"files": [path], "model": path}
    names = nodes.incoming(model, node, where) if "contrast" in node.GroupBy else []
    if len(names) < 2:
        return {name: settings | made | nodes.of_contrast(settings, names, *names)}
    labels = {one: elsewhere.label(one) for one in names}
    if len(set(labels.values())) < len(names):
        raise elsewhere.Refused(
            f"{where}: of the contrasts {', '.join(names)} two have one name in letters and digits."
        )
    return {f"{name}_{labels[one]}": settings | made | nodes.of_contrast(settings, names, one) for one in names}


def parsed(path):
    """The file as an object of bsmschema."""
    try:
        from bsmschema.models import BIDSStatsModel
    except ImportError:
        raise elsewhere.Refused(
            "config key 'model': a BIDS Stats Model is read by the package bsmschema, which is not installed; install "
            "what requirements.lock names."
        ) from None
    try:
        with open(path, encoding="utf-8") as file:
            raw = json.load(file)
    except (OSError, ValueError, RecursionError) as error:  # no JSON, no text, or numbers without end
        raise elsewhere.Refused(f"{path} cannot be read as JSON: {error}; correct it.") from None
    for wrong in config_files.misread(path) if isinstance(raw, dict) else ():
        raise elsewhere.Refused(wrong)
    try:
        model = BIDSStatsModel.model_validate(raw)
    except ValueError as errors:  # of pydantic, one for each thing that is wrong
        error = errors.errors()[0]
        key = ".".join(str(part) for part in error["loc"])
        raise elsewhere.Refused(f"{path} is no BIDS Stats Model: {key}: {error['msg']}.") from None
    for key in unknown(raw, model.model_dump()):
        raise elsewhere.Refused(f"{path}: BIDS Stats Models know no key '{key}'; correct it, or take it out.")
    return model


def unknown(raw, known, key=""):
    """Keys of a file that its parser has left out."""
    for name, value in given.items_of(raw):
        if isinstance(raw, dict) and name not in known:
            yield f"{key}{name}"
        else:
            yield from unknown(value, known[name], f"{key}{name}.")


def require_served(node, where):
    """Refuse what a node asks for beside a linear model of maps, by name."""
    model = node.Model
    if model.Type != "glm":
        raise elsewhere.Refused(
            f"{where}: Model.Type '{model.Type}' weighs maps by their variances, which is not done; 'glm' is."
        )
    for key in ("HRF", "Options"):
        if getattr(model, key) is not None:
            raise elsewhere.Refused(f"{where}: Model.{key} is for time series, and is not served; take it out.")
    others = [name for name in node.GroupBy if name != "contrast"]
    if others:
        raise elsewhere.Refused(
            f"{where}: GroupBy '{others[0]}' is not served, 'contrast' is; write an analysis for each group."
        )


def contrasts_of(node, where):
    """The contrasts of a node, those for single variables first."""
    found, dummies = [], node.DummyContrasts
    if dummies:
        if dummies.Contrasts is None and node.Model.Formula is not None:
            raise elsewhere.Refused(f"{where}: DummyContrasts of a Formula need Contrasts, the names of its columns.")
        single = node.Model.X if dummies.Contrasts is None else dummies.Contrasts
        found += [(column(one), [one], [1], dummies.Test) for one in single]
    found += [(c.Name, c.ConditionList, c.Weights, c.Test) for c in node.Contrasts or ()]
    if not found:
        raise elsewhere.Refused(f"{where}: it has neither Contrasts nor DummyContrasts, and so tests nothing.")
    return [contrast_of(*one, node.Model, f"{where}, contrast '{one[0]}'") for one in found]


def contrast_of(name, conditions, weights, test, model, where):
    """A contrast of the config."""
    if test == "pass":
        raise elsewhere.Refused(f"{where}: Test 'pass' tests nothing; write t or F, or take the contrast out.")
    rows = weights if weights and isinstance(weights[0], list) else [weights]
    if test == "t" and len(rows) > 1:
        raise elsewhere.Refused(f"{where}: Test t takes one row of Weights, and here are {len(rows)}; write F.")
    if test == "F" and len(rows) < 2:
        raise elsewhere.Refused(
            f"{where}: an F of one row of Weights is its t, tested on both sides; write t, and set two_sided to true."
        )
    known = {column(one) for one in model.X}
    for condition in map(column, conditions):
        if model.Formula is None and condition not in known:
            raise elsewhere.Refused(f"{where}: ConditionList names '{condition}', which X does not.")
    for row in rows:
        if len(row) != len(conditions):
            raise elsewhere.Refused(
                f"{where}: it has {len(row)} Weights for the {len(conditions)} of ConditionList; give one for each."
            )
    expressions = [expression(conditions, row, where) for row in rows]
    label = elsewhere.label(name)
    if not label:
        raise elsewhere.Refused(f"{where}: its Name has no letter or digit, as names of files need; rename it.")
    return {"name": label, "weights": expressions if test == "F" else expressions[0]}


def column(condition):
    """The column of the design that a condition stands for; formulas of others write a level as ``group[T.b]``."""
    return "intercept" if condition in (1, "Intercept") else condition.replace("[T.", "[")


def expression(conditions, weights, where):
    """Weights as a sum of columns, as a config has it."""
    terms = []
    for condition, weight in zip(map(column, conditions), weights, strict=True):
        text = str(weight).strip()
        if isinstance(weight, (int, float)) and math.isfinite(weight):
            text = format(Decimal(repr(weight)), "f")
        elif not (DECIMAL.fullmatch(text) or facts.grammar.FRACTION.fullmatch(text)):
            raise elsewhere.Refused(f"{where}: the weight '{weight}' is no number, nor a fraction such as 1/3.")
        terms.append(f"{'-' if text[0] == '-' else '+'} {text.lstrip('+-').strip()} * `{condition}`")
    return " ".join(terms).removeprefix("+ ")


def subjects_of(model, path, settings):
    """Whom the model's Input lists, if it does; refused if other things that it says of maps are not the config's."""
    maps = settings["datasets"]["own"]["maps"] if settings["dataset"] == "own" else None
    for name, values in (model.Input or {}).items():
        key = ENTITIES.get(name, name)
        if isinstance(maps, dict) and key in maps and str(maps[key]) not in map(str, values):
            raise elsewhere.Refused(
                f"{path}: Input has the {name} {', '.join(map(str, values))}, but config key 'datasets.own.maps' "
                f"{maps[key]}; correct one of them."
            )
    listed, ids = (model.Input or {}).get("subject"), settings["datasets"]["own"]["id"]
    if listed is None:
        return {}
    person = "participant_id"
    if settings["dataset"] == "own" and len(ids) > 1:
        person = "subject" if ids[0] == person else ids[0]  # as `read_study` keeps it beside the whole ID
    return {"subjects": [str(subject).removeprefix("sub-") for subject in listed], "person": person}
