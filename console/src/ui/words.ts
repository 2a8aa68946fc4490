const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "Europe/London" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/London" });
const POUNDS = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" });
const NUMBER = new Intl.NumberFormat("en-GB");
const NOTHING = "–";

/** A day, in one piece: `31 May 2028` is not broken across lines. */
export const day = (iso: string | null | undefined): string => (iso ? DAY.format(new Date(iso)).replace(/ /g, "\u00a0") : NOTHING);
export const moment = (iso: string | null | undefined): string => (iso ? MOMENT.format(new Date(iso)) : NOTHING);
export const number = (value: number): string => NUMBER.format(value);
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** An amount as the API says it, in pounds; what is no amount stays as it is. */
export const pounds = (amount: unknown): string => (Number.isFinite(Number(amount)) ? POUNDS.format(Number(amount)) : String(amount));

export const count = (many: number, one: string, more = `${one}s`): string => `${number(many)} ${many === 1 ? one : more}`;

/** A code in words: `waiting_for_connection` is "Waiting for connection". */
export function words(code: string | null | undefined): string {
  if (!code) return NOTHING;
  const said =
    NAMES[code] ??
    code
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .replace(/[_.:]/g, " ")
      .toLowerCase();
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** How long from now, roughly: "about 3 minutes". Empty if it is over. */
export function wait(until: string | null | undefined, now = Date.now()): string {
  const seconds = until ? (Date.parse(until) - now) / 1000 : 0;
  if (!(seconds > 0)) return "";
  return seconds < 90
    ? `about ${count(Math.ceil(seconds), "second")}`
    : seconds < 5400
      ? `about ${count(Math.round(seconds / 60), "minute")}`
      : seconds < 129600
        ? `about ${count(Math.round(seconds / 3600), "hour")}`
        : `about ${count(Math.round(seconds / 86400), "day")}`;
}

/** Where codes in small letters would read badly. */
const NAMES: Record<string, string> = {
  at_hmrc: "At HMRC",
  hmrc: "HMRC",
  nino: "National Insurance number",
  full_name: "full name",
  quarterday: "Quarterday",
  us: "this agency",
  nino_missing: "National Insurance number missing",
  nino_mismatch: "National Insurance number and account differ",
  nino_unconfirmed: "another National Insurance number was typed",
  nino_refused: "the number that was typed was refused",
  "nino.format": "not the form of a National Insurance number",
  "nino.prefix": "letters with which no National Insurance number begins",
  "nino.documentation": "a National Insurance number from documentation",
  "nino.stand_in": "a National Insurance number that stands in for none",
  "nino.conflict": "another landlord has this National Insurance number",
  not_enrolled: "not signed up for Making Tax Digital",
  not_signed_up: "not signed up for Making Tax Digital",
  waiting_at_hmrc: "signing in at HMRC",
  grant_ended: "the 18 months are over",
  put: "sent",
  read: "read what HMRC holds",
  read_back: "read back",
  periodAmount: "rents and other income of the period",
  premiumsOfLeaseGrant: "premiums for the grant of a lease",
  reversePremiums: "reverse premiums",
  otherIncome: "other property income",
  taxDeducted: "tax deducted at source",
  rentsReceived: "Rent a Room: rents received",
  amountClaimed: "Rent a Room: amount claimed",
  consolidatedExpenses: "all expenses together",
  premisesRunningCosts: "rent, rates, insurance and ground rents",
  repairsAndMaintenance: "repairs and maintenance",
  financialCosts: "loan interest and other financial costs (not residential)",
  professionalFees: "legal, management and other professional fees",
  costOfServices: "cost of services, wages included",
  travelCosts: "travel",
  other: "other allowable expenses",
  residentialFinancialCost: "residential finance costs",
  residentialFinancialCostsCarriedForward: "residential finance costs brought forward",
};
