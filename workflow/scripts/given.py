"""What the user's config says: what YAML takes for something else, and values as the schema wants them.

Plain Python, loaded by settings.py.
"""

import datetime
import math
import re
from pathlib import Path

import yaml

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.I)
WORDS = {"true": True, "false": False, "null": None}
LARGEST = 10**15  # of a number; what is computed from larger ones is none
NO_SIGN = re.compile("[\0\ud800-\udfff]")  # neither names of files nor tables can hold these
DEEPEST = 30  # of mappings and lists within each other; those that hold themselves have no end
MOST_VALUES = 100_000  # below a key: aliases of aliases are more in a few lines than anything can go through
# Whole numbers that YAML 1.1 does not read as they are written: 010 is 8, and 1:30 is 90.
MISREAD = re.compile(r"[-+]?(0[0-7_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)")


def read_yaml(path):
    """A YAML file, read by the fast reader if there is one."""
    return yaml.load(Path(path).read_text(encoding="utf-8"), Loader=loader())


def loader():
    """The fast reader of YAML, if there is one."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def misread(path):
    """A sentence on whatever YAML reads otherwise than people do, and says nothing: keys that are there twice, of which
    it takes the last one, and some numbers."""
    # Tabs are blanks in JSON, which Snakemake reads too, and not in YAML.
    text = Path(path).read_text(encoding="utf-8").replace("\t", " ")
    try:
        nodes, seen = [yaml.compose(text, Loader=loader())], set()
    except yaml.YAMLError:  # JSON that is no YAML, as Snakemake has read it
        return
    while nodes:
        node = nodes.pop(0)
        if id(node) in seen:
            continue
        seen.add(id(node))
        if not isinstance(node, yaml.CollectionNode):
            yield from misread_number(path, node)
            continue
        lines = {}
        for part in node.value:
            key, value = part if isinstance(node, yaml.MappingNode) else (None, part)
            nodes.append(value)
            if isinstance(key, yaml.ScalarNode):
                line = key.start_mark.line + 1
                if key.value in lines and key.value != "<<":
                    yield (
                        f"{path}, line {line}: the key '{key.value}' is also in line {lines[key.value]}; keep one of "
                        "them."
                    )
                lines[key.value] = line


def misread_number(path, node):
    """What to say of a number that YAML reads in another way than people do."""
    if node and node.tag.endswith((":int", ":float")) and MISREAD.fullmatch(node.value):
        yield (
            f"{path}, line {node.start_mark.line + 1}: YAML reads {node.value[:60]} as the number "
            f"{yaml.safe_load(node.value)}; write a decimal number without zeros before it, or, if it is a name or a "
            "time, quotes around it."
        )


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
            if depth > DEEPEST or n_values > MOST_VALUES:
                what = f"goes deeper than {DEEPEST} mappings and lists"
                what = what if depth > DEEPEST else f"holds more than {MOST_VALUES:,} values"
                yield f"config key '{key}': it {what}; correct it."
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
    types, options = set(), []
    for form in allowed:
        options += form.get("enum", [])
        named = form.get("type", [])
        types |= {named} if isinstance(named, str) else set(named)
    if isinstance(value, str) and (types or options) and value not in options and "string" not in types:
        value = read(value)
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
