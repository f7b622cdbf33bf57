"""Thresholds, p values that are corrected for the search over the map, and tables of clusters."""
