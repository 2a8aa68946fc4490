import { action, copyable, inDialog, onceOnly } from "../ui/actions.js";
import { fill, h, type Child } from "../ui/dom.js";
import { type Field, type Values, filters, form } from "../ui/forms.js";
import { Refused } from "../ui/problem.js";
import { type Next, type Page, type Visit, go, to } from "../ui/router.js";
import { listing } from "../ui/tables.js";
import { count, words } from "../ui/words.js";
import { type Schemas, api, got, isStale, keys, save } from "./client.js";
import { may } from "./me.js";
import { CONNECTION_STATES, choices, oneOf, state } from "./moods.js";

type Landlord = Schemas["LandlordOut"];
const HANDLING = ["us", "own_software", "accountant", "not_required", "exempt", "unknown"] as const;

export async function landlordsPage({ query, signal }: Visit): Promise<Page> {
  const page = await got(
    api.GET("/api/v1/landlords", {
      params: {
        query: {
          search: query.get("search") ?? undefined,
          tag: query.get("tag") ?? undefined,
          connection_state: oneOf(CONNECTION_STATES, query.get("connection_state")),
          cursor: query.get("cursor") ?? undefined,
        },
      },
      signal,
    }),
  );
  const chosen = new Set<string>();
  const pick = (landlord: Landlord): Child =>
    h("input", {
      type: "checkbox",
      "aria-label": `Choose ${landlord.full_name}`,
      onchange: (event: Event) =>
        (event.target as HTMLInputElement).checked ? chosen.add(landlord.id ?? "") : chosen.delete(landlord.id ?? ""),
    });
  return {
    title: "Landlords",
    body: [
      may("landlords:write") &&
        h(
          "p",
          { class: "actions" },
          h("a", { href: "/landlords/new", class: "button" }, "Add a landlord"),
          h("a", { href: "/imports", class: "button" }, "Import a file"),
        ),
      filters(
        [
          { name: "search", label: "Name, reference or e-mail" },
          { name: "connection_state", label: "Connection", type: "select", options: choices(CONNECTION_STATES) },
          { name: "tag", label: "Tag" },
        ],
        query,
        (asked) => go(`/landlords?${asked}`),
      ),
      listing(page, {
        caption: "Landlords",
        query,
        empty: "No landlord is like that.",
        columns: [
          { name: "Name", cell: (each) => h("a", { href: `/landlords/${each.id}` }, each.full_name) },
          ...(may("connections:write") ? [{ name: "Choose", cell: pick }] : []),
          { name: "Reference", cell: (each) => each.reference },
          { name: "NINO", cell: (each) => each.nino ?? "None" },
          { name: "Connection", cell: (each) => state(each.connection_state) },
          { name: "Quarterly updates", cell: (each) => each.readiness && state(each.readiness) },
          { name: "Tags", cell: (each) => each.tags.join(", ") },
        ],
      }),
      may("connections:write") &&
        h(
          "p",
          { class: "actions" },
          action("Invite those chosen", () => inviteMany(chosen)),
        ),
    ],
  };
}

/** Invitations for several landlords, by mail. Their page tells what became of each. */
async function inviteMany(chosen: Set<string>): Promise<void> {
  if (chosen.size === 0) throw new Refused("Choose the landlords first: tick the boxes in the list.");
  const rows = [...chosen].map((landlord_id) => ({ landlord_id }));
  const header = keys()(rows);
  const sent = async (): Promise<Next> => {
    const batch = await got(
      api.POST("/api/v1/invitations/bulk", { params: { header }, body: { rows, deliver: "mail", purpose: "connect" } }),
    );
    return to(`/invitations/${batch.id}`, `${count(rows.length, "landlord")} will be invited.`);
  };
  inDialog({
    title: "Invite those chosen",
    words: [`${count(rows.length, "landlord")} will get a mail with a link to connect to HMRC.`],
    fields: [],
    submit: "Send the invitations",
    send: sent,
  });
}

