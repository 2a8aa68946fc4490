import assert from "node:assert/strict";
import { test } from "node:test";

import { lines } from "../src/landlord/figures.js";
import { isNino, meant, spaced } from "../src/landlord/nino.js";

test("what was mixed up is suggested", () => {
  const meants: [string, string][] = [
    ["AB I2 34 56 C", "AB123456C"],
    ["ab 12 34 5o c", "AB123450C"],
    ["AB l2 34 56 C", "AB123456C"],
    ["0A123456C", "OA123456C"],
    ["1A123456C", "LA123456C"],
    ["A1-I2-O4-56-C", "AL120456C"],
    ["QQ12345lc", "QQ123451C"],
  ];
  for (const [typed, wanted] of meants) assert.equal(meant(typed), wanted, typed);
});

test("nothing is suggested for what is right, or past guessing", () => {
  const left = [
    "AB123456C",
    "ab 12 34 56 c",
    "OA123456C",
    "LA123456C",
    "",
    "nonsense!",
    "AB12345C",
    "AB1234567",
    "BG123456O",
    "A0123456C",
    "ABC23456C",
  ];
  for (const typed of left) assert.equal(meant(typed), null, typed);
});

test("prefixes and suffixes that HMRC never issued are none", () => {
  for (const prefix of [
    "BG",
    "GB",
    "NK",
    "KN",
    "TN",
    "NT",
    "ZZ",
    "DA",
    "FA",
    "IA",
    "QA",
    "UA",
    "VA",
    "AD",
    "AF",
    "AI",
    "AO",
    "AQ",
    "AU",
    "AV",
  ])
    assert.equal(isNino(`${prefix}123456A`), false, prefix);
  for (const suffix of ["E", "F", "0", ""]) assert.equal(isNino(`AB123456${suffix}`), false, suffix);
  assert.equal(isNino("QQ123456C"), true);
});

test("a number is shown as it is printed", () => {
  assert.equal(spaced("QQ123456C"), "QQ 12 34 56 C");
});

test("figures are told in words and pounds, in their own order", () => {
  const given = {
    income: { periodAmount: "1234.5", rentARoom: { rentsReceived: "7500.00" } },
    expenses: { premisesRunningCosts: "310.40", somethingNewHere: "-0.10" },
  };
  assert.deepEqual(
    lines(given).map(({ group, name, amount }) => [group, name, amount]),
    [
      ["Income", "Rent", "£1,234.50"],
      ["Income", "Rent-a-room: rents received", "£7,500.00"],
      ["Expenses", "Rent, rates, insurance and ground rents", "£310.40"],
      ["Expenses", "Something new here", "-£0.10"],
    ],
  );
});
