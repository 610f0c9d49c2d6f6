"""The words of the field: dimensions, labels, units and errors. Imports nothing of the package."""
