"""Numbers, places and lists as a text has them."""


def count(number, noun):
    """A number of things, such as "1 voxel", "1,024 voxels" or "no voxel"."""
    return f"{f'{number:,}' if number else 'no'} {noun}{'s' if number > 1 else ''}"


def listed(names, most=8):
    """Names as a list in a sentence; of many, the first few and how many more there are."""
    names = [str(name) for name in names]
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most:,} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def percent(share):
    """A share in percent, without digits that say nothing."""
    return f"{100 * share:.3g} %"


def p_value(p):
    """A p value with two digits that count."""
    return f"{p:.2g}" if p >= 1e-4 else f"{p:.1e}"


def place(mm):
    """A place in the brain, such as "(12, -7, 10) mm"."""
    return f"({', '.join(f'{round(value, 1):g}' for value in mm)}) mm"


def combination(row):
    """Weights by column as a sum, such as "patients - controls" or "0.5 a + 0.5 b"."""
    terms = []
    for column, weight in row.items():
        size = "" if abs(weight) == 1 else f"{abs(weight):g} "
        sign = ("- " if weight < 0 else "+ ") if terms else "-" * (weight < 0)
        terms.append(f"{sign}{size}{column}")
    return " ".join(terms)


def left_out(dropped):
    """A sentence on each column that was left out of a design, from the columns that hold it by its name."""
    for name, others in dropped.items():
        why = f"it is a linear combination of {listed(others)}" if others else "it is 0 in all kept subjects"
        yield f"The column {name} is left out of the design, and no contrast weighs it: {why}."
