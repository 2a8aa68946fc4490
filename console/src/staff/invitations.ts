import { fill, h } from "../ui/dom.js";
import { problemBox } from "../ui/problem.js";
import { type Page, type Visit, refresh } from "../ui/router.js";
import { action, copyable, onceOnly } from "../ui/actions.js";
import { facts, listing } from "../ui/tables.js";
import { moment, number, words } from "../ui/words.js";
import { api, got, meanwhile, names, settled } from "./client.js";
import { state } from "./moods.js";

/** Invitations that were asked for together, and what became of each. */
export async function bulkPage({ params, query, signal }: Visit): Promise<Page> {
  const path = { bulk_id: params.id ?? "" };
  const [bulk, rows] = await Promise.all([
    got(api.GET("/api/v1/invitations/bulk/{bulk_id}", { params: { path }, signal })),
    got(
      api.GET("/api/v1/invitations/bulk/{bulk_id}/rows", { params: { path, query: { cursor: query.get("cursor") ?? undefined } }, signal }),
    ),
  ]);
  const name = await names(rows.results.map((each) => each.landlord_id));
  const trouble = h("div", {});
  if (bulk.counts.waiting) {
    meanwhile(
      signal,
      async () => void (await settled(bulk.operation, signal), refresh("The invitations are made.")),
      (error) => fill(trouble, problemBox(error)),
    );
  }
  const links = h("div", {});
  const make = async (): Promise<void> => {
    const { results } = await got(
      api.POST("/api/v1/invitations/bulk/{bulk_id}/links", { params: { path }, body: { after: 0, limit: 100 } }),
    );
    fill(links, onceOnly("Links, shown once", ...results.map((each) => h("div", {}, name(each.landlord_id), copyable(each.url)))));
  };
  return {
    title: "Invitations",
    body: [
      facts(
        ["Asked to", words(bulk.purpose)],
        ["Begun", moment(bulk.created_at)],
        ["Delivered by", words(bulk.deliver)],
        [
          "Outcome",
          Object.entries(bulk.counts)
            .map(([status, many]) => `${number(many)} ${status}`)
            .join(", "),
        ],
      ),
      trouble,
      bulk.deliver === "link" && h("p", { class: "actions" }, action("Make the first hundred links", make, { kind: "quiet" })),
      links,
      listing(rows, {
        caption: "Invitations",
        query,
        columns: [
          {
            name: "Landlord",
            cell: (each) =>
              each.landlord_id
                ? h("a", { href: `/landlords/${each.landlord_id}` }, name(each.landlord_id))
                : each.named_reference || each.named_id,
          },
          { name: "Outcome", cell: (each) => state(each.status) },
          { name: "Why", cell: (each) => each.code && words(each.code) },
          { name: "Mail", cell: (each) => each.mail_status && words(each.mail_status) },
        ],
      }),
    ],
  };
}
