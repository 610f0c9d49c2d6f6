"""Frozen records of what people argue about: no arrays, no files."""
