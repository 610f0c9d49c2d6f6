"""Many scenarios, vintages and draws: planned, computed piece by piece, and put together."""
