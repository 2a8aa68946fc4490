"""The businesses of the fixed answers: HMRC's ids, invented particulars."""

from typing import Any

ENTRIES: dict[str, dict[str, Any]] = {
    "self-employment": {
        "typeOfBusiness": "self-employment",
        "businessId": "XBIS12345678901",
        "tradingType": "Joinery",
        "tradingName": "Larkspur Joinery",
    },
    "uk-property": {"typeOfBusiness": "uk-property", "businessId": "XPIS12345678901"},
    "foreign-property": {"typeOfBusiness": "foreign-property", "businessId": "XFIS12345678901"},
    "property-unspecified": {"typeOfBusiness": "property-unspecified", "businessId": "XAIS12345678901"},
}

_COMMON: dict[str, Any] = {
    "yearOfMigration": "2022",
    "firstAccountingPeriodStartDate": "2018-04-06",
    "firstAccountingPeriodEndDate": "2019-04-05",
    "latencyDetails": {
        "latencyEndDate": "2020-04-05",
        "taxYear1": "2018-19",
        "latencyIndicator1": "A",
        "taxYear2": "2019-20",
        "latencyIndicator2": "A",
    },
    "accountingPeriods": [{"start": "2018-04-06", "end": "2019-04-05"}],
    "quarterlyTypeChoice": {"quarterlyPeriodType": "standard", "taxYearOfChoice": "2023-24"},
    "commencementDate": "2018-04-06",
}
_ADDRESS = {
    "cessationDate": "2024-04-05",
    "businessAddressLineOne": "4 Chisel Yard",
    "businessAddressLineTwo": "Nether Quillcombe",
    "businessAddressPostcode": "TS1 1PA",
    "businessAddressCountryCode": "GB",
}

DETAILS = {kind: entry | _COMMON | (_ADDRESS if kind == "self-employment" else {}) for kind, entry in ENTRIES.items()}
BY_ID = {details["businessId"]: details for details in DETAILS.values()}
