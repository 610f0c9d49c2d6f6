"""From published figures to a model that meets them: the base year, and what history says."""
