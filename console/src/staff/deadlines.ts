import { h, svg, type Child } from "../ui/dom.js";
import { filters } from "../ui/forms.js";
import { type Page, type Visit, go } from "../ui/router.js";
import { listing, table } from "../ui/tables.js";
import { day, moment, number, words } from "../ui/words.js";
import { type Schemas, api, got } from "./client.js";
import { RISKS, WAITING_ON, choices, oneOf, state } from "./moods.js";
import { queuePanel } from "./queue.js";

type DueDay = Schemas["DueDayOut"];
type Deadline = Schemas["DeadlineOut"];

/** One due date, with how many are at which risk, and whom they wait for. */
interface Due {
  date: string;
  risks: Record<string, number>;
  waiting: Record<string, number>;
}

export async function deadlinesPage({ query, signal }: Visit): Promise<Page> {
  const [summary, page, queue] = await Promise.all([
    got(api.GET("/api/v1/deadlines/summary", { signal })),
    got(
      api.GET("/api/v1/deadlines", {
        params: {
          query: {
            risk: oneOf(RISKS, query.get("risk")),
            waiting_on: oneOf(WAITING_ON, query.get("waiting_on")),
            due_before: query.get("due_before") ?? undefined,
            landlord_id: query.get("landlord_id") ?? undefined,
            cursor: query.get("cursor") ?? undefined,
          },
        },
        signal,
      }),
    ),
    got(api.GET("/api/v1/queue", { signal })),
  ]);
  const due = byDate(summary.results);
  return {
    title: "Deadlines",
    body: [
      due.length > 0
        ? h("section", { "aria-label": "Summary" }, picture(due), summaryTable(due))
        : h("p", {}, "Nothing is due that HMRC has told of yet."),
      queuePanel(queue),
      h("h2", {}, "Landlord by landlord"),
      filters(
        [
          { name: "risk", label: "Risk", type: "select", options: choices(RISKS) },
          { name: "waiting_on", label: "Waiting on", type: "select", options: choices(WAITING_ON) },
          { name: "due_before", label: "Due before", type: "date" },
        ],
        query,
        (asked) => go(`/deadlines?${asked}`),
      ),
      listing(page, { caption: "Deadlines", query, columns: COLUMNS, empty: "No deadline is like that." }),
    ],
  };
}

const COLUMNS = [
  {
    name: "Landlord",
    cell: ({ landlord }: Deadline) => h("a", { href: `/landlords/${landlord.id}` }, `${landlord.full_name} (${landlord.reference})`),
  },
  { name: "Due", cell: (each: Deadline) => day(each.due_date) },
  {
    name: "For",
    cell: (each: Deadline) =>
      each.final_declaration_of ? `final declaration ${each.final_declaration_of}` : `${day(each.period_start)} to ${day(each.period_end)}`,
  },
  { name: "Risk", cell: (each: Deadline) => state(each.risk) },
  { name: "Waiting on", cell: (each: Deadline) => words(each.waiting_on) },
  {
    name: "What to do",
    cell: (each: Deadline) => [each.action, each.reason_code && `(${words(each.reason_code)})`].filter(Boolean).join(" "),
  },
  { name: "Goes", cell: goes },
];

function goes(each: Deadline): Child {
  if (each.submission_id === null) return h("a", { href: `/submissions/new?landlord=${each.landlord.id}` }, "Send figures");
  const link = h("a", { href: `/submissions/${each.submission_id}` }, words(each.submission_status));
  if (each.fits === null) return link;
  return h("span", {}, link, ` ${each.fits ? "in time" : "not in time"}, ${moment(each.estimated_start_at)}`);
}

/** The counts of the API by due date. */
export function byDate(days: readonly DueDay[]): Due[] {
  const found = new Map<string, Due>();
  for (const { due_date, waiting_on, count: many, risks } of days) {
    const due = found.get(due_date) ?? { date: due_date, risks: {}, waiting: {} };
    found.set(due_date, due);
    due.waiting[waiting_on] = (due.waiting[waiting_on] ?? 0) + many;
    for (const [risk, some] of Object.entries(risks)) due.risks[risk] = (due.risks[risk] ?? 0) + some;
  }
  return [...found.values()];
}

const CELL = { width: 92, height: 44, left: 84, top: 28 };

/** Due dates from left to right, risks from top to bottom: the more there are, the more of the cell is filled. */
function picture(all: Due[]): Child {
  const due = all.slice(0, 10);
  const most = Math.max(...due.flatMap(({ risks }) => Object.values(risks)));
  const column = ({ date, risks }: Due, at: number): SVGElement[] => {
    const x = CELL.left + at * CELL.width;
    const heading = svg("text", { x: x + CELL.width / 2, y: 18, "text-anchor": "middle", class: "label" }, day(date));
    return [heading, ...RISKS.map((risk, row) => heat(risk, risks[risk] ?? 0, most, x, CELL.top + row * CELL.height))];
  };
  const names = RISKS.map((risk, row) =>
    svg("text", { x: CELL.left - 10, y: CELL.top + row * CELL.height + 27, "text-anchor": "end", class: "label" }, words(risk)),
  );
  const size = { width: CELL.left + due.length * CELL.width, height: CELL.top + RISKS.length * CELL.height };
  const said = due.map(
    ({ date, risks }) =>
      `${day(date)}: ${Object.entries(risks)
        .map(([risk, many]) => `${many} ${risk}`)
        .join(", ")}`,
  );
  return h(
    "figure",
    { tabindex: "0", role: "group", "aria-label": "Deadlines by due date and risk" },
    svg(
      "svg",
      { viewBox: `0 0 ${size.width} ${size.height}`, ...size, role: "img", "aria-label": said.join("; "), class: "heat" },
      ...names,
      ...due.flatMap(column),
    ),
    h(
      "figcaption",
      {},
      `Deadlines by due date and risk${all.length > due.length ? `; the first ${due.length} dates` : ""}. The table says the same.`,
    ),
  );
}

function heat(risk: string, many: number, most: number, x: number, y: number): SVGElement {
  const side = { width: CELL.width - 4, height: CELL.height - 4 };
  const filled = many ? Math.max(6, (many / most) * side.width) : 0;
  return svg(
    "g",
    {},
    svg("rect", { x: x + 2, y: y + 2, ...side, class: "cell" }),
    svg("rect", { x: x + 2, y: y + 2 + side.height - 8, width: filled, height: 8, class: `risk-${risk}` }),
    many > 0 && svg("text", { x: x + CELL.width / 2, y: y + 23, "text-anchor": "middle", class: "label" }, number(many)),
  );
}

function summaryTable(due: Due[]): Child {
  const risk = (name: string) => ({
    name: name === "none" ? "Done" : words(name),
    kind: "number" as const,
    cell: ({ date, risks }: Due): Child => {
      const many = risks[name] ?? 0;
      return many ? h("a", { href: `/deadlines?risk=${name}&due_before=${after(date)}` }, number(many)) : null;
    },
  });
  return table(
    "How many are due when, at which risk, and whom they wait for",
    [
      { name: "Due", cell: ({ date }) => day(date) },
      ...RISKS.map(risk),
      {
        name: "Waiting on",
        cell: ({ waiting }) =>
          WAITING_ON.filter((who) => waiting[who] && who !== "nobody")
            .map((who) => `${words(who)} ${number(waiting[who] ?? 0)}`)
            .join(", "),
      },
    ],
    due,
  );
}

function after(date: string): string {
  const next = new Date(`${date}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}
