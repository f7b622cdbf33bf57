"""Which shuffles there are, and the null distributions of the max statistics, shuffle by shuffle."""
