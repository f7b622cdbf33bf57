"""The maps of a contrast: names, meaning, unit. Read by the rules too, so it imports no other file.

A map's file is named as BIDS derivatives are:
``contrast-<name>[_space-<space>]_stat-<stat>[_desc-<desc>]_statmap.nii.gz``. The space is in the name only if the
config says it: what the maps themselves tell is known during the run, when the names of all files are settled.
"""

from dataclasses import dataclass


def statmap(contrast, stat, desc, form):
    """The file name of a map of one contrast, or of a map of the model if that is None, as a `space.forms.Form` has it.

    A list of names where a map has several files.
    """
    return form.files({"contrast": contrast, "space": form.space, "stat": stat, "desc": desc}, form.suffix)


def entities(name):
    """The parts of such a name, or of that of its JSON file, by their keys."""
    return dict(part.split("-", 1) for part in name.split("_")[:-1])


@dataclass(frozen=True)
class StatMap:
    """A map of a contrast.

    Attributes
    ----------
    stat : str
        The entity of its name.
    what : str
        What its sidecar says that it is; ``{sided}`` and ``{standardised}`` are filled in.
    unit : str
    desc : str, optional
        Another entity of its name.
    outside : float
        The value outside of the mask.
    dtype : str
        Of the numbers in the file.
    intent : str
        What the header of the file says that the values are, by the intents of NIfTI, as nibabel calls them.
    """

    stat: str
    what: str
    unit: str
    desc: str | None = None
    outside: float = 0
    dtype: str = "float32"
    intent: str = "none"

    def name(self, contrast, form):
        """The file's name for a contrast, for a wildcard in braces, or of a map that is of none; as `statmap`."""
        return statmap(contrast, self.stat, self.desc, form)


def z_map(statistic):
    """The map of z, by the statistic that it has the tail probability of."""
    what = f"standard normal deviate with the tail probability of {statistic}"
    return StatMap("z", what, "z", intent="z score")


def p_map(what):
    """The map of uncorrected p values."""
    return StatMap("p", what, "probability", outside=1, dtype="float64", intent="p value")


def bonferroni_map(what):
    """The map of p values that are corrected by Bonferroni."""
    return StatMap("logp", what, "-log10 probability", "bonferroni", intent="log10 p value")


def interval_end(end):
    """The map of the lower or the upper end of the effect's confidence interval."""
    what = f"{end} end of the 95 % confidence interval of the effect"
    return StatMap("effect", what, "as the effect", f"{end}95", intent="estimate")


# By the name of the rule's output. {sided} is the test's side, {standardised} what a unit of the contrast is.
OF_T = {
    "effect": StatMap(
        "effect", "contrast of the coefficients", "units of the maps per unit of the contrast", intent="estimate"
    ),
    "variance": StatMap(
        "variance", "squared standard error of the effect", "squared units of the effect", intent="estimate"
    ),
    "lower": interval_end("lower"),
    "upper": interval_end("upper"),
    "d": StatMap(
        "d", "{standardised}, in standard deviations of the residuals", "standard deviations", intent="estimate"
    ),
    "t": StatMap("t", "Student's t of the effect", "t", intent="t test"),
    "z": z_map("t"),
    "p": p_map("p value, {sided}, uncorrected"),
    "logp": bonferroni_map("-log10 of the Bonferroni-corrected p value, {sided}"),
    "r": StatMap(
        "r", "partial correlation of the maps with the contrast's regressor", "correlation", intent="correlation"
    ),
}
OF_F = {
    "f": StatMap("F", "F of the contrast", "F", intent="f test"),
    "z": z_map("F"),
    "p": p_map("p value, uncorrected"),
    "logp": bonferroni_map("-log10 of the Bonferroni-corrected p value"),
    "r2": StatMap(
        "r2", "share of the variance, adjusted for the nuisance, that is explained", "share", intent="estimate"
    ),
}
# Of an analysis, whatever its contrasts.
RESIDUAL_SD = StatMap(
    "sd",
    "standard deviation of the residuals, by their degrees of freedom",
    "units of the maps",
    "residuals",
    intent="estimate",
)
# Of an analysis whose maps lack values or have variances, and of its contrasts.
OF_WEIGHTED = {
    "n": StatMap("n", "number of subjects who have a value", "subjects", dtype="int16", intent="estimate"),
}
OF_VARIANCES = {
    "tau2": StatMap(
        "tau2",
        "variance between subjects, beside the first-level variances, by restricted maximum likelihood",
        "squared units of the maps",
        intent="estimate",
    ),
    "i2": StatMap("I2", "share of the variance that is between subjects, I squared", "share", intent="estimate"),
    "heterogeneity": StatMap(
        "p",
        "p value of Cochran's Q, of no variance between subjects",
        "probability",
        "heterogeneity",
        1,
        "float64",
        "p value",
    ),
}
MISSING = StatMap(
    "{statistic}", "{statistic} of whether a subject has a value on the contrast", "{statistic}", "missing"
)
# Of both.
Q = StatMap("q", "q value (Benjamini-Hochberg)", "false discovery rate", outside=1, dtype="float64")


# What the permutations make; {name} is the statistic's, {many} the word for elements.
P_PERMUTED = StatMap(
    "p", "uncorrected permutation p value of {name}", "probability", "permutation", 1, "float64", "p value"
)
Q_PERMUTED = StatMap(
    "q",
    "q value (Benjamini-Hochberg) of the permutation p value of {name}",
    "false discovery rate",
    "permutation",
    1,
    "float64",
)
ACROSS = StatMap(
    "logp",
    "-log10 of the family-wise p value over {many} and contrasts, of max z",
    "-log10 probability",
    "maxTcontrasts",
    intent="log10 p value",
)


# Read by rules and core alike; the bound of any set of elements follows from it (`inference.discoveries`).
LEVEL = StatMap(
    "level",
    "the least j for which the p value of {name} is below j lambda / m, by which true discoveries are bounded; "
    "0 if there is none",
    "count",
    "discoveries",
    dtype="int32",
)


def corrected_map(method):
    """The map of the p values of a method, corrected by its null."""
    what = f"-log10 of the family-wise p value of {method}, {{name}}"
    return StatMap("logp", what, "-log10 probability", method, intent="log10 p value")


def tested_map(stat, what):
    """The map of what was permuted, where it is none of the model's: ``statistic``, or what is made of it."""
    return StatMap(stat, f"{what} of {{name}}, as tested by permutation", what)


def passing_maps(methods):
    """The maps of z where corrections pass, by the name of the rule's output; {test} says what is passed."""
    what = "z of the model where {test}, 0 elsewhere"
    return {f"{method}_passing": StatMap("z", what, "z", method, intent="z score") for method in methods}
