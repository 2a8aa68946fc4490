import { ifMatch } from "@quarterday/client";

import { action } from "../ui/actions.js";
import { fill, h, type Child } from "../ui/dom.js";
import { form } from "../ui/forms.js";
import { say } from "../ui/live.js";
import { problemBox } from "../ui/problem.js";
import { type Next, type Page, type Visit, again, go, refresh } from "../ui/router.js";
import { type Column, facts, listing, table } from "../ui/tables.js";
import { count, moment, number, percent, wait, words } from "../ui/words.js";
import { type Schemas, api, got, keys, meanwhile, save, watch } from "./client.js";
import { may } from "./me.js";
import { choices, oneOf, state } from "./moods.js";

type Import = Schemas["LandlordImportOut"];
const OUTCOMES = ["created", "updated", "unchanged", "rejected"] as const;
const FIELDS = ["reference", "full_name", "first_name", "last_name", "email", "nino", "tags"] as const;

const at = (id: string) => ({ path: { import_id: id } });

export async function importsPage({ query, signal }: Visit): Promise<Page> {
  const cursor = query.get("cursor") ?? undefined;
  const [page, config] = await Promise.all([
    got(api.GET("/api/v1/landlord-imports", { params: { query: { cursor } }, signal })),
    got(api.GET("/api/v1/config", { signal })),
  ]);
  const { rows, bytes } = config.limits.landlord_import;
  const key = keys();
  const choose = form({
    fields: [
      {
        name: "file",
        label: "CSV or Excel file",
        type: "file",
        hint: `With a header line; up to ${number(rows)} rows and ${Math.floor(bytes / 1e6)} MB. First you see what would become of each row; nothing is stored yet.`,
        more: { accept: ".csv,.tsv,.txt,.xlsx" },
      },
    ],
    submit: "Look at the file",
    send: async (values) => {
      const file = values.file("file");
      const sent = new FormData();
      sent.set("dry_run", "true");
      sent.set("file", file);
      const header = key([file.name, file.size, file.lastModified]);
      const begun = await got(
        api.POST("/api/v1/landlord-imports", {
          params: { header },
          body: { file: "", sheet: "", dry_run: true },
          bodySerializer: () => sent,
        }),
      );
      go(`/imports/${begun.id}`);
    },
  });
  return {
    title: "Import landlords",
    body: [
      may("landlords:write") && choose,
      h("h2", {}, "Earlier imports"),
      listing(page, {
        caption: "Imports",
        query,
        columns: [
          { name: "Begun", cell: (each) => h("a", { href: `/imports/${each.id}` }, moment(each.created_at)) },
          { name: "Kind", cell: (each) => (each.dry_run ? "Dry run" : "Taken in") },
          { name: "State", cell: (each) => state(each.status) },
          { name: "Rows", kind: "number", cell: (each) => number(each.rows) },
          { name: "Outcome", cell: (each) => countsOf(each) },
        ],
      }),
    ],
  };
}

const countsOf = ({ counts }: Import): string =>
  OUTCOMES.filter((name) => counts[name])
    .map((name) => `${number(counts[name] ?? 0)} ${name}`)
    .join(", ") || "–";

export async function importPage({ params, query, signal }: Visit): Promise<Page> {
  const id = params.id ?? "";
  const { data: first, response } = await api.GET("/api/v1/landlord-imports/{import_id}", { params: at(id), signal });
  if (!first) throw new Error("no import");
  const status = oneOf(OUTCOMES, query.get("status"));
  const progress = h("div", {});
  fill(progress, ...shown(first));
  if (first.status === "running")
    meanwhile(
      signal,
      () => followed(id, progress, signal),
      (error) => fill(progress, problemBox(error)),
    );
  const page = first.status === "done" ? await rowsOf(id, query, signal) : null;
  const match = ifMatch(response);
  return {
    title: first.dry_run ? "What the import would do" : "Import",
    body: [
      progress,
      may("landlords:write") && first.rows_kept_until && first.status !== "running" && next(first, match),
      page && h("h2", {}, "Row by row"),
      page && filterLinks(id, first, status),
      page && listing(page, { caption: "Rows", query, columns: ROWS, empty: "No row came out like that." }),
      page &&
        h(
          "p",
          { class: "actions" },
          action("Download the result", () => download(id, status), { kind: "quiet" }),
        ),
      h("p", {}, h("a", { href: "/imports" }, "All imports")),
    ],
  };
}

function shown(now: Import): Child[] {
  const left = wait(now.estimated_done_at);
  const bar = h("progress", { max: 1, value: now.progress, "aria-label": "Rows looked at" });
  const reasons = Object.entries(now.reasons).map(([code, many]) => ({ code, many }));
  return [
    facts(
      ["State", state(now.status)],
      [
        "Read as",
        Object.entries(now.reading)
          .map(([name, value]) => `${words(name)}: ${value}`)
          .join(", "),
      ],
      ["Rows", `${number(now.taken)} of ${number(now.rows)} looked at`],
      ["Progress", now.status === "running" && h("span", {}, bar, ` ${percent(now.progress)}${left && `, ${left} to go`}`)],
      [now.dry_run ? "Would be" : "Were", countsOf(now)],
    ),
    reasons.length > 0 &&
      table(
        "Why rows were rejected",
        [
          { name: "Reason", cell: (each) => words(each.code) },
          { name: "Rows", kind: "number", cell: (each) => number(each.many) },
        ],
        reasons,
      ),
  ];
}

