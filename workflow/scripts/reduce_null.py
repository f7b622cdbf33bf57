"""Rule reduce_null: gather the chunks of all shuffles into one null."""

from secondlevel.logs import log_to
from secondlevel.nulls import Null


def main(smk):
    log = log_to(smk.log[0])
    null = Null.concatenate([Null.load(path) for path in smk.input.chunks])
    null.save(smk.output.null)
    log.info("%d shuffles beside the observed order, %d contrasts", null.maxima.shape[1] - 1, len(null.maxima))


if __name__ == "__main__":
    main(snakemake)
