"""One contrast of a design that was written, with what its columns stand for."""

from dataclasses import dataclass, replace

import numpy as np

from secondlevel.base.columns import read_columns
from secondlevel.base.files import read_json
from secondlevel.model.comparison import Comparison, comparison, read_weights
from secondlevel.model.contrasts import read_contrast
from secondlevel.model.terms import Variables, variables_of_design


@dataclass(frozen=True)
class ContrastModel:
    """A contrast.

    Attributes
    ----------
    design : ndarray, shape (n_subjects, n_columns)
    weights : ndarray, shape (rank, n_columns)
    columns : list of str
    variables : terms.Variables
    compared : comparison.Comparison or None
    """

    design: np.ndarray
    weights: np.ndarray
    columns: list
    variables: Variables
    compared: Comparison | None

    def of_subjects(self, some):
        """The same of some subjects only, an array of bool, shape (n_subjects,)."""
        of = self.variables
        cells, numbers = ({name: values[some] for name, values in part.items()} for part in (of.cells, of.numbers))
        return replace(self, design=self.design[some], variables=replace(of, cells=cells, numbers=numbers))

    @property
    def centers(self):
        """The mean that was subtracted from each column, shape (n_columns,)."""
        return np.array([self.variables.center(name) for name in self.columns])


def read_contrast_model(design, contrasts, about, sample, contrast):
    """A contrast from the files that rules design_matrix and quality_check wrote, as a `ContrastModel`."""
    variables = variables_of_design(read_json(about), read_columns(sample))
    matrix, weights = read_contrast(design, contrasts, contrast)
    columns = [name for name in read_columns(design) if name != "participant_id"]
    return ContrastModel(matrix, weights, columns, variables, comparison(read_weights(contrasts, contrast), variables))
