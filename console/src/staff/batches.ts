import { ifMatch } from "@quarterday/client";

import { action, inDialog } from "../ui/actions.js";
import { fill, h, type Child } from "../ui/dom.js";
import { filters, form } from "../ui/forms.js";
import { say } from "../ui/live.js";
import { problemBox } from "../ui/problem.js";
import { type Next, type Page, type Visit, again, go, refresh, to } from "../ui/router.js";
import { facts, listing } from "../ui/tables.js";
import { moment, number, percent, wait, words } from "../ui/words.js";
import { type Schemas, api, fraudContext, got, keys, meanwhile, names, watch } from "./client.js";
import { may } from "./me.js";
import { SUBMISSION_STATES, choices, oneOf, state } from "./moods.js";

type Batch = Schemas["BatchInFullOut"];
const UNDER_WAY = ["accepting", "sending"];
const ROW_STATES = ["refused", "paused", ...SUBMISSION_STATES] as const;

const at = (id: string) => ({ path: { batch_id: id } });
const countsOf = ({ counts }: Pick<Batch, "counts">): string =>
  Object.entries(counts)
    .map(([name, many]) => `${number(many)} ${words(name).toLowerCase()}`)
    .join(", ") || "–";

export async function batchesPage({ query, signal }: Visit): Promise<Page> {
  const page = await got(
    api.GET("/api/v1/submission-batches", { params: { query: { cursor: query.get("cursor") ?? undefined } }, signal }),
  );
  return {
    title: "Batches",
    body: [
      may("submissions:write") && h("p", { class: "actions" }, h("a", { href: "/batches/new", class: "button" }, "Send a file")),
      listing(page, {
        caption: "Batches",
        query,
        empty: "No file of figures was sent yet.",
        columns: [
          { name: "Begun", cell: (each) => h("a", { href: `/batches/${each.id}` }, moment(each.created_at)) },
          { name: "State", cell: (each) => state(each.status) },
          { name: "Rows", kind: "number", cell: (each) => number(each.rows) },
          { name: "Done", kind: "number", cell: (each) => percent(each.progress) },
          { name: "Outcome", cell: (each) => countsOf(each) },
        ],
      }),
    ],
  };
}

export async function newBatchPage({ signal }: Visit): Promise<Page> {
  const { results } = await got(api.GET("/api/v1/wordings", { signal }));
  const update = results.find(({ subject }) => subject === "update");
  const key = keys();
  const send = form({
    fields: [
      {
        name: "file",
        label: "CSV file",
        type: "file",
        hint: "A row for each landlord, with the columns reference (or landlord_id), business_id, income.periodAmount, expenses.consolidatedExpenses and so on, by HMRC's names.",
        more: { accept: ".csv,text/csv" },
      },
      {
        legend: "For rows that do not say it themselves",
        fields: [
          { name: "tax_year", label: "Tax year", hint: "Such as 2026-27." },
          { name: "period_start", label: "From", type: "date" },
          { name: "period_end", label: "Up to", type: "date" },
        ],
      },
      {
        legend: "Declaration",
        fields: [
          { name: "name", label: "Your name", required: true, pointers: ["/declaration/name"], more: { autocomplete: "name" } },
          {
            name: "accepted",
            label: update?.text ?? "The figures are correct and complete.",
            type: "checkbox",
            required: true,
            pointers: ["/declaration"],
          },
        ],
      },
    ],
    submit: "Send to HMRC",
    send: async (values) => {
      const file = values.file("file");
      const filled = ["tax_year", "period_start", "period_end"].flatMap((name) => (values.text(name) ? [[name, values.text(name)]] : []));
      const query = {
        ...Object.fromEntries(filled),
        "declaration.accepted": "true",
        "declaration.covers_whole_business": "true",
        "declaration.name": values.text("name"),
        "declaration.text_version": update?.version,
        fraud_context_id: await fraudContext(),
      };
      const header = key([file.name, file.size, file.lastModified, query]);
      const body = (await file.text()) as never; // the other shape that the operation takes
      const begun = await got(
        api.POST("/api/v1/submission-batches", {
          params: { header, query },
          body,
          bodySerializer: String,
          headers: { "Content-Type": "text/csv" },
        }),
      );
      return to(`/batches/${begun.id}`, "The file was taken.");
    },
  });
  return { title: "Send a file of figures", body: [send] };
}

