"""What CIFTI-2 files hold that are no volumes, by the intent in their header, and what is to be done with them."""

INTENTS = range(3000, 3100)  # of NIfTI-2 files that are CIFTI
REDUCE = "make one map of it (such as wb_command -cifti-reduce MEAN)"
# What is no map of grayordinates or parcels either.
OTHERS = {
    3001: ("dense connectivity (dconn)", "make a map of it"),
    3002: ("a dense time series (dtseries)", REDUCE),
    3003: ("connectivity of parcels (pconn)", "write it as a square table, a _relmat.tsv"),
    3004: ("time series of parcels (ptseries)", REDUCE),
}
READ = "let the names of maps end in {ending}, or write 'kind: {kind}' below datasets.own"
OF_INTENT = OTHERS | {
    3006: ("a map of grayordinates (dscalar)", READ.format(ending=".dscalar.nii", kind="grayordinates")),
    3007: ("numbers of regions (dlabel)", "name the files of the values; as an atlas it goes with grayordinates"),
    3008: ("a map of parcels (pscalar)", READ.format(ending=".pscalar.nii", kind="parcels")),
}


def no_volume(path, intent):
    """The sentence by which a CIFTI file is refused where a volume is asked for."""
    what, advice = OF_INTENT.get(intent, ("a matrix of another kind", "name a volume, or a .dscalar.nii file"))
    return f"The file {path} is CIFTI, {what}, and not a volume; {advice}."
