"""Rule design_figure: the design matrix as a picture."""

from secondlevel.base.logs import log_to
from secondlevel.base.tables import read_design
from secondlevel.figures.design import draw_design
from secondlevel.figures.style import save


def main(smk):
    log_to(smk.log[0])
    design = read_design(smk.input.design)
    save(draw_design(design), *smk.output.figure)


if __name__ == "__main__":
    main(snakemake)
