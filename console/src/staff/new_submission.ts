import { h } from "../ui/dom.js";
import { type Field, type Values, filters, form } from "../ui/forms.js";
import { Refused } from "../ui/problem.js";
import { type Page, type Visit, go, to } from "../ui/router.js";
import { listing } from "../ui/tables.js";
import { day } from "../ui/words.js";
import { type Schemas, api, fraudContext, got, keys, settled } from "./client.js";
import { BESIDE, CONSOLIDATED, INCOME, ITEMISED, amountField, flat, nested } from "./figures.js";
import { sideBySide } from "./submissions.js";

type Submission = Schemas["SubmissionOut"];
type Obligation = Schemas["ObligationOut"];

/** What may be chosen: a business, and its tax year so far up to the end of a quarter. */
interface Choice {
  business_id: string;
  tax_year: string;
  period_start: string;
  period_end: string;
  due_date: string;
}

export async function newSubmissionPage(visit: Visit): Promise<Page> {
  const id = visit.query.get("landlord");
  if (!id) return choosePage(visit);
  const path = { landlord_id: id };
  const from = visit.query.get("from");
  const [landlord, mandates, wordings, stopped, obligations] = await Promise.all([
    got(api.GET("/api/v1/landlords/{landlord_id}", { params: { path } })),
    got(api.GET("/api/v1/landlords/{landlord_id}/mandates", { params: { path } })),
    got(api.GET("/api/v1/wordings")),
    from ? got(api.GET("/api/v1/submissions/{submission_id}", { params: { path: { submission_id: from } } })) : null,
    obligationsOf(id, visit.signal),
  ]);
  const wording = (subject: string) => wordings.results.find((each) => each.subject === subject);
  const choices = choicesOf(obligations);
  const mandate = mandates.results.some((each) => !each.ended_at) ? undefined : wording("mandate_standing");
  return {
    title: `Send figures of ${landlord.full_name}`,
    body: [
      stopped?.hmrc_holds && sideBySide(stopped),
      choices.length
        ? figuresForm({ id, choices, stopped, update: wording("update"), mandate })
        : h("p", {}, "HMRC has told of no quarters of a UK property business for this landlord."),
    ],
  };
}

async function choosePage({ query, signal }: Visit): Promise<Page> {
  const search = query.get("search") ?? undefined;
  const page = await got(api.GET("/api/v1/landlords", { params: { query: { search, cursor: query.get("cursor") ?? undefined } }, signal }));
  return {
    title: "Send figures: whose?",
    body: [
      filters([{ name: "search", label: "Name, reference or e-mail" }], query, (asked) => go(`/submissions/new?${asked}`)),
      listing(page, {
        caption: "Landlords",
        query,
        columns: [
          { name: "Name", cell: (each) => h("a", { href: `/submissions/new?landlord=${each.id}` }, each.full_name) },
          { name: "Reference", cell: (each) => each.reference },
        ],
      }),
    ],
  };
}

/** From what is stored, or from HMRC, if it was never asked. */
async function obligationsOf(id: string, signal: AbortSignal): Promise<readonly Obligation[]> {
  const path = { landlord_id: id };
  const ask = async (query: { fraud_context_id?: string }) =>
    got(api.GET("/api/v1/landlords/{landlord_id}/obligations", { params: { path, query }, signal }));
  const first = await ask({ fraud_context_id: await fraudContext(id) });
  if ("results" in first) return first.results;
  const over = await settled(first.id ?? "", signal);
  if (over.status === "failed") throw new Refused(String(over.error?.detail ?? "HMRC could not be asked for the landlord's quarters."));
  const then = await ask({});
  return "results" in then ? then.results : [];
}

/** An update holds the tax year so far: from the first day of its first quarter to the end of any. */
export function choicesOf(obligations: readonly Obligation[]): Choice[] {
  const quarters = obligations.filter((each) => each.type_of_business === "uk-property" && !each.final_declaration_of);
  return quarters
    .map(({ business_id, period_end, due_date }) => {
      const tax_year = taxYear(period_end);
      const starts = quarters
        .filter((each) => each.business_id === business_id && taxYear(each.period_end) === tax_year)
        .map((each) => each.period_start);
      return { business_id, tax_year, period_start: starts.sort()[0] ?? "", period_end, due_date };
    })
    .sort((one, other) => one.period_end.localeCompare(other.period_end));
}

/** `2026-27` of any day in it. */
export function taxYear(date: string): string {
  const year = Number(date.slice(0, 4)) - (date.slice(5) < "04-06" ? 1 : 0);
  return `${year}-${String((year + 1) % 100).padStart(2, "0")}`;
}

