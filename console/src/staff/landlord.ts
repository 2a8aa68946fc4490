import { ifMatch } from "@quarterday/client";

import { action, inDialog, onceOnly } from "../ui/actions.js";
import { fill, h, type Child } from "../ui/dom.js";
import { problemBox } from "../ui/problem.js";
import { type Next, type Page, type Visit, again, refresh, to } from "../ui/router.js";
import { facts } from "../ui/tables.js";
import { day, moment, words } from "../ui/words.js";
import { type Schemas, api, fraudContext, got, settled } from "./client.js";
import { invitation, landlordForm } from "./landlords.js";
import { may } from "./me.js";
import { state } from "./moods.js";

type Landlord = Schemas["LandlordOut"];
type Connection = Schemas["ConnectionOut"];

const at = (id: string) => ({ path: { landlord_id: id } });

export async function landlordPage({ params, signal }: Visit): Promise<Page> {
  const id = params.id ?? "";
  const [landlord, { data: connection }, mandates] = await Promise.all([
    got(api.GET("/api/v1/landlords/{landlord_id}", { params: at(id), signal })),
    api.GET("/api/v1/landlords/{landlord_id}/connection", { params: at(id), signal }),
    got(api.GET("/api/v1/landlords/{landlord_id}/mandates", { params: at(id), signal })),
  ]);
  const mandate = mandates.results.find((each) => !each.ended_at);
  return {
    title: landlord.full_name,
    body: [
      facts(
        ["Reference", landlord.reference],
        ["E-mail", landlord.email],
        ["National Insurance number", ninoOf(landlord)],
        ["Tags", landlord.tags.join(", ")],
        ["Quarterly updates are seen to by", words(landlord.mtd_handling)],
        ["Leave to file", mandate ? `${words(mandate.kind)}, given ${day(mandate.given_at)}` : "None on record"],
        ["Changed", moment(landlord.updated_at)],
      ),
      h(
        "p",
        { class: "actions" },
        may("landlords:write") && h("a", { href: `/landlords/${id}/edit`, class: "button" }, "Change"),
        may("submissions:write") && h("a", { href: `/submissions/new?landlord=${id}`, class: "button" }, "Send figures"),
        h("a", { href: `/submissions?landlord_id=${id}`, class: "button" }, "What was sent"),
      ),
      h(
        "section",
        { "aria-labelledby": "connection" },
        h("h2", { id: "connection" }, "Connection to HMRC"),
        ...(connection ? shown(landlord, connection, signal) : []),
      ),
    ],
  };
}

function shown(landlord: Landlord, connection: Connection, signal: AbortSignal): Child[] {
  const readiness = connection.readiness;
  return [
    facts(
      ["State", state(connection.state)],
      ["Reason", connection.reason_code && words(connection.reason_code)],
      ["It may be that", connection.possible_causes.map(words).join(", or ")],
      ["What to do", connection.user_action],
      ["Connected", connection.connected_at && moment(connection.connected_at)],
      ["Ends", connection.grant_expires_at && day(connection.grant_expires_at)],
      ["Last used", connection.last_used_at && moment(connection.last_used_at)],
      ["Quarterly updates", readiness && h("span", {}, state(readiness.status), " ", readiness.action)],
      [
        "Next quarter",
        readiness?.next_due_date &&
          `${day(readiness.next_period_start)} to ${day(readiness.next_period_end)}, due ${day(readiness.next_due_date)}`,
      ],
    ),
    may("connections:write") && waysToConnect(landlord, connection, signal),
  ];
}

function waysToConnect(landlord: Landlord, connection: Connection, signal: AbortSignal): Child {
  const id = landlord.id ?? "";
  const holds = !["not_connected", "disconnected", "connecting"].includes(connection.state);
  const check = async (): Promise<Next> => {
    const fraud_context_id = await fraudContext(id);
    return after(
      await got(api.POST("/api/v1/landlords/{landlord_id}/connection/check", { params: at(id), body: { fraud_context_id } })),
      signal,
    );
  };
  const renew = async (): Promise<Next> =>
    after(await got(api.POST("/api/v1/landlords/{landlord_id}/connection/refresh", { params: at(id) })), signal);
  return h(
    "div",
    {},
    h(
      "p",
      { class: "actions" },
      holds && action("Check at HMRC", check, { kind: "quiet" }),
      connection.state === "active" && action("Refresh the token", renew, { kind: "quiet" }),
      connection.reason_code === "nino_unconfirmed" && h("a", { href: `/landlords/${id}/nino`, class: "button" }, "Compare the numbers"),
      holds && h("button", { type: "button", class: "danger", onclick: () => disconnect(id) }, "Disconnect"),
    ),
    connection.state !== "active" && h("h3", {}, "Invite the landlord"),
    connection.state !== "active" && invitation(landlord),
    connection.state !== "active" &&
      h(
        "p",
        {},
        "The landlord is with you, and signs in at HMRC in this browser themselves: ",
        action("Connect to HMRC here", () => connect(id), { kind: "quiet" }),
      ),
  );
}

async function connect(id: string): Promise<void> {
  const fraud_context_id = await fraudContext(id);
  const body = { fraud_context_id, return_url: `${location.origin}/connected` };
  const begun = await got(api.POST("/api/v1/landlords/{landlord_id}/connection/authorize", { params: at(id), body }));
  location.assign(begun.authorization_url);
}

