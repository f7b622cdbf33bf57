"""Errors, logs, files that are written whole or not at all, and tables: what every stage stands on."""
