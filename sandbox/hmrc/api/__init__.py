"""HMRC's APIs: each operation is a small declared thing, and `serve` puts HMRC's order of checks in front of it."""
