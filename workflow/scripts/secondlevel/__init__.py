"""The statistics, images, tables and figures of the second-level workflow, with no Snakemake in it.

Data goes one way, and a folder imports only from those above it in this list::

    base         errors, files that are written whole or not at all, logs, tables
    space        what a map is defined on: images, masks, smoothing, neighbours, the standard brain
    datasets     where maps and scores come from: a dataset becomes a sample table and one map per subject
    sample       who is in and why others are not, and how each map lies among the others
    model        formula, design matrix, contrasts, the linear model, tail probabilities
    permutation  shuffles, test statistics, statistics of whole maps, and the null of each max statistic
    inference    thresholds, corrected p values, tables of clusters; the catalogue of corrections
    figures      pictures; none computes what a result file or the report states
    report       from result files to sentences and the page

Functions take arrays and return arrays. Only `space` knows image files, only `base` knows TSV files.
"""

__version__ = "0.1.0"