export async function batchPage({ params, query, signal }: Visit): Promise<Page> {
  const id = params.id ?? "";
  const status = oneOf(ROW_STATES, query.get("status"));
  const [{ data: first, response }, rows] = await Promise.all([
    api.GET("/api/v1/submission-batches/{batch_id}", { params: at(id), signal }),
    got(
      api.GET("/api/v1/submission-batches/{batch_id}/rows", {
        params: { ...at(id), query: { status, cursor: query.get("cursor") ?? undefined } },
        signal,
      }),
    ),
  ]);
  if (!first) throw new Error("no batch");
  const name = await names(rows.results.map((each) => each.landlord_id));
  const progress = h("div", {});
  fill(progress, ...shown(first));
  if (UNDER_WAY.includes(first.status))
    meanwhile(
      signal,
      () => followed(id, first.operation, progress, signal),
      (error) => fill(progress, problemBox(error)),
    );
  return {
    title: "Batch of figures",
    body: [
      progress,
      may("submissions:write") && steering(first, ifMatch(response)),
      h("h2", {}, "Row by row"),
      filters([{ name: "status", label: "Status", type: "select", options: choices(ROW_STATES) }], query, (asked) =>
        go(`/batches/${id}?${asked}`),
      ),
      listing(rows, {
        caption: "Rows",
        query,
        columns: [
          { name: "Row", cell: (each) => each.row },
          {
            name: "Status",
            cell: (each) =>
              each.submission_id ? h("a", { href: `/submissions/${each.submission_id}` }, state(each.status)) : state(each.status),
          },
          {
            name: "Landlord",
            cell: (each) => each.landlord_id && h("a", { href: `/landlords/${each.landlord_id}` }, name(each.landlord_id)),
          },
          { name: "Reason", cell: (each) => each.reason_code && words(each.reason_code) },
          {
            name: "At fault",
            cell: (each) =>
              each.errors.length > 0 &&
              h(
                "ul",
                {},
                ...each.errors.map(({ column, pointer, detail }) => {
                  const where = column ?? (pointer && words(pointer.split("/").pop()));
                  return h("li", {}, where && h("strong", {}, where, ": "), detail);
                }),
              ),
          },
        ],
      }),
      h("p", {}, h("a", { href: "/batches" }, "All batches")),
    ],
  };
}

function shown(now: Batch): Child[] {
  const left = wait(now.estimated_done_at);
  return [
    facts(
      ["State", state(now.status)],
      ["Paused because", now.pause_reason],
      ["Rows", `${number(now.taken)} of ${number(now.rows)} looked at, ${number(now.refused)} refused`],
      ["Outcome", countsOf(now)],
      ["On their way to HMRC", number(now.under_way)],
      [
        "Progress",
        h(
          "span",
          {},
          h("progress", { max: 1, value: now.progress, "aria-label": "Rows done" }),
          ` ${percent(now.progress)}${left && `, ${left} to go`}`,
        ),
      ],
    ),
  ];
}

/** The operation tells how the rows are taken in; how they are sent, the batch alone tells, to whoever asks. */
async function followed(id: string, operation: string, place: HTMLElement, signal: AbortSignal): Promise<void> {
  let said = 0;
  const look = async (): Promise<Batch> => {
    const now = await got(api.GET("/api/v1/submission-batches/{batch_id}", { params: at(id), signal }));
    fill(place, ...shown(now));
    if (now.progress >= said + 0.25) say(`${percent((said = now.progress))} of the rows are done.`);
    return now;
  };
  for await (const _ of watch(operation, signal)) await look();
  for (let now = await look(); ; now = await look()) {
    if (now.status === "done") return refresh("Nothing more is to come of this batch.");
    if (!UNDER_WAY.includes(now.status)) return refresh(`The batch is ${words(now.status).toLowerCase()}.`);
    await new Promise((done) => setTimeout(done, 2000));
  }
}

function steering(now: Batch, match: Record<string, string>): Child {
  const resume = async (): Promise<Next> => {
    await got(api.POST("/api/v1/submission-batches/{batch_id}/resume", { params: at(now.id) }));
    return again("It goes on.");
  };
  const cancel = async (): Promise<Next> => {
    await got(api.DELETE("/api/v1/submission-batches/{batch_id}", { params: at(now.id), headers: match }));
    return again("Cancelled. What is on its way to HMRC can't be called back.");
  };
  const pause = (): void =>
    inDialog({
      title: "Pause the batch",
      words: ["Nothing more goes to HMRC until it is resumed."],
      fields: [{ name: "reason", label: "Why", required: true }],
      submit: "Pause",
      send: async (values) => {
        await got(api.POST("/api/v1/submission-batches/{batch_id}/pause", { params: at(now.id), body: { reason: values.text("reason") } }));
        return again("Paused.");
      },
    });
  if (["done", "cancelled"].includes(now.status)) return null;
  return h(
    "p",
    { class: "actions" },
    now.status === "paused" ? action("Resume", resume) : h("button", { type: "button", class: "quiet", onclick: pause }, "Pause"),
    action("Cancel the batch", cancel, { kind: "danger", confirm: "Rows that were not sent yet are cancelled." }),
  );
}
