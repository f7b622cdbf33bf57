"""Where maps and scores come from: each dataset becomes a sample table and one map per subject."""
