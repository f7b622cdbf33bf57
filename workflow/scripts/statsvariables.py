"""The variables of a node of a BIDS Stats Model: its Transformations, and the design that X and Formula make of them.

Plain Python, loaded by settings.py for statsmodel.py.
"""

import re

elsewhere = facts = None  # modules, set by settings.py
# The keys of each instruction beside Name and Input, and what they are if they are not there.
SERVED = {
    "Factor": {"Sep": ".", "Constraint": "none", "RefLevel": None},
    "Rename": {"Output": None},
    "Scale": {"Output": None, "Demean": True, "Rescale": True, "ReplaceNA": None},
}
WILD = re.compile(r"[*?\[\]]")
# A name of a formula, which may have dots in it.
NAME = re.compile(r"`[^`]+`|[^\W\d][\w.]*")


class Variables:
    """What names stand for, as one instruction after another changes it.

    Attributes
    ----------
    made : dict of dict by name
        The ``column`` of the table, and perhaps the ``level`` that is marked by 1, and ``center`` and ``scale``.
    factors : dict of str by str
        The column by what the names of its levels begin with, such as ``group.``.
    gone : set of str
        Names that stand for nothing any more.
    """

    def __init__(self):
        self.made, self.factors, self.gone = {}, {}, set()

    def find(self, name, where):
        """What a name stands for."""
        if name in self.made:
            return self.made[name]
        starts = [start for start in self.factors if name.startswith(start) and name != start]
        if starts:
            start = max(starts, key=len)
            return {"column": self.factors[start], "level": name[len(start) :]}
        if name in self.gone:
            raise elsewhere.Refused(f"{where} names '{name}', which an instruction has replaced by other variables.")
        return {"column": name}

    def take(self, name, where):
        """The same, and the name stands for nothing then."""
        found = self.find(name, where)
        self.gone.add(name)
        self.made.pop(name, None)
        return found

    def make(self, name, what):
        """Let a name stand for something."""
        self.made[name] = what
        self.gone.discard(name)

    def change(self, instruction, where):
        """Do what an instruction says."""
        kind, names, options = asked(instruction, where)
        outputs = listed(options.get("Output")) or names
        if len(outputs) != len(names) or (kind == "Rename" and options["Output"] is None):
            raise elsewhere.Refused(f"{where}: it has {len(names)} Input, and as many names are needed as Output.")
        for name, output in zip(names, outputs, strict=True):
            if kind == "Factor":
                found = self.take(name, where)
                if found.keys() != {"column"}:
                    raise elsewhere.Refused(f"{where}: '{name}' is a variable of numbers, and has no levels.")
                self.factors[f"{name}{options['Sep']}"] = found["column"]
            elif kind == "Rename":
                self.make(output, self.take(name, where))
            else:
                found = dict(self.find(name, where))
                found |= {"center": True} if options["Demean"] else {}
                self.make(output, found | ({"scale": True} if options["Rescale"] else {}))


def listed(value):
    """A name, or a list of names, as a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def asked(instruction, where):
    """The name of an instruction, the names of its variables, and its options; refused if they are not served."""
    kind = instruction.get("Name") if isinstance(instruction, dict) else None
    if kind not in SERVED:
        raise elsewhere.Refused(f"{where}: '{kind}' is not served; {', '.join(SERVED)} are.")
    options, names = SERVED[kind] | instruction, listed(instruction.get("Input"))
    for key in instruction:
        if key not in {"Name", "Input", *SERVED[kind]}:
            raise elsewhere.Refused(f"{where}: {key} is not served; it can have Input, {', '.join(SERVED[kind])}.")
    for name in [*names, *listed(options.get("Output"))]:
        if not isinstance(name, str) or WILD.search(name):
            raise elsewhere.Refused(f"{where}: '{name}' is no name of a variable; write the names out.")
    if not names:
        raise elsewhere.Refused(f"{where}: it has no Input; name a variable.")
    if options.get("Constraint", "none") != "none" or options.get("RefLevel") is not None:
        raise elsewhere.Refused(f"{where}: Constraint and RefLevel are not served; leave the reference out of X.")
    if options.get("ReplaceNA") not in (None, "off"):
        raise elsewhere.Refused(
            f"{where}: ReplaceNA would make up values; who has a missing value is left out of the analysis here."
        )
    for key in ("Demean", "Rescale"):
        if not isinstance(options.get(key, True), bool):
            raise elsewhere.Refused(f"{where}: {key} is true or false; correct it.")
    return kind, names, options


def of_node(node, where):
    """What a node says of the design, as settings.

    Parameters
    ----------
    node : bsmschema.models.Node
    where : str
        The file and the node, for messages.

    Returns
    -------
    dict
        ``design``, ``center``, ``scale``, and ``elsewhere`` with the columns that are added to the sample table.

    Raises
    ------
    elsewhere.Refused
        If an instruction is not served, or X or Formula cannot be.
    """
    variables, made = Variables(), {"center": [], "scale": [], "elsewhere": {"columns": {}}}
    instructions = node.Transformations.Instructions if node.Transformations else ()
    for number, instruction in enumerate(instructions, 1):
        variables.change(instruction, f"{where}, transformation {number}")
    names = [name for name in node.Model.X if name != 1]
    for name in names:
        if WILD.search(name):
            raise elsewhere.Refused(f"{where}: X has the pattern '{name}'; write the names out.")
        found = variables.find(name, f"{where}: X")
        for key in ("center", "scale"):
            made[key] += [name] if found.get(key) else []
        what = {key: found[key] for key in ("column", "level") if key in found}
        if what != {"column": name}:
            made["elsewhere"]["columns"][name] = what
    if node.Model.Formula is not None:
        return made | {"design": formula_of(node.Model.Formula, names, f"{where}: Formula")}
    columns = [{"column": n, "variable": n} if n != 1 else {"column": "intercept", "constant": 1} for n in node.Model.X]
    if not columns:
        raise elsewhere.Refused(f"{where}: X is empty; name a variable, or write 1 for the mean.")
    return made | {"design": columns}


def formula_of(text, names, where):
    """A formula as a config has it, with names in backticks where they need it."""
    formula = NAME.sub(lambda found: ticked(found[0]), text.strip().removeprefix("~").strip())
    complaint = facts.grammar.formula_complaint(formula)
    if complaint:
        raise elsewhere.Refused(f"{where}: {complaint}")
    if not re.search(r"\b[01]\b", NAME.sub("", formula)):
        raise elsewhere.Refused(f"{where} '{text}' has neither 1 nor 0; say by one of them if it has an intercept.")
    used = facts.grammar.variables_of(formula)
    for name in used:
        if name not in names:
            raise elsewhere.Refused(f"{where} '{text}' names '{name}', which X does not.")
    for name in names:
        if name not in used:
            raise elsewhere.Refused(f"{where} '{text}' leaves out '{name}', which X names; take it out of X.")
    return formula


def ticked(name):
    """A name in backticks, unless it needs none."""
    return name if name.startswith("`") or "." not in name else f"`{name}`"
