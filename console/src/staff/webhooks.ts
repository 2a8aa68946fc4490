import { ifMatch } from "@quarterday/client";

import { action, copyable, inDialog, onceOnly } from "../ui/actions.js";
import { fill, h, type Child } from "../ui/dom.js";
import { filters, form } from "../ui/forms.js";
import { Refused } from "../ui/problem.js";
import { type Next, type Page, type Visit, again, go, to } from "../ui/router.js";
import { facts, listing } from "../ui/tables.js";
import { moment, words } from "../ui/words.js";
import { type Schemas, api, got, keys } from "./client.js";
import { may } from "./me.js";
import { DELIVERY_STATES, choices, oneOf, state } from "./moods.js";

type Endpoint = Schemas["EndpointOut"];
type Delivery = Schemas["DeliveryOut"];

const at = (id: string) => ({ path: { endpoint_id: id } });
const hears = ({ event_types }: Endpoint): string => event_types.join(", ") || "Everything";

export async function webhooksPage({ query, signal }: Visit): Promise<Page> {
  const page = await got(api.GET("/api/v1/webhook-endpoints", { params: { query: { cursor: query.get("cursor") ?? undefined } }, signal }));
  return {
    title: "Webhooks",
    body: [
      may("agency:admin") && h("p", { class: "actions" }, h("a", { href: "/webhooks/new", class: "button" }, "Add an endpoint")),
      listing(page, {
        caption: "Endpoints",
        query,
        empty: "No endpoint hears of anything yet.",
        columns: [
          { name: "Address", cell: (each) => h("a", { href: `/webhooks/${each.id}` }, each.url) },
          { name: "State", cell: (each) => h("span", {}, state(each.status), each.disabled_reason && ` ${words(each.disabled_reason)}`) },
          { name: "Hears of", cell: hears },
          { name: "Last delivered", cell: (each) => moment(each.delivered_at) },
        ],
      }),
    ],
  };
}

export function newWebhookPage(): Page {
  const key = keys();
  const place = h("div", {});
  const add = form({
    fields: [
      { name: "url", label: "Address", type: "url", hint: "https, on the public internet.", required: true },
      { name: "description", label: "What it is for" },
      {
        name: "event_types",
        label: "Event types",
        type: "textarea",
        hint: "One a line, such as connection.connected; everything, if you name none.",
      },
    ],
    submit: "Add the endpoint",
    send: async (values) => {
      const event_types = values
        .text("event_types")
        .split(/[\s,]+/)
        .filter(Boolean) as Schemas["EventTypeEnum"][];
      const body = { url: values.text("url"), description: values.text("description"), event_types };
      const made = await got(api.POST("/api/v1/webhook-endpoints", { params: { header: key(body) }, body }));
      fill(place, secretBox(made.secret), h("p", {}, h("a", { href: `/webhooks/${made.id}` }, "Go to the endpoint")));
    },
  });
  fill(place, add);
  return { title: "Add an endpoint", body: [place] };
}

const secretBox = (secret: string): HTMLElement =>
  onceOnly("The secret, shown once", h("p", {}, "Verify what arrives by it. It can't be shown again."), copyable(secret));

export async function webhookPage({ params, query, signal }: Visit): Promise<Page> {
  const id = params.id ?? "";
  const [{ data: endpoint, response }, deliveries] = await Promise.all([
    api.GET("/api/v1/webhook-endpoints/{endpoint_id}", { params: at(id), signal }),
    got(
      api.GET("/api/v1/deliveries", {
        params: {
          query: {
            endpoint_id: id,
            status: oneOf(DELIVERY_STATES, query.get("status")),
            type: query.get("type") ?? undefined,
            cursor: query.get("cursor") ?? undefined,
          },
        },
        signal,
      }),
    ),
  ]);
  if (!endpoint) throw new Error("no endpoint");
  const secret = h("div", {});
  return {
    title: "Endpoint",
    body: [
      facts(
        ["Address", endpoint.url],
        ["For", endpoint.description],
        ["State", h("span", {}, state(endpoint.status), endpoint.disabled_reason && ` ${words(endpoint.disabled_reason)}`)],
        ["Hears of", hears(endpoint)],
        ["Failing since", endpoint.failing_since && moment(endpoint.failing_since)],
        ["Old secret signs until", endpoint.old_secret_until && moment(endpoint.old_secret_until)],
      ),
      may("agency:admin") && steering(endpoint, ifMatch(response), secret),
      secret,
      h("h2", {}, "Deliveries"),
      filters(
        [
          { name: "status", label: "Status", type: "select", options: choices(DELIVERY_STATES) },
          { name: "type", label: "Event type" },
        ],
        query,
        (asked) => go(`/webhooks/${id}?${asked}`),
      ),
      listing(deliveries, { caption: "Deliveries", query, columns: DELIVERIES, empty: "Nothing was sent that is like that." }),
    ],
  };
}

