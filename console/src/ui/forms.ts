import { h, fill, type Child } from "./dom.js";
import { type Fault, Refused, told } from "./problem.js";
import { type Next, lead } from "./router.js";

export interface Field {
  name: string;
  label: string;
  hint?: string;
  type?: "text" | "email" | "password" | "url" | "date" | "file" | "textarea" | "select" | "checkbox" | "checkboxes";
  /** Value and label. */
  options?: readonly (readonly [string, string])[];
  value?: string | readonly string[] | boolean;
  required?: boolean;
  /** The JSON pointers of what it fills in; `/name` if left out. Faults below them are told here too. */
  pointers?: string[];
  /** Further attributes of the control, such as autocomplete. */
  more?: Record<string, string>;
}

export interface Group {
  legend: string;
  fields: Field[];
}

export interface FormOptions {
  fields: (Field | Group | Node)[];
  submit: string;
  /** Throws what is to be told at the form. */
  send: (values: Values) => Promise<Next | void>;
  class?: string;
}

/** What was filled in. */
export class Values {
  constructor(private readonly data: FormData) {}

  text = (name: string): string => String(this.data.get(name) ?? "").trim();
  list = (name: string): string[] => this.data.getAll(name).map(String);
  yes = (name: string): boolean => this.data.get(name) !== null;

  /** Raises Refused if none was chosen. */
  file(name: string): File {
    const found = this.data.get(name);
    if (found instanceof File && found.size > 0) return found;
    throw new Refused("Choose a file.", [{ pointer: `/${name}`, detail: "Choose a file that is not empty." }]);
  }
}

let forms = 0;

/**
 * A form that tells faults where they are: each at its field, all of them in a summary that takes the focus. What the API
 * says of places that are no field stands in the summary alone.
 */
export function form(options: FormOptions): HTMLFormElement {
  const id = `form${++forms}`;
  const fields = options.fields.flatMap((part) => (part instanceof Node ? [] : "legend" in part ? part.fields : [part]));
  const summary = h("div", { class: "summary", tabindex: "-1", role: "group", "aria-labelledby": `${id}-summary`, hidden: true });
  const button = h("button", { type: "submit" }, options.submit);
  let busy = false;

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const values = new Values(new FormData(element));
    tell(id, fields, summary, null);
    busy = true;
    button.setAttribute("aria-busy", "true");
    try {
      checkRequired(fields, values);
      const next = await options.send(values);
      if (element.isConnected) lead(next);
    } catch (error) {
      tell(id, fields, summary, error);
    } finally {
      busy = false;
      button.removeAttribute("aria-busy");
    }
  }

  const element = h(
    "form",
    { novalidate: true, class: options.class, onsubmit: submit },
    summary,
    ...options.fields.map((part) => (part instanceof Node ? part : "legend" in part ? group(id, part) : field(id, part))),
    h("p", { class: "actions" }, button),
  );
  return element;
}

/** A form whose answer is another page of a list: its values become the query. */
export function filters(fields: Field[], query: URLSearchParams, go: (query: URLSearchParams) => void): HTMLElement {
  const shown = fields.map((each) => ({ ...each, value: query.get(each.name) ?? "" }));
  return form({
    fields: shown,
    submit: "Filter",
    class: "filters",
    send: async (values) => {
      const asked = fields.map(({ name }): [string, string] => [name, values.text(name)]);
      go(new URLSearchParams(asked.filter(([, value]) => value)));
    },
  });
}

function group(id: string, { legend, fields }: Group): HTMLElement {
  return h("fieldset", {}, h("legend", {}, legend), ...fields.map((each) => field(id, each)));
}

function field(id: string, spec: Field): HTMLElement {
  const own = `${id}-${spec.name}`;
  const hint = spec.hint && h("p", { class: "hint", id: `${own}-hint` }, spec.hint);
  const fault = h("p", { class: "fault", id: `${own}-fault`, hidden: true });
  if (spec.type === "checkboxes") {
    const boxes = (spec.options ?? []).map(([value, label], at) => box(`${own}-${at}`, spec, label, value));
    return h("fieldset", { id: own, tabindex: "-1", class: "field" }, h("legend", {}, spec.label), hint, fault, ...boxes);
  }
  if (spec.type === "checkbox") return h("div", { class: "field" }, hint, fault, box(own, spec, spec.label, "yes"));
  return h("div", { class: "field" }, h("label", { for: own }, spec.label), hint, fault, control(own, spec));
}

