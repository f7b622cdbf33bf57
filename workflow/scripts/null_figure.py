"""Rule null_figure: the histograms of one contrast's nulls, with their thresholds and observed maxima."""

from secondlevel.figures import Histogram, draw_nulls, save
from secondlevel.files import read_json
from secondlevel.logs import log_to
from secondlevel.tables import numbers, read_table

WHAT = {"maxT": "", "maxExtent": "cluster extent (voxels), ", "maxMass": "cluster mass, ", "maxTFCE": "TFCE of "}


def main(smk):
    log_to(smk.log[0])
    table, nulls = read_table(smk.input.null), []
    for path in smk.input.summaries:
        summary = read_json(path)
        maxima = numbers(table, summary["method"], smk.input.null).to_numpy()[1:]
        name = summary["statistic"]["name"]
        label = f"max {WHAT[summary['method']]}{f'|{name}|' if summary['two_sided'] else name}"
        figures = summary["observed_maximum"], summary["threshold"], summary["alpha"]
        nulls.append(Histogram(maxima, *figures, f"{label} of the contrast {summary['contrast']}"))
    save(draw_nulls(nulls), *smk.output.figure)


if __name__ == "__main__":
    main(snakemake)
