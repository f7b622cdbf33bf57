"""Rule design_matrix: the design of the kept subjects, and the weights of its contrasts."""

import numpy as np
import pandas as pd

from secondlevel.base.files import write_json
from secondlevel.base.logs import log_to
from secondlevel.base.tables import read_table, write_table
from secondlevel.model.aliasing import fitted_design
from secondlevel.model.design import design_variables
from secondlevel.model.split import expanded


def main(smk):
    log, params = log_to(smk.log[0]), smk.params
    sample = read_table(smk.input.sample)
    of_variables = params.factors, params.center, smk.input.sample, params.scale, params.split
    variables, about = design_variables(sample, params.design, *of_variables)
    design, rows, dropped = fitted_design(expanded(params.design, params.split), variables, params.contrasts)
    columns = list(design)
    for name, others in dropped.items():
        log.warning("the column %s is left out of the design: others hold it (%s)", name, ", ".join(others))
    contrasts = pd.DataFrame(np.vstack(list(rows.values())), columns=columns)
    contrasts.insert(0, "contrast", [name for name, weights in rows.items() for _ in weights])
    write_table(smk.output.contrasts, contrasts)
    design.insert(0, "participant_id", sample["participant_id"])
    write_table(smk.output.design, design)
    about |= {"dropped": dropped} if dropped else {}
    write_json(smk.output.about, {"design": params.design, "columns": columns} | about)
    log.info("%d subjects, columns %s, %d contrasts", len(design), ", ".join(columns), len(rows))


if __name__ == "__main__":
    main(snakemake)
