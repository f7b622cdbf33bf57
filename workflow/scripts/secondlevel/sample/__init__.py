"""Who is in the sample and why others are not, and how each map lies among the others."""
