"""The only place that opens files: tables, sources, the base year; graduation to single ages."""
