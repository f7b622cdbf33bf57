"""What the user's config says: what YAML takes for something else, and values as the schema wants them.

Plain Python, loaded by settings.py.
"""

import datetime
import math
import re

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.I)
WORDS = {"true": True, "false": False, "null": None}
LARGEST = 10**15  # of a number; what is computed from larger ones is none
NO_SIGN = re.compile("[\0\ud800-\udfff]")  # neither names of files nor tables can hold these
config_files = None  # the module config_files.py, set by settings.py, which loads both


def items_of(value):
    """The items of a mapping or a list with their keys; none of anything else."""
    return value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()


def too_much(given):
    """Keys below which there is more than in any config, as by lists that hold themselves or aliases of aliases."""
    for key, value in items_of(given):
        left, n_values = [(value, 1)], 0
        while left:
            value, depth = left.pop()
            n_values += 1
            if depth > config_files.DEEPEST:
                yield f"config key '{key}': it goes deeper than {config_files.DEEPEST} mappings and lists; correct it."
                break
            if n_values > config_files.MOST_VALUES:
                yield f"config key '{key}': it holds more than {config_files.MOST_VALUES:,} values; write fewer."
                break
            left += [(below, depth + 1) for _, below in items_of(value)]


def no_text(given, key=""):
    """What YAML takes for a date or another thing that no setting can be, keys that are no text, and signs of none."""
    for name, value in items_of(given):
        for text in (name, value):
            if isinstance(text, str) and NO_SIGN.search(text):
                sign = ascii(NO_SIGN.search(text)[0])[1:-1]
                yield f"config key '{key}{name}': it holds the sign {sign}, which no text has; take it out."
        if isinstance(given, dict) and not isinstance(name, str):
            where = f"config key '{key[:-1]}'" if key else "the config"
            yield f"{where} has the key {str(name)[:60]}, which YAML reads as {kind_of(name)}; write it in quotes."
        if not isinstance(value, (dict, list, str, bool, int, float, type(None))):
            yield f"config key '{key}{name}': YAML reads {str(value)[:60]} as {kind_of(value)}; write it in quotes."
        yield from no_text(value, f"{key}{name}.")


def kind_of(value):
    """What YAML has taken something for, in words."""
    kinds = {
        bool: "true or false",
        (int, float): "a number",
        (datetime.date, datetime.time): "a date or time",
        type(None): "nothing",
    }
    return next((word for kind, word in kinds.items() if isinstance(value, kind)), f"a {type(value).__name__}")


def no_numbers(given, key=""):
    """Numbers that are none, infinite or beyond all use: YAML has them, and a schema lets them through."""
    for name, value in items_of(given):
        if isinstance(value, float) and not math.isfinite(value):
            yield f"config key '{key}{name}': {value} is no number that can be worked with; correct it."
        elif isinstance(value, (int, float)) and abs(value) > LARGEST:
            yield f"config key '{key}{name}': it is a number beyond 10^15; correct it."
        yield from no_numbers(value, f"{key}{name}.")


def as_wanted(value, schema):
    """A config with whole numbers, numbers, true, false and null where the schema wants them.

    Snakemake's ``--config`` gives ``two_sided=true`` as text, and in YAML 1e4 is a text and 99.0 is no whole number.
    What fits no wish stays as it is, to be told by the schema.

    Parameters
    ----------
    value : dict
    schema : dict
        JSON schema of the whole config.

    Returns
    -------
    dict
        A new one.
    """
    return wanted(value, list(forms(schema, schema)), schema)


def forms(schema, root):
    """The forms that a part of a schema allows, without references."""
    if "$ref" in schema:
        found = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        yield from forms(found, root)
    elif "then" in schema:
        yield from forms(schema["then"], root)
        yield from forms(schema["else"], root)
    elif "anyOf" in schema:
        for form in schema["anyOf"]:
            yield from forms(form, root)
    else:
        yield schema


def wanted(value, allowed, root):
    """A value, and all below it, as one of some forms wants it."""
    if not isinstance(value, (dict, list)):
        return simple(value, allowed)
    found = {}
    for key, item in items_of(value):
        below = [
            form.get("items") if isinstance(value, list) else form.get("properties", {}).get(key, rest(form))
            for form in allowed
        ]
        found[key] = wanted(item, [form for part in below if part for form in forms(part, root)], root)
    return found if isinstance(value, dict) else list(found.values())


def rest(form):
    """The schema of keys that are not named; None where none are allowed."""
    return form["additionalProperties"] if isinstance(form.get("additionalProperties"), dict) else None


def simple(value, allowed):
    """A number, text, boolean or null as one of some forms wants it."""
    types, options, no_label = set(), [], False
    for form in allowed:
        options += form.get("enum", [])
        named = form.get("type", [])
        types |= {named} if isinstance(named, str) else set(named)
        no_label |= form.get("format") in ("path", "label", "unit")
    if isinstance(value, str) and (types or options) and value not in options:
        if "string" not in types:
            value = read(value)
        elif no_label and "null" in types and value.casefold() == "null":
            value = None  # a file of this name is ./null; among levels it is one like others
    of_options = [option for option in options if option == value]  # 6 where 6.0 is given
    if of_options:
        return of_options[0]
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole and "integer" in types and "number" not in types else value


def read(text):
    """A text as the number, boolean or null that it spells, if it spells one."""
    if NUMBER.fullmatch(text):
        return int(text) if re.fullmatch(r"[+-]?[0-9]{1,16}", text) else float(text)
    return WORDS.get(text.casefold(), text)
