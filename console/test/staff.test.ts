// What of the staff part needs no browser.
import assert from "node:assert/strict";
import { test } from "node:test";

import decodeQR from "qr/decode.js";

import { byDate } from "../src/staff/deadlines.js";
import { flat, nested } from "../src/staff/figures.js";
import { choicesOf, taxYear } from "../src/staff/new_submission.js";
import { safe } from "../src/staff/sign_in.js";
import { fieldOf } from "../src/ui/forms.js";
import { squares } from "../src/ui/qr.js";
import { match } from "../src/ui/router.js";
import { pounds, wait, words } from "../src/ui/words.js";

test("a path finds its page, and a word of its own comes before a name", () => {
  const [list, added, one] = [() => page, () => page, () => page];
  const routes = { "/landlords": list, "/landlords/new": added, "/landlords/:id": one };

  assert.equal(match(routes, "/landlords/")?.show, list);
  assert.equal(match(routes, "/landlords/new")?.show, added);
  assert.deepEqual(match(routes, "/landlords/a%2Fb")?.params, { id: "a/b" });
  assert.equal(match(routes, "/landlords/1/edit"), null);
});
const page = { title: "", body: [] };

test("one is sent on to a page of ours and nowhere else", () => {
  for (const next of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", null])
    assert.equal(safe(next), "/");
  assert.equal(safe("/landlords?search=a"), "/landlords?search=a");
});

test("a fault is told at the field with the longest pointer that holds it", () => {
  const expenses = { name: "way", label: "", pointers: ["/figures/expenses", "/figures"] };
  const travel = { name: "travel", label: "", pointers: ["/figures/expenses/travelCosts"] };
  const at = (pointer: string) => fieldOf([expenses, travel], { pointer, detail: "" })?.name;

  assert.equal(at("/figures/expenses/travelCosts"), "travel");
  assert.equal(at("/figures/expenses"), "way");
  assert.equal(at("/figures/income/periodAmount"), "way");
  assert.equal(at("/period_end"), undefined);
});

test("figures are nested as HMRC nests them, empty ones left out, and laid flat again", () => {
  const figures = nested([
    ["income/periodAmount", "£1,200.50"],
    ["income/rentARoom/rentsReceived", "7"],
    ["expenses/other", " "],
  ]);

  assert.deepEqual(figures, { income: { periodAmount: "1200.50", rentARoom: { rentsReceived: "7" } } });
  assert.deepEqual(flat(figures), [
    ["income/periodAmount", "1200.50"],
    ["income/rentARoom/rentsReceived", "7"],
  ]);
});

test("a tax year begins on 6 April, and quarters by the calendar end in it too", () => {
  assert.deepEqual(["2026-04-05", "2026-04-06", "2026-06-30", "2027-03-31", "2099-12-31"].map(taxYear), [
    "2025-26",
    "2026-27",
    "2026-27",
    "2026-27",
    "2099-00",
  ]);
});

test("an update goes from the first day of the tax year's first quarter", () => {
  const quarter = (period_start: string, period_end: string, more = {}) => ({
    business_id: "X1",
    type_of_business: "uk-property",
    final_declaration_of: "",
    due_date: "2026-11-07",
    status: "open",
    received_date: null,
    period_start,
    period_end,
    ...more,
  });
  const choices = choicesOf([
    quarter("2026-07-06", "2026-10-05"),
    quarter("2026-04-06", "2026-07-05"),
    quarter("2026-01-06", "2026-04-05"),
    quarter("2026-04-06", "2027-04-05", { final_declaration_of: "2026-27" }),
    quarter("2026-05-01", "2026-07-05", { business_id: "X2" }),
    quarter("2026-04-06", "2026-07-05", { type_of_business: "self-employment" }),
  ]);

  assert.deepEqual(
    choices.map((each) => [each.business_id, each.period_start, each.period_end, each.tax_year]),
    [
      ["X1", "2026-01-06", "2026-04-05", "2025-26"],
      ["X1", "2026-04-06", "2026-07-05", "2026-27"],
      ["X2", "2026-05-01", "2026-07-05", "2026-27"],
      ["X1", "2026-04-06", "2026-10-05", "2026-27"],
    ],
  );
});

test("the summary's lines come together by due date", () => {
  assert.deepEqual(
    byDate([
      { due_date: "2026-08-07", waiting_on: "agency", count: 3, risks: { high: 2, late: 1 } },
      { due_date: "2026-08-07", waiting_on: "landlord", count: 1, risks: { high: 1 } },
    ]),
    [{ date: "2026-08-07", risks: { high: 3, late: 1 }, waiting: { agency: 3, landlord: 1 } }],
  );
});

test("codes, amounts and waits are told in words", () => {
  assert.deepEqual(
    [words("waiting_for_connection"), words("at_hmrc"), words(""), words("too_many_cells")],
    ["Waiting for connection", "At HMRC", "–", "Too many cells"],
  );
  assert.deepEqual([pounds("1200.5"), pounds("odd")], ["£1,200.50", "odd"]);
  const now = Date.parse("2026-12-01T00:00:00Z");
  assert.deepEqual(
    ["2026-12-01T00:00:30Z", "2026-12-01T02:00:00Z", "2026-11-30T00:00:00Z", null].map((at) => wait(at, now)),
    ["about 30 seconds", "about 2 hours", "", ""],
  );
});

test("a camera reads in the picture what the link says", () => {
  const link = "otpauth://totp/Alder%20%26%20Co:owner@alder.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Alder%20%26%20Co";
  const rows = squares(link);
  const wide = rows.length * 4; // four points a square, as a screen would show it
  const dark = (at: number): boolean => rows[Math.floor(at / wide / 4)]?.[Math.floor((at % wide) / 4)] ?? false;
  const points = Array.from({ length: wide * wide }, (_, at) => (dark(at) ? [0, 0, 0, 255] : [255, 255, 255, 255]));

  assert.equal(decodeQR({ width: wide, height: wide, data: Uint8Array.from(points.flat()) }), link);
  assert.ok(rows.slice(0, 4).flat().every((isDark) => !isDark), "the margin that readers need");
});
