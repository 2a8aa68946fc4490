import { action, copyable, onceOnly } from "../ui/actions.js";
import { fill, h } from "../ui/dom.js";
import { form } from "../ui/forms.js";
import { type Next, type Page, type Visit, again } from "../ui/router.js";
import { listing } from "../ui/tables.js";
import { moment } from "../ui/words.js";
import { type Schemas, api, got, keys } from "./client.js";
import { may, me } from "./me.js";
import { state } from "./moods.js";

type ApiKey = Schemas["ApiKeyOut"];

export async function apiKeysPage({ query, signal }: Visit): Promise<Page> {
  const page = await got(api.GET("/api/v1/api-keys", { params: { query: { cursor: query.get("cursor") ?? undefined } }, signal }));
  return {
    title: "API keys",
    body: [
      may("agency:admin") && h("p", { class: "actions" }, h("a", { href: "/keys/new", class: "button" }, "Make a key")),
      listing(page, {
        caption: "API keys",
        query,
        empty: "There is no key yet.",
        columns: [
          { name: "Name", cell: (each) => each.name },
          { name: "Begins with", cell: (each) => h("code", {}, each.prefix) },
          { name: "May", cell: (each) => each.scopes.join(", ") },
          { name: "State", cell: (each) => stateOf(each) },
          { name: "Ends", cell: (each) => moment(each.expires_at) },
          { name: "Last used", cell: (each) => moment(each.last_used_at) },
          {
            name: "Revoke",
            cell: (each) =>
              may("agency:admin") &&
              !each.revoked_at &&
              action("Revoke", () => revoke(each), { kind: "danger", confirm: `Whatever uses “${each.name}” is refused from now on.` }),
          },
        ],
      }),
    ],
  };
}

function stateOf({ revoked_at, expires_at }: ApiKey): HTMLElement {
  const over = expires_at && Date.parse(expires_at) <= Date.now();
  return state(revoked_at ? "revoked" : over ? "expired" : "active");
}

async function revoke({ id }: ApiKey): Promise<Next> {
  await got(api.DELETE("/api/v1/api-keys/{key_id}", { params: { path: { key_id: id ?? "" } } }));
  return again("The key is revoked.");
}

/** Nobody gives more than they may do themselves. */
export async function newApiKeyPage(): Promise<Page> {
  const { scopes } = await me();
  const key = keys();
  const place = h("div", {});
  const make = form({
    fields: [
      { name: "name", label: "Name", hint: "What will use it.", required: true },
      {
        name: "scopes",
        label: "What it may do",
        type: "checkboxes",
        options: scopes.filter((scope) => scope !== "agency:owners").map((scope) => [scope, scope] as const),
        required: true,
      },
      { name: "expires_at", label: "Ends on", type: "date", hint: "Never, if you name no day." },
    ],
    submit: "Make the key",
    send: async (values) => {
      const ends = values.text("expires_at");
      const body = {
        name: values.text("name"),
        scopes: values.list("scopes") as Schemas["ScopeEnum"][],
        expires_at: ends ? `${ends}T00:00:00Z` : null,
      };
      const made = await got(api.POST("/api/v1/api-keys", { params: { header: key(body) }, body }));
      fill(
        place,
        onceOnly("The key, shown once", h("p", {}, "Keep it where secrets are kept. It can't be shown again."), copyable(made.key)),
        h("p", {}, h("a", { href: "/keys" }, "All keys")),
      );
    },
  });
  fill(place, make);
  return { title: "Make a key", body: [place] };
}