/** Where HMRC's return leads: hands in the completion code, and waits until HMRC has said yes or no. */
export async function connectedPage({ query, signal }: Visit): Promise<Page> {
  const session_id = query.get("connect_session") ?? "";
  const completion_code = query.get("completion_code") ?? "";
  history.replaceState(null, "", "/connected");
  const path = { session_id };
  let session = completion_code
    ? await got(api.POST("/api/v1/connect-sessions/{session_id}/complete", { params: { path }, body: { completion_code } }))
    : await got(api.GET("/api/v1/connect-sessions/{session_id}", { params: { path }, signal }));
  while (!session.settled_at && ["returned", "exchanging"].includes(session.status) && !signal.aborted) {
    await new Promise((done) => setTimeout(done, 1000));
    session = await got(api.GET("/api/v1/connect-sessions/{session_id}", { params: { path }, signal }));
  }
  return {
    title: session.status === "connected" ? "Connected to HMRC" : "Not connected",
    body: [
      facts(
        ["Outcome", state(session.status)],
        ["Reason", session.reason_code && words(session.reason_code)],
        ["What to do", session.user_action],
      ),
      h("p", {}, h("a", { href: `/landlords/${session.landlord_id}` }, "Go to the landlord")),
    ],
  };
}

async function after(operation: Schemas["OperationOut"], signal: AbortSignal): Promise<Next> {
  const { status, error } = await settled(operation.id ?? "", signal);
  return again(
    status === "succeeded"
      ? "HMRC was asked. This is what it said."
      : `HMRC was asked, and it did not go well: ${String(error?.detail ?? words(error?.code))}`,
  );
}

function disconnect(id: string): void {
  inDialog({
    title: "Disconnect from HMRC",
    words: ["Quarterday forgets the permission. To file again, the landlord has to connect anew."],
    fields: [
      {
        name: "work",
        label: "Figures that were not sent yet",
        type: "select",
        options: [
          ["park", "Keep them until the landlord connects again"],
          ["cancel", "Cancel them"],
        ],
      },
    ],
    submit: "Disconnect",
    send: async (values) => {
      const query = { work: values.text("work") === "cancel" ? ("cancel" as const) : ("park" as const) };
      // Without If-Match: it is meant whatever a worker has noted of the connection meanwhile.
      await got(api.DELETE("/api/v1/landlords/{landlord_id}/connection", { params: { ...at(id), query } }));
      return again("Disconnected.");
    },
  });
}

function ninoOf(landlord: Landlord): Child {
  if (!landlord.nino) return "None on file";
  const box = h("span", {});
  const ask = (): void =>
    inDialog({
      title: "Show the National Insurance number",
      words: ["Who looked at it, when and why is kept in the audit trail."],
      fields: [{ name: "reason", label: "Why it is needed", required: true }],
      submit: "Show it",
      send: async (values) => {
        const body = { reason: values.text("reason") };
        const { nino } = await got(api.POST("/api/v1/landlords/{landlord_id}/reveal-nino", { params: at(landlord.id ?? ""), body }));
        fill(box, onceOnly("National Insurance number", h("code", {}, nino)));
      },
    });
  return h(
    "span",
    {},
    landlord.nino,
    " ",
    may("nino:reveal") && h("button", { type: "button", class: "quiet", onclick: ask }, "Show in full"),
    box,
  );
}

export async function editPage({ params, signal }: Visit): Promise<Page> {
  const { data, response } = await api.GET("/api/v1/landlords/{landlord_id}", { params: at(params.id ?? ""), signal });
  if (!data) throw new Error("no landlord");
  const quicker = h("div", {});
  return { title: `Change ${data.full_name}`, body: [quicker, landlordForm(data, ifMatch(response), () => compare(data, quicker))] };
}

/** What somebody else made of it meanwhile, beside what was shown. */
async function compare(before: Landlord, place: HTMLElement): Promise<void> {
  try {
    const now = await got(api.GET("/api/v1/landlords/{landlord_id}", { params: at(before.id ?? "") }));
    const told = (["full_name", "email", "reference", "nino", "tags", "mtd_handling"] as const)
      .filter((name) => String(now[name]) !== String(before[name]))
      .map((name): [string, Child] => [words(name), `${String(before[name] ?? "none")} → ${String(now[name] ?? "none")}`]);
    const reload = h(
      "button",
      { type: "button", onclick: () => refresh("This is what is on file now.") },
      "Begin again with what is on file now",
    );
    fill(
      place,
      h(
        "section",
        { class: "problem" },
        h("h2", {}, "Somebody else was quicker"),
        h("p", {}, `Changed ${moment(now.updated_at)}. Nothing of yours was stored.`),
        facts(...told),
        reload,
      ),
    );
  } catch (error) {
    fill(place, problemBox(error));
  }
}

/** A number that the landlord typed and HMRC has confirmed, beside the one on file: staff say whose it is. */
export async function ninoPage({ params, signal }: Visit): Promise<Page> {
  const id = params.id ?? "";
  const claim = await got(api.GET("/api/v1/landlords/{landlord_id}/connection/nino", { params: at(id), signal }));
  const confirm = async (): Promise<Next> => {
    await got(api.POST("/api/v1/landlords/{landlord_id}/connection/nino/confirm", { params: at(id) }));
    return to(`/landlords/${id}`, "The number is on file, and HMRC is asked once more.");
  };
  const refuse = async (): Promise<Next> => {
    await got(api.POST("/api/v1/landlords/{landlord_id}/connection/nino/refuse", { params: at(id) }));
    return to(`/landlords/${id}`, "The permission was wiped.");
  };
  return {
    title: "Whose number is it?",
    body: [
      facts(["Typed by the landlord", claim.typed], ["On file", claim.on_file ?? "None"], ["Since", moment(claim.created_at)]),
      claim.status === "waiting" &&
        h(
          "p",
          { class: "actions" },
          action("It is the landlord's", confirm, { confirm: "It goes on file in place of the other." }),
          action("It is somebody else's", refuse, { kind: "danger", confirm: "Their permission is wiped." }),
        ),
    ],
  };
}