function box(id: string, { name, value, type }: Field, label: string, own: string): HTMLElement {
  const checked = type === "checkbox" ? value === true : Array.isArray(value) && value.includes(own);
  return h("div", { class: "box" }, h("input", { type: "checkbox", id, name, value: own, checked }), h("label", { for: id }, label));
}

function control(id: string, { name, type = "text", options = [], value = "", required, more, hint }: Field): HTMLElement {
  const shared = { id, name, ...more, "aria-required": required ? "true" : null, "aria-describedby": hint ? `${id}-hint` : null };
  if (type === "select") {
    return h("select", shared, ...options.map(([each, label]) => h("option", { value: each, selected: each === value }, label)));
  }
  if (type === "textarea") return h("textarea", { rows: "4", ...shared }, String(value));
  return h("input", { ...shared, type, value: type === "file" ? null : String(value) });
}

function checkRequired(fields: Field[], values: Values): void {
  const empty = ({ name, type }: Field): boolean => (type === "checkboxes" ? !values.list(name).length : !values.text(name));
  const faults = fields
    .filter((each) => each.required && each.type !== "file" && empty(each))
    .map((each) => ({
      pointer: pointersOf(each)[0] ?? "",
      detail: each.type === "checkbox" ? "This must be agreed to." : `${each.label}: this is needed.`,
    }));
  if (faults.length) throw new Refused("Something is missing.", faults);
}

const pointersOf = ({ name, pointers }: Field): string[] => pointers ?? [`/${name}`];

/** The field that a fault is about: the one with the longest pointer that holds the fault's. */
export function fieldOf(fields: Field[], { pointer }: Fault): Field | undefined {
  const fit = (each: Field): number =>
    Math.max(-1, ...pointersOf(each).map((own) => (pointer === own || pointer.startsWith(`${own}/`) ? own.length : -1)));
  return fields.filter((each) => fit(each) >= 0).sort((one, other) => fit(other) - fit(one))[0];
}

/** Show an error at the form; null: take away what was shown. */
function tell(id: string, fields: Field[], summary: HTMLElement, error: unknown): void {
  const { detail, action, faults, requestId } = error === null ? { detail: "", action: "", faults: [], requestId: "" } : told(error);
  for (const each of fields) {
    mark(
      `${id}-${each.name}`,
      faults.filter((fault) => fieldOf(fields, fault) === each),
      Boolean(each.hint),
    );
  }
  const listed = faults.map((fault): Child => {
    const about = fieldOf(fields, fault);
    return h("li", {}, about ? link(`${id}-${about.name}`, fault.detail) : `${fault.pointer.replace(/^\//, "")}: ${fault.detail}`);
  });
  fill(
    summary,
    h("h2", { id: `${id}-summary` }, "There is a problem"),
    h("p", {}, detail),
    listed.length > 0 && h("ul", {}, ...listed),
    action && h("p", {}, action),
    requestId && h("p", { class: "quiet" }, "Request ", h("code", {}, requestId)),
  );
  summary.hidden = error === null;
  if (error !== null) summary.focus();
}

function link(target: string, words: string): HTMLElement {
  const jump = (event: Event): void => (event.preventDefault(), document.getElementById(target)?.focus());
  return h("a", { href: `#${target}`, onclick: jump }, words);
}

function mark(id: string, faults: Fault[], hinted: boolean): void {
  const element = document.getElementById(id);
  const fault = document.getElementById(`${id}-fault`);
  if (!element || !fault) return;
  fault.hidden = faults.length === 0;
  fault.textContent = faults.map(({ detail }) => detail).join(" ");
  const about = [hinted && `${id}-hint`, faults.length > 0 && `${id}-fault`].filter(Boolean).join(" ");
  about ? element.setAttribute("aria-describedby", about) : element.removeAttribute("aria-describedby");
  faults.length ? element.setAttribute("aria-invalid", "true") : element.removeAttribute("aria-invalid");
}
