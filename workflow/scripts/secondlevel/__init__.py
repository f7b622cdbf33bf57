"""The statistics, images, tables and figures of the second-level workflow, with no Snakemake in it.

The way of the data, and the modules on it::

    downloads, localizer, simulation   a dataset becomes a sample table and one map per subject
    quality, sample, design            who is kept and why not, and the design matrix of those kept
    masking, smoothing                 the voxels to analyse, and the matrix of smoothed maps
    glm, tails, thresholds             effect, t, z and p of every contrast, and where they pass a threshold
    shuffling, permutation, nulls      the max statistic's null distribution, shuffle by shuffle
    correction                         family-wise corrected p values from that null
    figures, statmaps                  what people look at

Functions take arrays and return arrays. Only `images` knows image files, only `tables` knows TSV files.
"""

__version__ = "0.1.0"
