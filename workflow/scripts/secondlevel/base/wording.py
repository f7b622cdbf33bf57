"""Numbers, places and lists as a text has them."""

AXES = ("x_mm", "y_mm", "z_mm")  # of tables
# The columns of tables that say where an element is, as words tell them; others are axes of images.
PLACES = ("hemisphere", "vertex", "structure", "parcel", "node_1", "node_2", *AXES)


def count(number, noun, many=None):
    """A number of things, such as "1 voxel", "1,024 voxels" or "no voxel"; `many` if their plural has no s."""
    return f"{f'{number:,}' if number else 'no'} {(many or f'{noun}s') if number > 1 else noun}"


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
    return f"({', '.join(f'{round(value, 1) + 0:g}' for value in mm)}) mm"


def where(columns):
    """A place by the columns of tables that say it, such as "(12, -7, 10) mm" or "left hemisphere, vertex 12"."""
    words, mm = [], [columns[axis] for axis in AXES if columns.get(axis) not in (None, "n/a", "")]
    for name, value in columns.items():
        if name == "hemisphere":
            words.append(f"{value} hemisphere" if value in ("left", "right") else str(value))
        elif name == "vertex":
            words.append(f"vertex {value}")
        elif name in ("structure", "parcel"):
            words.append(str(value))
        elif name not in (*AXES, "node_1", "node_2"):
            words.append(f"{name} {float(value):g}")
    if "node_1" in columns:
        words.append(f"{columns['node_1']} \N{EN DASH} {columns['node_2']}")
    return ", ".join([*words, *([place(map(float, mm))] if len(mm) == len(AXES) else [])])


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
