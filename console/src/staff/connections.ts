import { h } from "../ui/dom.js";
import { filters } from "../ui/forms.js";
import { type Page, type Visit, go } from "../ui/router.js";
import { listing } from "../ui/tables.js";
import { day, words } from "../ui/words.js";
import { api, got, names } from "./client.js";
import { CONNECTION_STATES, REASONS, choices, oneOf, state } from "./moods.js";

/** All connections, each with what it needs. */
export async function connectionsPage({ query, signal }: Visit): Promise<Page> {
  const before = query.get("before");
  const page = await got(
    api.GET("/api/v1/connections", {
      params: {
        query: {
          state: oneOf(CONNECTION_STATES, query.get("state")),
          reason_code: query.get("reason_code") ?? undefined,
          grant_expires_before: before ? `${before}T00:00:00Z` : undefined,
          cursor: query.get("cursor") ?? undefined,
        },
      },
      signal,
    }),
  );
  const name = await names(page.results.map((each) => each.landlord_id));
  return {
    title: "Connections",
    body: [
      filters(
        [
          { name: "state", label: "State", type: "select", options: choices(CONNECTION_STATES) },
          { name: "reason_code", label: "Reason", type: "select", options: choices(REASONS) },
          { name: "before", label: "Ends before", type: "date" },
        ],
        query,
        (asked) => go(`/connections?${asked}`),
      ),
      listing(page, {
        caption: "Connections",
        query,
        empty: "No connection is like that. Who was never asked to connect has none: see Campaigns.",
        columns: [
          { name: "Landlord", cell: (each) => h("a", { href: `/landlords/${each.landlord_id}` }, name(each.landlord_id)) },
          { name: "State", cell: (each) => state(each.state) },
          {
            name: "Reason",
            cell: (each) =>
              [
                each.reason_code && words(each.reason_code),
                each.possible_causes.length > 0 && `(${each.possible_causes.map(words).join(" or ")})`,
              ]
                .filter(Boolean)
                .join(" "),
          },
          { name: "What to do", cell: (each) => each.user_action },
          { name: "Ends", cell: (each) => day(each.grant_expires_at) },
          {
            name: "Link for the landlord",
            cell: (each) =>
              each.connect_url?.startsWith("http") &&
              h("a", { href: each.connect_url, target: "_blank", rel: "noopener noreferrer" }, "Connect page"),
          },
        ],
      }),
    ],
  };
}
