"""A whole world on one machine: embedded servers, the HMRC stand-in, and the supervisor behind `make run`."""
