"""What tests of the report share: findings of an analysis that let nothing pass."""

from types import SimpleNamespace

from secondlevel.space.units import VOXELS

PLACE = {"x_mm": 1.0, "y_mm": 2, "z_mm": 3}
OF_ALL = {"dependent": False, "unit": None, "elements": VOXELS, "place_columns": tuple(PLACE), "pictures": "slices"}
NULL = {
    "method": "maxT",
    "voxels": 1000,
    "statistic": {"name": "t", "rank": 1},
    "degrees_of_freedom": 6,
    "two_sided": False,
    "scheme": "permute",
    "nuisance": "freedman-lane",
    "blocks": {"number": 1, "whole": False},
    "permutations": 999,
    "distinct_permutations": None,
    "exhaustive": False,
    "seed": 3,
    "tail": None,
    "warnings": [],
    "alpha": 0.05,
    "threshold": 4.5,
    "voxels_above": 0,
    "p_of_observed_maximum": 0.2,
    "interval_of_p_of_observed_maximum": [0.17, 0.23],
}
BOUNDS = NULL | {
    "discoveries": {"template": "simes", "largest": 1000},
    "lambda": 0.06,
    "true_discoveries": 139,
}
ENTRY = {"alpha": 0.05, "two_sided": False, "threshold": None, "voxels_above": 0}
CONTRAST = {
    "name": "age",
    "rows": [{"age": 1.0}],
    "thresholds": {"fdr": ENTRY, "bonferroni": ENTRY | {"threshold": 4.8}},
    "nulls": {"maxT": NULL},
    "peak": {"name": "t", "statistic": 3.21, "z": 2.5, "df": 6, "place": PLACE, "logp_desc-maxT": 0.69897},
    **OF_ALL,
    "compared": None,
    "tables": {"maxT": []},
    "discoveries": None,
    "regions": [],
}
FOUND = {
    "settings": {
        "dataset": "own",
        "datasets": {
            "own": {"participants": "people.tsv"},
            "localizer": {"contrast": "button"},
            "emotion_regulation": {"timeout": 60},
            "simulated_localizer": {"seed": 1},
        },
        "smoothing_fwhm": 0,
        "tables": {"atlas": None},
        "resample_to": None,
        "mask": "mine.nii",
        "coverage": None,
        "alpha": {"fdr": 0.05, "fwe": 0.05, "uncorrected": 0.001},
        "permutation": {"blocks": None, "statistic": "t", "across_contrasts": False},
    },
    "mask": {"Source": "mine.nii", "Voxels": 1000},
    "design": {"design": "age", "centered": {}, "scaled": {}, "factors": {}},
    "columns": [{"name": "intercept", "minimum": 1, "maximum": 1}, {"name": "age", "minimum": 20, "maximum": 40}],
    "space": SimpleNamespace(size=1000, brain=True),
    **OF_ALL,
    "kept": [{}] * 8,
    "people": 8,
    "tree": {"permute": "", "flip": "", "both": ""},
    "excluded": [],
    "quality": [{}] * 8,
    "outliers": [],
    "record": {"software": {"secondlevel": "0.1.0", "python": "3.11", "snakemake": "9", "numpy": None}},
    "contrasts": [CONTRAST],
}


def of_unit(unit, place, contrast=CONTRAST):
    """Findings on a contrast of maps of other elements, whose peak is at a place."""

    def renamed(entry):
        return {key.replace("voxels", unit.many): value for key, value in entry.items()}

    found = {key: {name: renamed(each) for name, each in contrast[key].items()} for key in ("thresholds", "nulls")}
    found |= {"elements": unit, "place_columns": tuple(place), "peak": contrast["peak"] | {"place": place}}
    return contrast | found | {"discoveries": contrast["discoveries"] and renamed(contrast["discoveries"])}
