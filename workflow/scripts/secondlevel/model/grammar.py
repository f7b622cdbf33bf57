"""What a design and the weights of a contrast can look like in the config.

The settings are checked with it, so it imports no other file.
"""

import re

# A name, 0 or 1, or a sign of a formula in Wilkinson's notation (Wilkinson and Rogers 1973, Appl. Stat. 22).
TOKEN = re.compile(r"\s*(?:(?P<name>`[^`]+`|[^\W\d]\w*)|[01](?!\w)|(?P<sign>\*\*|[-+:*()]))")
TIMES_NUMBER = re.compile(r"[:*]\s*[01]|[01]\s*[:*]")
# A weight that no decimal number is, such as 1/3.
FRACTION = re.compile(r"\s*[+-]?\d{1,15}\s*/\s*[1-9]\d{0,14}\s*")
MOST_CHARACTERS, LONGEST = 200, 20_000  # of a formula in a message, and of any
ALLOWED = (
    "a formula holds names of variables joined by +, -, :, * and brackets, and a name with other signs than letters, "
    "digits and _ goes into backticks."
)


def formula_complaint(formula):
    """What is in a formula that must not be, in a sentence; None if it is a formula.

    Nothing may stand in it but names of variables, 0, 1, operators and brackets: what reads it would run Python code.
    """
    shown = formula if len(formula) <= MOST_CHARACTERS else f"{formula[:MOST_CHARACTERS]}..."
    if len(formula) > LONGEST:
        return f"'{shown}' has {len(formula):,} characters, and at most {LONGEST:,} are read; write a shorter formula."
    nameless = TOKEN.sub(lambda found: "x" if found["name"] else found[0], formula)
    if "~" in nameless:
        return f"'{shown}' has a left-hand side; leave what explains the maps: {ALLOWED}"
    position, name = 0, None
    while position < len(formula.rstrip()):
        found = TOKEN.match(formula, position)
        if not found or (name and found["sign"] == "("):
            what = f"calls '{name}'" if found else f"holds '{formula[position:].strip()[:MOST_CHARACTERS]}'"
            return f"'{shown}' {what}; {ALLOWED}"
        position, name = found.end(), found["name"]
    if TIMES_NUMBER.search(nameless):
        return f"'{shown}' multiplies by a number, but 0 and 1 stand for the intercept only; {ALLOWED}"
    return None


def variables_of(design):
    """Names of the variables in a design, a formula or a list of columns, in the order in which they come."""
    if isinstance(design, str):
        names = [found["name"].strip("`") for found in TOKEN.finditer(design) if found["name"]]
    else:
        names = [column["variable"] for column in design if "variable" in column]
    return list(dict.fromkeys(names))


def number(weight):
    """A weight as a number, from a number or a fraction such as "1/3"."""
    if not isinstance(weight, str):
        return float(weight)
    above, below = weight.split("/")
    return float(above) / float(below)


def is_number(weight):
    """Whether a weight is a number or a fraction of two."""
    return FRACTION.fullmatch(weight) is not None if isinstance(weight, str) else not isinstance(weight, list)


def rows_of(weights):
    """The rows of a contrast, each an expression or a list with a number per column; several make an F contrast."""
    return [weights] if isinstance(weights, str) or all(map(is_number, weights)) else weights


def is_f(weights):
    """Whether a contrast is tested with F."""
    return len(rows_of(weights)) > 1
