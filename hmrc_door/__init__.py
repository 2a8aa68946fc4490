"""The only way out to HMRC: environments, pace, outcomes, errors, versions. `wire` opens the connection."""