const fieldsOf = (landlord?: Landlord): Field[] => [
  { name: "full_name", label: "Full name", required: true, value: landlord?.full_name },
  { name: "email", label: "E-mail address", type: "email", value: landlord?.email },
  { name: "reference", label: "Your reference", hint: landlord ? "" : "Made up, if you give none.", value: landlord?.reference },
  {
    name: "nino",
    label: landlord ? "New National Insurance number" : "National Insurance number",
    hint: landlord ? `Only if it is to be changed. On file: ${landlord.nino ?? "none"}.` : "Such as QQ 12 34 56 C.",
    more: { autocomplete: "off", spellcheck: "false" },
  },
  { name: "tags", label: "Tags", hint: "With commas between them.", value: landlord?.tags.join(", ") },
  {
    name: "mtd_handling",
    label: "Who sees to the quarterly updates",
    type: "select",
    options: HANDLING.map((code) => [code, words(code)] as const),
    value: landlord?.mtd_handling ?? "us",
  },
];

function given(values: Values): Schemas["LandlordInRequest"] {
  const optional = Object.fromEntries(["reference", "nino"].flatMap((name) => (values.text(name) ? [[name, values.text(name)]] : [])));
  const tags = values
    .text("tags")
    .split(",")
    .map((tag) => tag.trim())
    .filter(Boolean);
  return {
    full_name: values.text("full_name"),
    email: values.text("email"),
    tags,
    mtd_handling: oneOf(HANDLING, values.text("mtd_handling")),
    ...optional,
  };
}

export function newLandlordPage(): Page {
  const key = keys();
  const add = form({
    fields: fieldsOf(),
    submit: "Add the landlord",
    send: async (values) => {
      const body = given(values);
      const made = await got(api.POST("/api/v1/landlords", { params: { header: key(body) }, body }));
      return to(`/landlords/${made.id}`, `${made.full_name} is on file.`);
    },
  });
  return { title: "Add a landlord", body: [add] };
}

/** The form that changes a landlord, unless somebody was `quicker`: `match` is the If-Match of what it shows. */
export function landlordForm(landlord: Landlord, match: Record<string, string>, quicker: () => Promise<void>): HTMLElement {
  const path = { landlord_id: landlord.id ?? "" };
  return form({
    fields: fieldsOf(landlord),
    submit: "Save",
    send: async (values) => {
      try {
        await got(api.PATCH("/api/v1/landlords/{landlord_id}", { params: { path }, headers: match, body: given(values) }));
      } catch (error) {
        if (isStale(error)) await quicker();
        throw error;
      }
      return to(`/landlords/${landlord.id}`, "Saved.");
    },
  });
}

const WAYS = [
  ["mail", "Send it by mail"],
  ["link", "Give me the link"],
  ["letter", "Print a letter"],
  ["branch", "Show a QR code: the landlord is here"],
] as const;

/** Invites one landlord, and shows what is to be handed over. */
export function invitation(landlord: Landlord): HTMLElement {
  const handedOver = h("div", {});
  const ask = form({
    class: "inline",
    fields: [{ name: "deliver", label: "How the invitation reaches them", type: "select", options: WAYS }],
    submit: "Invite",
    send: async (values) => {
      const deliver =
        oneOf(
          WAYS.map(([way]) => way),
          values.text("deliver"),
        ) ?? "mail";
      const made = await got(api.POST("/api/v1/invitations", { body: { landlord_id: landlord.id ?? "", deliver } }));
      fill(handedOver, handOver(made, deliver));
    },
  });
  return h("div", {}, ask, handedOver);
}

function handOver(made: Schemas["InvitedOut"], deliver: string): HTMLElement {
  if (deliver === "mail") return onceOnly("Invited", h("p", {}, "The mail is on its way."));
  if (deliver === "letter") {
    // As a file: opened from here it would be under this page's policy, which lets it have no style of its own.
    const keep = (): void => save(new Blob([made.letter_html], { type: "text/html" }), "letter.html");
    return onceOnly("The letter", h("p", {}, h("button", { type: "button", onclick: keep }, "Save the letter, to print it")));
  }
  if (deliver === "branch") {
    const code = `data:image/svg+xml;base64,${btoa(made.qr_svg)}`;
    return onceOnly(
      "For the landlord's phone",
      h("p", {}, "Good once, for a quarter of an hour."),
      h("img", { src: code, alt: "QR code of the link", class: "qr" }),
    );
  }
  return onceOnly("The link, shown once", h("p", {}, "Hand it to this landlord and nobody else."), copyable(made.url));
}
