"""Rule design_matrix: the design of the kept subjects, and the weights of its contrasts."""

import numpy as np
import pandas as pd

from secondlevel.design import contrast_weights, design_matrix
from secondlevel.logs import log_to
from secondlevel.tables import numbers, read_table, write_table


def main(smk):
    log = log_to(smk.log[0])
    sample = read_table(smk.input.sample)
    names = [column["variable"] for column in smk.params.columns if "variable" in column]
    variables = pd.DataFrame({name: numbers(sample, name, smk.input.sample) for name in names}, index=sample.index)
    design = design_matrix(smk.params.columns, variables)
    columns = list(design)
    rows = {c["name"]: contrast_weights(c["weights"], columns, c["name"]) for c in smk.params.contrasts}
    contrasts = pd.DataFrame(np.vstack(list(rows.values())), columns=columns)
    contrasts.insert(0, "contrast", [name for name, weights in rows.items() for _ in weights])
    write_table(smk.output.contrasts, contrasts)
    design.insert(0, "participant_id", sample["participant_id"])
    write_table(smk.output.design, design)
    log.info("%d subjects, columns %s, %d contrasts", len(design), ", ".join(columns), len(rows))


if __name__ == "__main__":
    main(snakemake)
