"""
The local HMRC stand-in: a separate process that plays HMRC's OAuth server and Making Tax Digital APIs.

It knows nothing of the rooms and imports none of them. It keeps what it is told, as HMRC's sandbox does under
`Gov-Test-Scenario: STATEFUL`, and in one way it does more than HMRC's own sandbox: obligations follow submissions
("production-like"), so an update that reaches a period's end turns that obligation fulfilled at once.

    wsgi → app → edge (throttle, faults, record) → oauth (authorize, sign in, consent, token)
                                                 → api (checks in HMRC's order, then one operation)
                 control, home                   → for tests and for people, on loopback only
"""
