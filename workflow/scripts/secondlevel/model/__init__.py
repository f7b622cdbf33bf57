"""Formula, design matrix, contrasts, the linear model and its tail probabilities."""
