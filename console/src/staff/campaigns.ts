import { h, svg, type Child } from "../ui/dom.js";
import { form } from "../ui/forms.js";
import { type Page, type Visit, to } from "../ui/router.js";
import { facts, listing, table } from "../ui/tables.js";
import { count, day, number, words } from "../ui/words.js";
import { type Schemas, api, got, keys } from "./client.js";
import { may } from "./me.js";
import { oneOf, state } from "./moods.js";

type Step = Schemas["FunnelStepOut"];
const STAGES = ["imported", "invited", "opened", "began", "at_hmrc", "connected", "ready"] as const;

/** How far all landlords have come, and the campaigns. */
export async function campaignsPage({ query, signal }: Visit): Promise<Page> {
  const [all, campaigns, landlords] = await Promise.all([
    got(api.GET("/api/v1/funnel", { signal })),
    got(api.GET("/api/v1/campaigns", { signal })),
    chosen(query) ? got(api.GET("/api/v1/funnel/landlords", { params: { query: asked(query) }, signal })) : null,
  ]);
  return {
    title: "Campaigns",
    body: [
      may("connections:write") && h("p", { class: "actions" }, h("a", { href: "/campaigns/new", class: "button" }, "Start a campaign")),
      h("h2", {}, "All landlords"),
      ...funnel(all.steps, "/campaigns", query),
      landlords && standing(landlords, query),
      h("h2", {}, "Campaigns"),
      table(
        "Campaigns, newest first",
        [
          { name: "Name", cell: (each) => h("a", { href: `/campaigns/${each.id}` }, each.name) },
          { name: "Asks to", cell: (each) => words(each.kind) },
          { name: "Begun", cell: (each) => day(each.created_at) },
        ],
        campaigns.results,
        "No campaign was started yet.",
      ),
    ],
  };
}

export async function campaignPage({ params, query, signal }: Visit): Promise<Page> {
  const path = { campaign_id: params.id ?? "" };
  const [campaign, landlords] = await Promise.all([
    got(api.GET("/api/v1/campaigns/{campaign_id}", { params: { path }, signal })),
    chosen(query) ? got(api.GET("/api/v1/campaigns/{campaign_id}/landlords", { params: { path, query: asked(query) }, signal })) : null,
  ]);
  const batches = campaign.batches.map((id, at) => h("a", { href: `/invitations/${id}` }, `Invitations ${at + 1}`));
  return {
    title: campaign.name,
    body: [
      facts(
        ["Asks to", words(campaign.kind)],
        ["Begun", day(campaign.created_at)],
        ["Sent", batches.length > 0 && h("span", {}, ...batches)],
      ),
      ...funnel(campaign.steps, `/campaigns/${campaign.id}`, query),
      landlords && standing(landlords, query),
    ],
  };
}

const chosen = (query: URLSearchParams): boolean => query.has("stage") || query.has("place");
const asked = (query: URLSearchParams) => ({
  stage: oneOf(STAGES, query.get("stage")),
  place: (query.get("place") ?? undefined) as Schemas["FunnelPlaceEnum"] | undefined,
  cursor: query.get("cursor") ?? undefined,
});

/** The steps as a picture, and the same as a table, in which each number leads to its landlords. */
export function funnel(steps: Step[], path: string, query: URLSearchParams): Child[] {
  const link = (kind: "stage" | "place", code: string, words: string): Child =>
    h("a", { href: `${path}?${kind}=${code}`, "aria-current": query.get(kind) === code ? "true" : null }, words);
  const places = steps.flatMap((step) => step.places.map((place) => ({ ...place, stage: step.stage })));
  return [
    picture(steps),
    table(
      "How far they have come",
      [
        { name: "Step", cell: (each) => words(each.stage) },
        { name: "Came so far", kind: "number", cell: (each) => number(each.reached) },
        { name: "Stand here", kind: "number", cell: (each) => (each.here ? link("stage", each.stage, number(each.here)) : "0") },
      ],
      steps,
    ),
    table(
      "What stands in the way",
      [
        { name: "Where", cell: (each) => link("place", each.code, words(each.code)) },
        { name: "Landlords", kind: "number", cell: (each) => number(each.count) },
        { name: "Waiting on", cell: (each) => words(each.waiting_on) },
        { name: "What to do", cell: (each) => each.action },
      ],
      places.filter(({ code }) => code !== "ready"),
      "Nothing: everybody is ready.",
    ),
  ];
}

