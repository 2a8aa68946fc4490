import { h, type Child } from "./dom.js";
import { count } from "./words.js";

export interface Column<Row> {
  name: string;
  cell: (row: Row) => Child;
  kind?: "number";
}

export interface Rows<Row> {
  results: readonly Row[];
  next: string | null;
  previous: string | null;
}

/**
 * A table; on a narrow page each row is a block of names and values. That takes its roles away in browsers, so that they
 * are said. The first column is what a row is called by.
 */
export function table<Row>(caption: string, columns: Column<Row>[], rows: readonly Row[], empty = "There is nothing here."): HTMLElement {
  if (rows.length === 0) return h("p", { class: "empty" }, empty);
  const head = columns.map(({ name, kind }) => h("th", { scope: "col", role: "columnheader", class: kind }, name));
  const line = (row: Row): HTMLElement => h("tr", { role: "row" }, ...columns.map((column, at) => cell(column, row, at === 0)));
  return h(
    "table",
    { role: "table" },
    h("caption", {}, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...head)),
    h("tbody", { role: "rowgroup" }, ...rows.map(line)),
  );
}

/** A table with links to the pages before and after: `query` is that of the page shown. */
export function listing<Row>(
  page: Rows<Row>,
  { caption, columns, query, empty }: { caption: string; columns: Column<Row>[]; query: URLSearchParams; empty?: string },
): HTMLElement {
  const link = (words: string, cursor: string | null): Child => {
    if (cursor === null) return null;
    const there = new URLSearchParams(query);
    there.set("cursor", cursor);
    return h("a", { href: `?${there}`, class: "button" }, words);
  };
  const turns = [link("Previous page", page.previous), link("Next page", page.next)];
  return h(
    "section",
    { "aria-label": caption },
    table(`${caption}: ${count(page.results.length, "row")} on this page`, columns, page.results, empty),
    turns.some(Boolean) && h("nav", { class: "pages", "aria-label": `Pages of ${caption.toLowerCase()}` }, ...turns),
  );
}

/** Names and values, one beside the other. */
export function facts(...pairs: [string, Child][]): HTMLElement {
  const there = pairs.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== "");
  return h("dl", { class: "facts" }, ...there.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function cell<Row>({ name, cell: show, kind }: Column<Row>, row: Row, first: boolean): HTMLElement {
  const given = { "data-name": name, class: kind };
  return first ? h("th", { ...given, scope: "row", role: "rowheader" }, show(row)) : h("td", { ...given, role: "cell" }, show(row));
}