/** Live, by the operation's events; what the rows say is asked for once it is over. */
async function followed(id: string, place: HTMLElement, signal: AbortSignal): Promise<void> {
  let said = 0;
  const { operation } = await got(api.GET("/api/v1/landlord-imports/{import_id}", { params: at(id), signal }));
  for await (const { progress = 0 } of watch(operation, signal)) {
    fill(place, ...shown(await got(api.GET("/api/v1/landlord-imports/{import_id}", { params: at(id), signal }))));
    if (progress >= said + 0.25) say(`${percent((said = progress))} of the rows are looked at.`);
  }
  refresh("All rows are looked at.");
}

/** What a dry run, or an import whose columns were not understood, waits for. */
function next(now: Import, match: Record<string, string>): Child {
  const id = now.id ?? "";
  const correct = (body: Schemas["PatchedLandlordImportChangeRequest"], said: string) => async (): Promise<Next> => {
    await got(api.PATCH("/api/v1/landlord-imports/{import_id}", { params: at(id), headers: match, body }));
    return again(said);
  };
  const cancel = async (): Promise<Next> => {
    await got(api.DELETE("/api/v1/landlord-imports/{import_id}", { params: at(id), headers: match }));
    return again("Cancelled. What was left of the file is wiped.");
  };
  const fields = now.columns.map(({ name, field }, column) => ({
    name: `column${column}`,
    label: name,
    pointers: [`/mapping/${name.replace(/~/g, "~0").replace(/\//g, "~1")}`],
    type: "select" as const,
    options: [...choices(FIELDS, "Passed over"), ...(field && !FIELDS.includes(field as never) ? [[field, field] as const] : [])],
    value: field ?? "",
  }));
  const map = form({
    fields: [{ legend: "What the columns mean", fields }],
    submit: "Look at all rows anew",
    send: (values) =>
      correct({ mapping: Object.fromEntries(now.columns.map(({ name }, column) => [name, values.text(`column${column}`) || null])) }, "")(),
  });
  const takes = (now.counts.created ?? 0) + (now.counts.updated ?? 0);
  return h(
    "section",
    {},
    now.dry_run &&
      now.status === "done" &&
      h(
        "p",
        { class: "actions" },
        action(`Take in ${count(takes, "row")}`, correct({ dry_run: false }, "The rows are being taken in.")),
        action("Throw the file away", cancel, { kind: "quiet" }),
      ),
    h("details", { open: now.status === "needs_mapping" }, h("summary", {}, "Correct what the columns mean"), map),
  );
}

function filterLinks(id: string, now: Import, chosen: string | undefined): Child {
  const link = (status: string, label: string): Child =>
    h(
      "a",
      {
        href: `/imports/${id}${status && `?status=${status}`}`,
        class: "button",
        "aria-current": status === (chosen ?? "") ? "true" : null,
      },
      label,
    );
  return h(
    "nav",
    { class: "actions", "aria-label": "Rows by outcome" },
    link("", `All ${number(now.rows)}`),
    ...OUTCOMES.filter((name) => now.counts[name]).map((name) => link(name, `${words(name)} ${number(now.counts[name] ?? 0)}`)),
  );
}

const rowsOf = (id: string, query: URLSearchParams, signal: AbortSignal) =>
  got(
    api.GET("/api/v1/landlord-imports/{import_id}/rows", {
      params: { ...at(id), query: { status: oneOf(OUTCOMES, query.get("status")), cursor: query.get("cursor") ?? undefined } },
      signal,
    }),
  );

const ROWS: Column<Schemas["ImportRowOut"]>[] = [
  { name: "Row", cell: (each) => each.row },
  { name: "Outcome", cell: (each) => state(each.status) },
  {
    name: "Landlord",
    cell: (each) =>
      each.landlord_id ? h("a", { href: `/landlords/${each.landlord_id}` }, each.reference ?? "Open") : (each.reference ?? "–"),
  },
  { name: "Changed", cell: (each) => each.changed.map(words).join(", ") },
  {
    name: "At fault",
    cell: (each) =>
      each.errors.length > 0 &&
      h(
        "ul",
        {},
        ...each.errors.map(({ cell, column, detail, code }) =>
          h("li", {}, cell && h("strong", {}, cell, " "), column && `(${column}) `, detail || words(code)),
        ),
      ),
  },
];

async function download(id: string, status: (typeof OUTCOMES)[number] | undefined): Promise<void> {
  const content = await got(
    api.GET("/api/v1/landlord-imports/{import_id}/result", { params: { ...at(id), query: { status } }, parseAs: "blob" }),
  );
  save(content as unknown as Blob, `import-${status ?? "result"}.csv`);
}
