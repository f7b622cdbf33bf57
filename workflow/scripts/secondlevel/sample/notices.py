"""What there is to say of the maps: zeros where others have none, backgrounds, axes, and what smoothing mixes in."""

from collections import Counter

from secondlevel.base.wording import listed, percent

FEW = 0.02  # of the mask's voxels, zeros in some maps that are worth no word
MOSTLY = 0.5  # of the weight of the smoothing kernel


def of_zeros(counts, unit, n_maps, zeros):
    """A sentence on elements that are exactly 0 in some maps and not in others; None if they are few, or known.

    Parameters
    ----------
    counts : dict
        As `space.masking.mask_counts` gives them, with the number of elements analysed.
    unit : space.protocol.Unit
    n_maps : int
        That were looked at.
    zeros : {"value", "missing"} or None
        As in the config.
    """
    n_partly, n_all = counts[f"{unit.title}ZeroInSomeMaps"], counts[unit.title]
    if zeros or n_partly <= FEW * n_all:
        return None
    return (
        f"{n_partly:,} of {n_all:,} {unit.many} ({percent(n_partly / n_all)}) are exactly 0 in some of {n_maps} maps "
        "and not in others: if a map has no data where it is 0, write zeros: missing in the config, which keeps the "
        f"{unit.many} at which no map is 0; if 0 is a value like others, write zeros: value."
    )


def of_fill(fills, unit):
    """A sentence on backgrounds that are neither 0 nor NaN; None if there are none. `fills` are values or None."""
    found = Counter(fill for fill in fills if fill is not None)
    if not found:
        return None
    values = listed([f"{value:g}" for value, _ in found.most_common()], most=4)
    return (
        f"The background of {sum(found.values())} of {len(fills)} maps is {values}: {unit.many} with that value "
        "count as having none, like NaN."
    )


def of_smoothing(fwhm, inside, on_values, unit):
    """Sentences on a kernel that mostly mixes in what is not analysed.

    Parameters
    ----------
    fwhm : float
        In mm.
    inside, on_values : float
        The mean share of the kernel's weight at the elements of the mask that lies inside the mask, and on those
        that have a value other than 0 in some map.
    unit : space.units.Unit
    """
    if fwhm and on_values < MOSTLY:
        yield (
            f"Smoothing by {fwhm:g} mm mixes mostly zeros into the maps: at the mean {unit.one} of the mask, "
            f"{percent(1 - on_values)} of the kernel's weight lies where no map has a value. Values are pulled to 0; "
            "smooth less, or not at all."
        )
    elif fwhm and inside < MOSTLY:
        yield (
            f"Smoothing by {fwhm:g} mm reaches beyond a thin mask: at its mean {unit.one}, {percent(1 - inside)} of "
            "the kernel's weight lies outside of it, and values from there enter; smooth less, or not at all."
        )
