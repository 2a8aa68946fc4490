import { h } from "../ui/dom.js";
import { pounds } from "../ui/words.js";

// HMRC's names of a UK property's figures, as people call them.
const NAMES: Record<string, string> = {
  premiumsOfLeaseGrant: "Premiums for the grant of a lease",
  reversePremiums: "Reverse premiums",
  periodAmount: "Rent",
  taxDeducted: "Tax taken off already",
  otherIncome: "Other income from property",
  rentsReceived: "Rent-a-room: rents received",
  premisesRunningCosts: "Rent, rates, insurance and ground rents",
  repairsAndMaintenance: "Repairs and maintenance",
  financialCosts: "Loan interest and other financial costs",
  professionalFees: "Legal, management and other professional fees",
  costOfServices: "Costs of services, wages included",
  other: "Other allowable expenses",
  residentialFinancialCost: "Residential finance costs",
  travelCosts: "Travel",
  residentialFinancialCostsCarriedForward: "Residential finance costs carried forward",
  consolidatedExpenses: "All expenses in one sum",
  amountClaimed: "Rent-a-room: amount claimed",
};
const GROUPS: Record<string, string> = { income: "Income", expenses: "Expenses" };

export interface Line {
  group: string;
  name: string;
  amount: string;
}

/** All amounts in an update, in words, in its own order. */
export function lines(given: Record<string, unknown>, group = ""): Line[] {
  return Object.entries(given).flatMap(([key, value]) =>
    isGroup(value)
      ? lines(value, group || (GROUPS[key] ?? worded(key)))
      : [{ group, name: NAMES[key] ?? worded(key), amount: pounds(value) }],
  );
}

/** The figures as a table. */
export function figures(given: Record<string, unknown>): HTMLElement {
  const rows = lines(given);
  const groups = [...new Set(rows.map(({ group }) => group))];
  const body = groups.map((group) =>
    h(
      "tbody",
      {},
      h("tr", {}, h("th", { colspan: 2, scope: "rowgroup" }, group)),
      ...rows.filter((row) => row.group === group).map((row) => h("tr", {}, h("th", { scope: "row" }, row.name), h("td", {}, row.amount))),
    ),
  );
  const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "What"), h("th", { scope: "col" }, "Amount for the year so far")));
  return h("table", {}, h("caption", {}, "The figures"), head, ...body);
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function worded(key: string): string {
  const words = key.replace(/([A-Z])/g, " $1").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
