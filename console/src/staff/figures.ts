import type { Child } from "../ui/dom.js";
import { facts } from "../ui/tables.js";
import { pounds, words } from "../ui/words.js";
import type { Field } from "../ui/forms.js";

/** HMRC's names of the amounts of a UK property business's update, by their place under `figures`. */
export const INCOME = [
  "income/periodAmount", "income/premiumsOfLeaseGrant", "income/reversePremiums", "income/otherIncome", "income/taxDeducted",
  "income/rentARoom/rentsReceived",
] as const;
export const CONSOLIDATED = ["expenses/consolidatedExpenses"] as const;
export const ITEMISED = [
  "expenses/premisesRunningCosts", "expenses/repairsAndMaintenance", "expenses/financialCosts", "expenses/professionalFees",
  "expenses/costOfServices", "expenses/travelCosts", "expenses/other",
] as const;
export const BESIDE = [
  "expenses/residentialFinancialCost", "expenses/residentialFinancialCostsCarriedForward", "expenses/rentARoom/amountClaimed",
] as const;

/** A field for an amount, which takes the faults of its place. */
export const amountField = (place: string): Field => ({
  name: place,
  pointers: [`/figures/${place}`],
  label: words(place.split("/").pop()),
  more: { inputmode: "decimal", autocomplete: "off" },
});

/** Nested as HMRC nests them; what is empty is left out. "£1,200" is taken as 1200. */
export function nested(filled: Iterable<[string, string]>): Record<string, unknown> {
  const figures: Record<string, unknown> = {};
  for (const [place, typed] of filled) {
    const amount = typed.replace(/[£,\s]/g, "");
    if (!amount) continue;
    const names = place.split("/");
    const last = names.pop() ?? "";
    const inner = names.reduce((outer, name) => (outer[name] ??= {}) as Record<string, unknown>, figures);
    inner[last] = amount;
  }
  return figures;
}

/** Amounts by their place. */
export function flat(figures: unknown, under = ""): [string, unknown][] {
  if (typeof figures !== "object" || figures === null) return [];
  return Object.entries(figures).flatMap(([name, value]): [string, unknown][] =>
    typeof value === "object" && value !== null ? flat(value, `${under}${name}/`) : [[`${under}${name}`, value]],
  );
}

export const figuresShown = (figures: unknown): Child =>
  facts(...flat(figures).map(([place, amount]): [string, Child] => [words(place.split("/").pop()), pounds(amount)]));
