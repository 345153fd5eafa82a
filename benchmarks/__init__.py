"""What is measured, against what; `python -m benchmarks` runs it and writes results.md."""
