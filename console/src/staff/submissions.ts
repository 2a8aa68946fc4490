import { h, type Child } from "../ui/dom.js";
import { filters } from "../ui/forms.js";
import { problemBox } from "../ui/problem.js";
import { type Page, type Visit, go, refresh } from "../ui/router.js";
import { facts, listing, table } from "../ui/tables.js";
import { day, moment, pounds, wait, words } from "../ui/words.js";
import { type Schemas, api, got, meanwhile, names, watch } from "./client.js";
import { figuresShown, flat } from "./figures.js";
import { may } from "./me.js";
import { SUBMISSION_STATES, choices, oneOf, state } from "./moods.js";

type Submission = Schemas["SubmissionOut"];

export async function submissionsPage({ query, signal }: Visit): Promise<Page> {
  const page = await got(
    api.GET("/api/v1/submissions", {
      params: {
        query: {
          status: oneOf(SUBMISSION_STATES, query.get("status")),
          landlord_id: query.get("landlord_id") ?? undefined,
          cursor: query.get("cursor") ?? undefined,
        },
      },
      signal,
    }),
  );
  const name = await names(page.results.map((each) => each.landlord_id));
  return {
    title: "Submissions",
    body: [
      may("submissions:write") &&
        h(
          "p",
          { class: "actions" },
          h("a", { href: "/submissions/new", class: "button" }, "Send figures"),
          h("a", { href: "/batches", class: "button" }, "Many at once, from a file"),
        ),
      filters([{ name: "status", label: "Status", type: "select", options: choices(SUBMISSION_STATES) }], query, (asked) => {
        const landlord = query.get("landlord_id");
        if (landlord) asked.set("landlord_id", landlord);
        go(`/submissions?${asked}`);
      }),
      listing(page, {
        caption: "Submissions",
        query,
        empty: "Nothing was sent that is like that.",
        columns: [
          {
            name: "Period",
            cell: (each) => h("a", { href: `/submissions/${each.id}` }, `${day(each.period_start)} to ${day(each.period_end)}`),
          },
          { name: "Landlord", cell: (each) => h("a", { href: `/landlords/${each.landlord_id}` }, name(each.landlord_id)) },
          { name: "Status", cell: (each) => state(each.status) },
          { name: "What to do", cell: (each) => each.user_action },
          { name: "Due", cell: (each) => h("span", {}, day(each.due_date), each.late && " (late)") },
          { name: "Asked for", cell: (each) => moment(each.created_at) },
        ],
      }),
    ],
  };
}

export async function submissionPage({ params, signal }: Visit): Promise<Page> {
  const path = { submission_id: params.id ?? "" };
  const [submission, evidence] = await Promise.all([
    got(api.GET("/api/v1/submissions/{submission_id}", { params: { path }, signal })),
    got(api.GET("/api/v1/submissions/{submission_id}/evidence", { params: { path }, signal })),
  ]);
  const name = await names([submission.landlord_id]);
  const trouble = h("div", {});
  if (!submission.settled_at) {
    meanwhile(
      signal,
      async () => void (await moved(submission, signal), refresh("This is what became of it.")),
      (error) => trouble.append(problemBox(error)),
    );
  }
  const left = wait(submission.estimated_start_at);
  return {
    title: `Update ${day(submission.period_start)} to ${day(submission.period_end)}`,
    body: [
      facts(
        ["Landlord", h("a", { href: `/landlords/${submission.landlord_id}` }, name(submission.landlord_id))],
        ["Status", state(submission.status)],
        ["Reason", submission.reason_code && words(submission.reason_code)],
        ["What to do", submission.hmrc_holds ? "Compare the figures below, and decide." : submission.user_action],
        ["Its turn", submission.queue_position && `number ${submission.queue_position}${left && `, in ${left}`}`],
        ["Tax year", submission.tax_year],
        ["Business", h("code", {}, submission.business_id)],
        ["Due", submission.due_date && `${day(submission.due_date)}${submission.late ? ", and late" : ""}`],
        ["HMRC took it", submission.settled_at && submission.status === "accepted" && moment(submission.settled_at)],
      ),
      trouble,
      await faultsOf(submission, signal),
      submission.hmrc_holds ? sideBySide(submission) : h("section", {}, h("h2", {}, "Figures"), figuresShown(submission.figures)),
      evidenceOf(evidence),
    ],
  };
}

