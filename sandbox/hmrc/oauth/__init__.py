"""HMRC's OAuth 2.0 server: authorize, sign in, two-step verification, consent, token."""
