"""Rule null_figure: the histogram of one contrast's null, with its threshold and the observed maximum."""

from secondlevel.figures import draw_null, save
from secondlevel.files import read_json
from secondlevel.logs import log_to
from secondlevel.tables import numbers, read_table


def main(smk):
    log_to(smk.log[0])
    summary = read_json(smk.input.summary)
    maxima = numbers(read_table(smk.input.null), "maximum", smk.input.null).to_numpy()[1:]
    name = summary["statistic"]["name"]
    label = f"max {f'|{name}|' if summary['two_sided'] else name} of the contrast {summary['contrast']}"
    figure = draw_null(maxima, summary["observed_maximum"], summary["threshold"], summary["alpha"], label)
    save(figure, *smk.output.figure)


if __name__ == "__main__":
    main(snakemake)
