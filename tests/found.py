"""What tests of the report share: findings of an analysis that let nothing pass."""

NULL = {
    "method": "maxT",
    "voxels": 1000,
    "statistic": {"name": "t", "rank": 1},
    "degrees_of_freedom": 6,
    "two_sided": False,
    "scheme": "permute",
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
ENTRY = {"alpha": 0.05, "two_sided": False, "threshold": None, "voxels_above": 0}
CONTRAST = {
    "name": "age",
    "rows": [{"age": 1.0}],
    "thresholds": {"fdr": ENTRY, "bonferroni": ENTRY | {"threshold": 4.8}},
    "nulls": {"maxT": NULL},
    "peak": {"name": "t", "statistic": 3.21, "z": 2.5, "df": 6, "mm": [1.0, 2, 3], "logp_desc-maxT": 0.69897},
    "dependent": False,
    "compared": None,
    "unit": None,
    "tables": {"maxT": []},
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
        "resample_to": None,
        "alpha": {"fdr": 0.05, "fwe": 0.05, "uncorrected": 0.001},
        "permutation": {"blocks": None, "statistic": "t", "across_contrasts": False},
    },
    "mask": {"Source": "mine.nii", "Voxels": 1000},
    "design": {"design": "age", "centered": {}, "scaled": {}, "factors": {}},
    "columns": [{"name": "intercept", "minimum": 1, "maximum": 1}, {"name": "age", "minimum": 20, "maximum": 40}],
    "kept": [{}] * 8,
    "people": 8,
    "excluded": [],
    "quality": [{}] * 8,
    "outliers": [],
    "record": {"software": {"secondlevel": "0.1.0", "python": "3.11", "snakemake": "9", "numpy": None}},
    "contrasts": [CONTRAST],
}
