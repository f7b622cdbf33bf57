"""Rule design_figure: the design matrix and the weights of the contrasts as a picture."""

from secondlevel.base.columns import read_columns
from secondlevel.base.guarding import unguarded
from secondlevel.base.logs import log_to
from secondlevel.base.tables import read_design
from secondlevel.figures.design import draw_design
from secondlevel.figures.style import save
from secondlevel.sample.people import people_of


def main(smk):
    log_to(smk.log[0])
    design = read_design(smk.input.design)
    n_people = len(set(people_of(read_columns(smk.input.sample), unguarded(smk.params.whose))))
    save(draw_design(design, read_columns(smk.input.contrasts), n_people), *smk.output.figure)


if __name__ == "__main__":
    main(snakemake)
