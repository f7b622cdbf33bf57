"""What a contrast asks, in words: as a sentence, and for each direction of a finding."""

from secondlevel.base.wording import combination, listed
from secondlevel.model.comparison import label


def in_words(contrast, columns):
    """What a contrast asks, in a sentence.

    Parameters
    ----------
    contrast : dict
        From `findings.contrast_findings`.
    columns : list of dict
        Of the design, with their ``minimum`` and ``maximum``.

    Returns
    -------
    str
    """
    compared = contrast["compared"]
    if len(contrast["rows"]) > 1:
        differing = differences(contrast)
        return f"{differing}{elsewhere(compared)}." if differing else f"Whether any of {sums(contrast)} differs from 0."
    if compared and compared.factors:
        return f"{sentence(difference(compared))}{elsewhere(compared)}."
    (row,) = contrast["rows"]
    constant = {column["name"] for column in columns if column["minimum"] == column["maximum"]}
    if set(row) <= constant and list(row.values()) == [1]:
        others = ", where all other columns are 0" if len(columns) > 1 else ""
        return f"The mean of the maps{elsewhere(compared) if compared else others}."
    if len(row) == 1:
        held = elsewhere(compared) if compared else ", with the other columns held"
        return f"How much the maps change with {combination(row)}, for each unit of it{held}."
    return f"The combination {combination(row)} of the columns' coefficients."


def sentence(words):
    """Words of a slope begin as a sentence does; those that begin with a name of the user stay."""
    return words[0].upper() + words[1:] if words.startswith("the ") else words


def sums(contrast):
    """The rows of a contrast."""
    return listed([combination(row) for row in contrast["rows"]])


def elsewhere(compared):
    """Where the other variables are."""
    where = [f"at the same {listed(compared.same)}"] if compared.same else []
    for name, place in compared.held.items():
        if isinstance(place, str):
            where.append(f"where {name} is {place}")
        else:
            where.append(f"at the mean {name}, {place:.4g}" if place else f"where {name} is 0")
    return f", {' and '.join(where)}" if where else ""


def pair(compared):
    """The names of two cells of which the second is subtracted from the first, or None."""
    weights = dict(zip(map(label, compared.cells), compared.weights[0], strict=True))
    weights = {name: weight for name, weight in weights.items() if weight}
    if sorted(weights.values()) != [-1, 1]:
        return None
    return max(weights, key=weights.get), min(weights, key=weights.get)


def crossed(compared):
    """Of a difference of two differences the levels: more and less within, and where it is more and where less."""
    weighed = [(cell, weight) for cell, weight in zip(compared.cells, compared.weights[0], strict=True) if weight]
    if not (len(compared.factors) == 2 and compared.is_interaction and len(weighed) == 4):
        return None
    if {abs(weight) for _, weight in weighed} != {1}:
        return None
    # Of the two cells that are added, the one that is not of the reference levels names those that are more.
    less, more = [[cell[name] for name in compared.factors] for cell, weight in weighed if weight > 0]
    return more[0], less[0], more[1], less[1]


def difference(compared):
    """A comparison of cells as a subtraction, such as "patient minus control"."""
    slope = " times ".join(compared.slope)
    of = f"the slope of {slope}, " if slope else ""
    cells, levels = pair(compared), crossed(compared)
    if cells:
        return f"{of}{cells[0]} minus {cells[1]}"
    if levels:
        return f"{of}{levels[0]} minus {levels[1]}, in {levels[2]} minus in {levels[3]}"
    weighed = {label(cell): w for cell, w in zip(compared.cells, compared.weights[0].tolist(), strict=True) if w}
    if list(weighed.values()) == [1]:
        return f"the {f'slope of {slope}' if slope else 'mean'} in {[*weighed][0]}"
    return f"{of}{combination(weighed)}"


def differences(contrast):
    """What several rows ask together, or None if they are no one question."""
    compared = contrast["compared"]
    if not compared or (compared.factors and not compared.is_difference):
        return None
    if not compared.factors:
        return f"Any effect of {' times '.join(compared.slope)}" if compared.slope else None
    what = f"Different slopes of {' times '.join(compared.slope)}" if compared.slope else "Any difference"
    if compared.is_interaction:
        return f"Interaction of {listed([*compared.factors, *compared.slope])}"
    names = {label(cell): True for cell, w in zip(compared.cells, compared.weights.T, strict=True) if w.any()}
    return f"{what} between {listed(names)}"


def direction(contrast, sign):
    """What a finding says, such as "patient above control".

    Parameters
    ----------
    contrast : dict
        From `findings.contrast_findings`.
    sign : {1, -1, 0}
        Of the effect; 0 for either. An F contrast has none.

    Returns
    -------
    str
    """
    compared = contrast["compared"]
    if len(contrast["rows"]) > 1:
        return differences(contrast) or f"Any of {sums(contrast)}"
    if compared is None or (not compared.factors and abs(compared.weights[0, 0]) != 1):
        return f"{sums(contrast)} {either(sign, 'above', 'below')} 0"
    slope = " times ".join(compared.slope)
    if not compared.factors:
        sign = sign * int(compared.weights[0, 0])
        return (
            f"{either(sign, 'Higher', 'Lower')} with {slope}" if slope else f"Mean {either(sign, 'above', 'below')} 0"
        )
    cells, levels = pair(compared), crossed(compared)
    if cells and slope:
        return f"Slope of {slope} {either(sign, 'larger', 'smaller')} in {cells[0]} than in {cells[1]}"
    if cells:
        return f"{cells[0]} {either(sign, 'above', 'below')} {cells[1]}"
    if levels and not slope:
        than = f"in {levels[2]} than in {levels[3]}"
        return f"{levels[0]} minus {levels[1]} {either(sign, 'larger', 'smaller')} {than}"
    return f"{sentence(difference(compared))} {either(sign, 'above', 'below')} 0"


def either(sign, plus, minus):
    """The word for a sign."""
    return {1: plus, -1: minus, 0: f"{plus} or {minus.lower()}"}[sign]
