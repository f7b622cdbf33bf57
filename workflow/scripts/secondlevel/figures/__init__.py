"""Pictures. None computes what a result file or the report states."""
