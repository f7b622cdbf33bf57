"""From result files to sentences and the page, and from settings to what a run will do."""
