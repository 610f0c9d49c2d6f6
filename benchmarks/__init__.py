"""Registry of benchmark cases, rivals included: ``python -m benchmarks``. Timings never gate tests."""
