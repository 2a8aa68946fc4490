"""Long fault injection: `python -m tests.soak [ROUNDS]`."""