function steering(endpoint: Endpoint, match: Record<string, string>, secret: HTMLElement): Child {
  const id = endpoint.id ?? "";
  const test = async (): Promise<Next> => {
    await got(api.POST("/api/v1/webhook-endpoints/{endpoint_id}/test", { params: at(id) }));
    return again("A test event is on its way. See the deliveries.");
  };
  const change = (status: "active" | "disabled") => async (): Promise<Next> => {
    await got(api.PATCH("/api/v1/webhook-endpoints/{endpoint_id}", { params: at(id), headers: match, body: { status } }));
    return again(status === "active" ? "It hears of events again." : "It hears of nothing more.");
  };
  const remove = async (): Promise<Next> => {
    await got(api.DELETE("/api/v1/webhook-endpoints/{endpoint_id}", { params: at(id), headers: match }));
    return to("/webhooks", "The endpoint is gone.");
  };
  return h(
    "p",
    { class: "actions" },
    action("Send a test event", test),
    h("button", { type: "button", class: "quiet", onclick: () => rotate(id, match, secret) }, "New secret"),
    h("button", { type: "button", class: "quiet", onclick: () => replay(id) }, "Replay"),
    endpoint.status === "active"
      ? action("Disable", change("disabled"), { kind: "quiet" })
      : action("Enable", change("active"), { kind: "quiet" }),
    action("Delete", remove, { kind: "danger", confirm: `${endpoint.url} hears of nothing more.` }),
  );
}

function rotate(id: string, match: Record<string, string>, place: HTMLElement): void {
  inDialog({
    title: "New secret",
    words: ["For a while the old one signs beside it."],
    fields: [{ name: "overlap_hours", label: "For how many hours", value: "24", more: { inputmode: "numeric" } }],
    submit: "Make a new secret",
    send: async (values) => {
      const body = { overlap_hours: Number(values.text("overlap_hours")) };
      const made = await got(api.POST("/api/v1/webhook-endpoints/{endpoint_id}/rotate-secret", { params: at(id), headers: match, body }));
      fill(place, secretBox(made.secret));
    },
  });
}

function replay(id: string): void {
  inDialog({
    title: "Replay",
    words: ["What was sent before is sent once more: one event, or everything since a day."],
    fields: [
      { name: "event_id", label: "Id of the event" },
      { name: "since", label: "Or everything since", type: "date" },
    ],
    submit: "Replay",
    send: async (values) => {
      const [event_id, since] = [values.text("event_id"), values.text("since")];
      if (!event_id && !since) throw new Refused("Name an event or a day.");
      const body = event_id ? { event_id } : { since: `${since}T00:00:00Z` };
      await got(api.POST("/api/v1/webhook-endpoints/{endpoint_id}/replay", { params: at(id), body }));
      return again("It is sent once more.");
    },
  });
}

async function retry({ id }: Delivery): Promise<Next> {
  await got(api.POST("/api/v1/deliveries/{delivery_id}/retry", { params: { path: { delivery_id: id } } }));
  return again("It is tried again.");
}

const DELIVERIES = [
  { name: "Event", cell: (each: Delivery) => h("span", {}, each.type, " ", h("code", {}, each.event_id)) },
  { name: "Status", cell: (each: Delivery) => state(each.status) },
  { name: "Made", cell: (each: Delivery) => moment(each.created_at) },
  {
    name: "Attempts",
    cell: (each: Delivery) =>
      each.attempts.length > 0 &&
      h(
        "ul",
        {},
        ...each.attempts.map(({ at: when, outcome, response_code, latency_ms }) =>
          h("li", {}, `${moment(when)}: ${words(outcome)}${response_code ? ` (${response_code})` : ""}, ${latency_ms} ms`),
        ),
      ),
  },
  { name: "Next attempt", cell: (each: Delivery) => moment(each.next_attempt_at) },
  {
    name: "Again",
    cell: (each: Delivery) =>
      may("agency:admin") && ["failed", "cancelled"].includes(each.status) && action("Try again", () => retry(each), { kind: "quiet" }),
  },
];
