"""The files that belong to a map, beside it: its own mask, its lesion, its variances."""

# The columns of a sample table that name them, by the key of the config that says where they are.
COMPANIONS = {
    "maps_masks": "map_mask",
    "lesions": "map_lesion",
    "variances": "map_variance",
    "standard_errors": "map_standard_error",
}
VARIANCES = ("variances", "standard_errors")  # the keys that tell how exact a map's values are
