"""How a config file is written: that it is YAML or JSON, says each thing once, and holds values and no code.

Snakemake reads config files before the workflow does, and says little of one that it cannot read. Plain Python, loaded
by settings.py, and by tools/check_config.py for files that Snakemake has not read yet.
"""

import json
import re
from pathlib import Path

import yaml

TEMPLATE = "__use_yte__"
MOST_VALUES = 100_000  # of a config, as often as they are repeated
DEEPEST = 30  # of mappings and lists within each other; those that hold themselves have no end
# 010 is 8 to YAML 1.1, and 1:30 is 90.
MISREAD = re.compile(r"[-+]?(0[0-7_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)")
# What YAML says of a place that it cannot read, and what to do there.
ADVICE = {
    r"'\\t'": "indent with blanks, not with tabs",
    r"but got '[\[{]'": "within brackets and braces write a name such as group[patient] in quotes",
    "mapping values": "look at the blanks at the beginning of the lines, and write text that holds ': ' in quotes",
    "find expected ':'": "write a colon and a blank after the key",
    "start any token": "write the text in quotes",
    "unexpected end|<stream end>": "close the bracket or the quotation mark",
    "another document": "write one document, without ---",
    "alias|anchor": "write text that begins with * or & in quotes",
    "": "look at the blanks at the beginning of the lines, at brackets and at quotation marks",
}
# What it says where something has not ended that has begun in an earlier line.
NOT_ENDED = "unexpected end|<stream end>|find expected ':'"


def read_yaml(path):
    """A YAML file, read by the fast reader if there is one."""
    return yaml.load(Path(path).read_text(encoding="utf-8"), Loader=loader())


def loader():
    """The fast reader of YAML, if there is one."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def misread(path):
    """A sentence for everything that is wrong in how a config file is written, with its line."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        yield f"the config file {path} cannot be read ({error.strerror}); correct its name."
        return
    except UnicodeDecodeError:
        yield f"the config file {path} is not text in UTF-8; save it so."
        return
    is_json = holds_json(text)
    text = text.replace("\t", " ") if is_json else text  # in JSON they are blanks
    try:
        yield from written_complaints(path, text)
    except yaml.YAMLError as error:
        if not is_json:  # else it is JSON that is no YAML, as Snakemake reads it
            yield unreadable(path, text, error)


def written_complaints(path, text):
    """The same of the text of a file; a YAMLError where it is no YAML."""
    # By the reader that Snakemake has, which is the slow one.
    root = None if is_vast(text) else yaml.compose(text, Loader=yaml.SafeLoader) or yaml.ScalarNode("", "")
    if root is None or is_too_much(root, values_of):
        yield (
            f"the config file {path} holds more than {MOST_VALUES:,} values, perhaps by aliases (*name), or more than "
            f"{DEEPEST} within each other; write fewer."
        )
        return
    if not isinstance(root, yaml.MappingNode):
        yield f"the config file {path} holds no keys; config/README.md says which there are."
        return
    found = [*wrong_values(path, root), *misread_numbers(path, root), *doubled_keys(path, root)]
    if not found:
        yaml.constructor.SafeConstructor().construct_document(root)
    yield from found
    for key, _ in root.value:
        if key.value == TEMPLATE:
            yield (
                f"{path}, line {key.start_mark.line + 1}: '{TEMPLATE}' makes the file a template, whose code Snakemake "
                "runs as it reads it; leave that key out, and write values."
            )


def holds_json(text):
    """Whether a text is JSON, which Snakemake reads as such, be it YAML or not."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def is_vast(text):
    """Whether a text of YAML is too long or too deep to be looked at as a whole; False if the fast reader gives up."""
    depth = 0
    try:
        for count, event in enumerate(yaml.parse(text, Loader=loader())):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if count > 2 * MOST_VALUES or depth > DEEPEST:
                return True
    except yaml.YAMLError:
        pass
    return False


def unreadable(path, text, error):
    """The sentence on the place at which a text is no YAML."""
    if isinstance(error, yaml.reader.ReaderError):
        line, sign = text.count("\n", 0, error.position) + 1, error.character
        return f"{path}, line {line}: it holds the character U+{sign:04X}, which YAML does not know; take it out."
    line, problem = error.problem_mark.line, error.problem
    begun = error.context_mark.line if error.context_mark else line
    if re.search(NOT_ENDED, problem):
        line = begun
    since = f" in what begins in line {begun + 1}" if begun != line else ""
    what = text.splitlines()[line].strip()[:100] if text.splitlines()[line:] else ""
    advice = next(words for pattern, words in ADVICE.items() if re.search(pattern, f"{problem} {error.context}"))
    return f"{path}, line {line + 1}: '{what}' cannot be read as YAML ({problem}{since}); {advice}."


def values_of(node):
    """The nodes below one of YAML."""
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def is_too_much(value, below):
    """Whether a value holds more than `MOST_VALUES`; `below` is a function that gives those of one."""
    waiting, count = [(value, 0)], 0
    while waiting and count <= MOST_VALUES:
        value, depth = waiting.pop()
        count += 1
        if depth <= DEEPEST:
            waiting += [(part, depth + 1) for part in below(value)]
    return count > MOST_VALUES


def nodes_of(root):
    """A node of YAML and all below it, keys too, each once."""
    nodes, seen = [root], set()
    for node in nodes:
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            nodes += values_of(node) + ([key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else [])


def wrong_values(path, root):
    """A sentence for each value that YAML takes for a date or another thing, and that is none."""
    for node in nodes_of(root):
        try:
            if isinstance(node, yaml.ScalarNode):
                yaml.constructor.SafeConstructor().construct_object(node)
        except yaml.YAMLError:  # what is wrong with a tag is told with its line by YAML
            pass
        except (ValueError, KeyError, TypeError, AttributeError):
            kind, value = node.tag.rpartition(":")[2], node.value[:60]
            line = node.start_mark.line + 1
            yield f"{path}, line {line}: YAML takes '{value}' for a {kind}, but it is none; write it in quotes."


def misread_numbers(path, root):
    """A sentence for each whole number that YAML does not read as it is written."""
    for node in nodes_of(root):
        if (
            isinstance(node, yaml.ScalarNode)
            and node.tag.endswith((":int", ":float"))
            and MISREAD.fullmatch(node.value)
        ):
            yield (
                f"{path}, line {node.start_mark.line + 1}: YAML reads {node.value[:60]} as the number "
                f"{yaml.safe_load(node.value)}; write a decimal number without zeros before it, or, if it is a name or "
                "a time, quotes around it."
            )


def doubled_keys(path, root):
    """A sentence for each key that a file has twice in one mapping: YAML would take the last one and say nothing."""
    for node in nodes_of(root):
        lines = {}
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode):
                line = key.start_mark.line + 1
                if key.value in lines and key.value != "<<":
                    yield (
                        f"{path}, line {line}: the key '{key.value}' is also in line {lines[key.value]}; keep one of "
                        "them."
                    )
                lines[key.value] = line