/** Once it is in another state than this. Figures that wait for the landlord are an operation that goes on. */
async function moved({ id, operation, status }: Submission, signal: AbortSignal): Promise<void> {
  for await (const { queue_position } of watch(operation, signal)) {
    if (queue_position) continue; // its place in the queue, and nothing else
    const now = await got(api.GET("/api/v1/submissions/{submission_id}", { params: { path: { submission_id: id ?? "" } }, signal }));
    if (now.status !== status) return;
  }
}

/** What HMRC had to say against it, in the words that the list of errors has for HMRC's codes. */
async function faultsOf({ hmrc }: Submission, signal: AbortSignal): Promise<Child> {
  if (!hmrc?.errors.length) return null;
  const { results } = await got(api.GET("/api/v1/errors", { signal }));
  const told = hmrc.errors.map(({ code }): Child => {
    const known = results.find(({ hmrc_codes }) => hmrc_codes.includes(code));
    return h("li", {}, known && `${known.title}. ${known.user_action} `, h("code", {}, code));
  });
  return h("section", { class: "problem" }, h("h2", {}, "What HMRC refused"), h("ul", {}, ...told));
}

/** Two sets of figures, where ours would erase what somebody else sent: a person decides. */
export function sideBySide(submission: Submission): Child {
  const held = submission.hmrc_holds;
  const theirs = new Map(flat(held?.figures));
  const ours = new Map(flat(submission.figures));
  const rows = [...new Set([...ours.keys(), ...theirs.keys()])];
  const again_ = `/submissions/new?landlord=${submission.landlord_id}&from=${submission.id}`;
  return h(
    "section",
    {},
    h("h2", {}, "These figures, and those that HMRC holds"),
    h(
      "p",
      {},
      `Somebody else sent HMRC other figures for this business and tax year; they were read ${moment(held?.read_at)}. Sent all the same, yours would erase them.`,
    ),
    table(
      "Figures side by side",
      [
        { name: "Figure", cell: (place) => words(place.split("/").pop()) },
        { name: "Yours", kind: "number", cell: (place) => amount(ours.get(place)) },
        { name: "HMRC holds", kind: "number", cell: (place) => amount(theirs.get(place)) },
      ],
      rows,
    ),
    may("submissions:write") &&
      held?.digest &&
      h("p", { class: "actions" }, h("a", { href: again_, class: "button" }, "Replace what HMRC holds")),
  );
}

const amount = (value: unknown): string => (value === undefined ? "–" : pounds(value));

function evidenceOf({ submission, calls }: Schemas["EvidenceOut"]): Child {
  const declared = submission.declaration as Record<string, unknown> | null;
  return h(
    "section",
    {},
    h("h2", {}, "Evidence"),
    facts(
      ["Digest", h("code", {}, submission.digest)],
      ["Asked for by", words(submission.created_by_kind)],
      ["Asked for", moment(submission.created_at)],
      ["Declared by", declared && String(declared.name ?? "")],
      ["Wording", declared && String(declared.text_version ?? "")],
    ),
    table(
      "Calls to HMRC",
      [
        { name: "Call", cell: (each) => words(each.what) },
        { name: "Begun", cell: (each) => moment(each.begun_at) },
        { name: "Outcome", cell: (each) => words(each.outcome || "under way") },
        { name: "HMRC said", cell: (each) => [each.hmrc_status, each.hmrc_code].filter(Boolean).join(" ") },
        { name: "Correlation id", cell: (each) => each.correlation_id && h("code", {}, each.correlation_id) },
      ],
      calls,
      "HMRC was not called for it yet.",
    ),
  );
}
