"""HMRC's judgement of fraud-prevention headers (specification 3.3), as its Test API for them tells it."""