/** Of the longest bar. */
const BAR = 240;

function picture(steps: Step[]): Child {
  const most = Math.max(1, ...steps.map(({ reached }) => reached));
  const rows = steps.map(({ stage, reached, here }, at) => {
    const y = at * 34;
    const width = (reached / most) * BAR;
    return svg(
      "g",
      {},
      svg("text", { x: 110, y: y + 19, "text-anchor": "end", class: "label" }, words(stage)),
      svg("rect", { x: 120, y, width: Math.max(width, 1), height: 28, class: "bar" }),
      svg("rect", { x: 120 + width - (here / most) * BAR, y, width: (here / most) * BAR, height: 28, class: "bar-here" }),
      svg("text", { x: 130 + width, y: y + 19, class: "label" }, number(reached)),
    );
  });
  const words_ = steps.map(({ stage, reached }) => `${words(stage)} ${reached}`).join(", ");
  return h(
    "figure",
    {},
    svg(
      "svg",
      {
        viewBox: `0 0 ${BAR + 180} ${steps.length * 34}`,
        role: "img",
        "aria-label": `Landlords who have come so far: ${words_}`,
        class: "picture",
      },
      ...rows,
    ),
    h("figcaption", {}, "Dark: those who stand at this step. The table below says the same."),
  );
}

function standing(page: Schemas["FunnelLandlordPage"], query: URLSearchParams): Child {
  const where = words(query.get("place") ?? query.get("stage"));
  return h(
    "section",
    {},
    h("h2", {}, `Landlords: ${where}`),
    listing(page, {
      caption: `Landlords: ${where}`,
      query,
      empty: "Nobody stands there.",
      columns: [
        { name: "Name", cell: (each) => h("a", { href: `/landlords/${each.id}` }, each.full_name) },
        { name: "Reference", cell: (each) => each.reference },
        { name: "Where", cell: (each) => words(each.place) },
        { name: "Connection", cell: (each) => state(each.connection_state) },
        { name: "Waiting on", cell: (each) => words(each.waiting_on) },
        { name: "What to do", cell: (each) => each.action },
      ],
    }),
  );
}

export function newCampaignPage(): Page {
  const key = keys();
  const begin = form({
    fields: [
      { name: "name", label: "Name", required: true },
      {
        name: "kind",
        label: "Landlords are asked to",
        type: "select",
        options: [
          ["connect", "Connect for the first time"],
          ["reconnect", "Connect again, before or after their 18 months end"],
        ],
      },
      { name: "tag", label: "Only those with this tag", hint: "Everybody who is to do so, if you name none." },
      {
        name: "deliver",
        label: "Invitations",
        type: "select",
        options: [
          ["mail", "Send them by mail"],
          ["link", "Make links, which I send myself"],
          ["", "None for now"],
        ],
      },
    ],
    submit: "Start the campaign",
    send: async (values) => {
      const tag = values.text("tag");
      const deliver = oneOf(["mail", "link"] as const, values.text("deliver"));
      const body = {
        name: values.text("name"),
        kind: oneOf(["connect", "reconnect"] as const, values.text("kind")) ?? "connect",
        within_days: 90,
        deliver,
        ...(tag ? { tag } : {}),
      };
      const made = await got(api.POST("/api/v1/campaigns", { params: { header: key(body) }, body }));
      return to(`/campaigns/${made.id}`, `The campaign has begun, with ${count(made.steps[0]?.reached ?? 0, "landlord")}.`);
    },
  });
  return { title: "Start a campaign", body: [begin] };
}
