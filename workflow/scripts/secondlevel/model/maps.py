"""The maps of a contrast: names, meaning, unit. Read by the rules too, so it imports no other file.

A map's file is named as BIDS derivatives are: ``contrast-<name>_stat-<stat>[_desc-<desc>]_statmap.nii.gz``.
"""

from dataclasses import dataclass


def statmap(contrast, stat, desc=None):
    """The file name of a map of one contrast."""
    return f"contrast-{contrast}_stat-{stat}{f'_desc-{desc}' if desc else ''}_statmap.nii.gz"


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
    """

    stat: str
    what: str
    unit: str
    desc: str | None = None
    outside: float = 0
    dtype: str = "float32"

    def name(self, contrast):
        """The file's name for a contrast, or for a wildcard in braces."""
        return statmap(contrast, self.stat, self.desc)


def z_map(statistic):
    """The map of z, by the statistic that it has the tail probability of."""
    return StatMap("z", f"standard normal deviate with the tail probability of {statistic}", "z")


def p_map(what):
    """The map of uncorrected p values."""
    return StatMap("p", what, "probability", outside=1, dtype="float64")


def bonferroni_map(what):
    """The map of p values that are corrected by Bonferroni."""
    return StatMap("logp", what, "-log10 probability", "bonferroni")


# By the name of the rule's output. {sided} is the test's side, {standardised} what a unit of the contrast is.
OF_T = {
    "effect": StatMap("effect", "contrast of the coefficients", "units of the maps per unit of the contrast"),
    "variance": StatMap("variance", "squared standard error of the effect", "squared units of the effect"),
    "lower": StatMap("effect", "lower end of the 95 % confidence interval of the effect", "as the effect", "lower95"),
    "upper": StatMap("effect", "upper end of the 95 % confidence interval of the effect", "as the effect", "upper95"),
    "d": StatMap("d", "{standardised}, in standard deviations of the residuals", "standard deviations"),
    "t": StatMap("t", "Student's t of the effect", "t"),
    "z": z_map("t"),
    "p": p_map("p value, {sided}, uncorrected"),
    "logp": bonferroni_map("-log10 of the Bonferroni-corrected p value, {sided}"),
    "r": StatMap("r", "partial correlation of the maps with the contrast's regressor", "correlation"),
}
OF_F = {
    "f": StatMap("F", "F of the contrast", "F"),
    "z": z_map("F"),
    "p": p_map("p value, uncorrected"),
    "logp": bonferroni_map("-log10 of the Bonferroni-corrected p value"),
    "r2": StatMap("r2", "share of the variance, adjusted for the nuisance, that is explained", "share"),
}
# Of an analysis, whatever its contrasts.
RESIDUAL_SD = StatMap("sd", "standard deviation of the residuals, by their degrees of freedom", "units of the maps")
# Of both.
Q = StatMap("q", "q value (Benjamini-Hochberg)", "false discovery rate", outside=1, dtype="float64")


# What the permutations make; {name} is the statistic's.
P_PERMUTED = StatMap("p", "uncorrected permutation p value of {name}", "probability", "permutation", 1, "float64")
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
    "-log10 of the family-wise p value over voxels and contrasts, of max z",
    "-log10 probability",
    "maxTcontrasts",
)


def corrected_map(method):
    """The map of the p values of a method, corrected by its null."""
    return StatMap("logp", f"-log10 of the family-wise p value of {method}, {{name}}", "-log10 probability", method)


def tested_map(stat, what):
    """The map of what was permuted, where it is none of the model's: ``statistic``, or what is made of it."""
    return StatMap(stat, f"{what} of {{name}}, as tested by permutation", what)
