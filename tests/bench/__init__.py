"""Benchmarks: commands that print one JSON object a line. Not timed tests: a shared machine's times prove nothing."""