interface Given {
  id: string;
  choices: Choice[];
  stopped: Submission | null;
  update?: Schemas["PromptOut"];
  mandate?: Schemas["PromptOut"];
}

function figuresForm({ id, choices, stopped, update, mandate }: Given): HTMLElement {
  const before = new Map(flat(stopped?.figures).map(([place, amount]): [string, string] => [place, String(amount)]));
  const fields = (places: readonly string[]): Field[] => places.map((place) => ({ ...amountField(place), value: before.get(place) ?? "" }));
  const itemised = ITEMISED.some((place) => before.has(place));
  const key = keys();
  let pressed = { content: "", fraud_context_id: "" };
  const element = form({
    fields: [
      {
        name: "period",
        label: "The tax year so far, up to",
        type: "select",
        pointers: ["/period_start", "/period_end", "/tax_year", "/business_id"],
        options: choices.map((each, at) => [String(at), labelOf(each, choices)] as const),
        value: String(presetOf(choices, stopped)),
      },
      { legend: "Income", fields: fields(INCOME) },
      {
        name: "way",
        label: "Expenses",
        type: "select",
        pointers: ["/figures/expenses", "/figures"],
        hint: "All together is for income up to £90,000 in the year.",
        options: [
          ["together", "All together"],
          ["itemised", "Item by item"],
        ],
        value: itemised ? "itemised" : "together",
      },
      { legend: "All expenses together", fields: fields(CONSOLIDATED) },
      { legend: "Expenses item by item", fields: fields(ITEMISED) },
      { legend: "Beside them", fields: fields(BESIDE) },
      {
        legend: "Declaration",
        fields: [
          ...(mandate ? [{ name: "mandate", label: `The landlord has agreed to this: “${mandate.text}”`, type: "checkbox" as const }] : []),
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
      const asked = wanted(values, { id, choices, stopped, update, mandate });
      const content = JSON.stringify(asked);
      if (content !== pressed.content) pressed = { content, fraud_context_id: await fraudContext(id) };
      const body = { ...asked, fraud_context_id: pressed.fraud_context_id };
      const made = await got(api.POST("/api/v1/submissions", { params: { header: key(body) }, body }));
      return to(`/submissions/${made.id}`, "The figures are in the queue for HMRC.");
    },
  });
  toggled(element);
  return element;
}

/** The business is named where there are several. */
function labelOf({ business_id, period_start, period_end, due_date }: Choice, choices: Choice[]): string {
  const several = choices.some((each) => each.business_id !== business_id);
  return `${day(period_end)}, due ${day(due_date)} (from ${day(period_start)}${several ? `, ${business_id}` : ""})`;
}

/** What the stopped figures were for; else the last quarter that is over. */
function presetOf(choices: Choice[], stopped: Submission | null, today = new Date().toISOString().slice(0, 10)): number {
  const same = choices.findIndex((each) => each.period_end === stopped?.period_end && each.business_id === stopped.business_id);
  return same >= 0
    ? same
    : Math.max(
        0,
        choices.findLastIndex(({ period_end }) => period_end < today),
      );
}

function wanted(values: Values, { id, choices, stopped, update, mandate }: Given): Schemas["SubmissionInRequest"] {
  const chosen = choices[Number(values.text("period"))];
  if (!chosen) throw new Refused("Choose up to when the figures go.");
  const { due_date: _, ...period } = chosen;
  const places = [...INCOME, ...(values.text("way") === "itemised" ? ITEMISED : CONSOLIDATED), ...BESIDE];
  return {
    landlord_id: id,
    ...period,
    figures: nested(places.map((place) => [place, values.text(place)])),
    declaration: {
      accepted: values.yes("accepted"),
      covers_whole_business: values.yes("accepted"),
      name: values.text("name"),
      text_version: update?.version,
    },
    ...(mandate && values.yes("mandate") ? { mandate: { kind: "standing" as const, text_version: mandate.version } } : {}),
    ...(stopped?.hmrc_holds?.digest ? { replaces: stopped.hmrc_holds.digest } : {}),
  };
}

/** Only the chosen way of telling expenses is shown. */
function toggled(element: HTMLFormElement): void {
  const way = element.querySelector<HTMLSelectElement>("select[name=way]");
  const [, together, itemised] = element.querySelectorAll<HTMLFieldSetElement>("fieldset");
  if (!way || !together || !itemised) return;
  const show = (): void => {
    together.hidden = way.value !== "together";
    itemised.hidden = way.value !== "itemised";
  };
  way.addEventListener("change", show);
  show();
}
