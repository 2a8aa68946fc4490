import { fill, h } from "../ui/dom.js";
import { action, form } from "./form.js";
import { home } from "./home.js";
import { h2, list, p, show } from "./page.js";
import type { Site } from "./site.js";
import { own, type Schemas } from "./store.js";
import { day } from "./words.js";

type Kind = Schemas["MandateKindEnum"];
type Wording = Schemas["PromptOut"];

const SHORT: Record<Kind, string> = {
  standing: "Every update is sent without asking you first",
  per_quarter: "You see and approve each update before it is sent",
};

/** The landlord's leave for the agency to file: what they gave, and how to give, change or take it back. */
export async function mandate(site: Site): Promise<HTMLElement> {
  const { api, landlord_id } = own(site);
  const [given, words] = await Promise.all([
    api.GET("/api/v1/landlords/{landlord_id}/mandates", { params: { path: { landlord_id } } }),
    site.anyone.GET("/api/v1/wordings"),
  ]);
  const wordings = words.data!.results;
  const current = given.data!.results.find((each) => each.ended_at === null || each.ended_at === undefined);
  const section = h("section", {}, h2("How your updates are sent"));
  if (!current) {
    section.append(
      p(
        `${site.start.agency} may send updates only with your leave. If you have not given it on paper, you can give it here, in one of two ways.`,
      ),
      choose(site, wordings),
    );
    return section;
  }
  section.append(
    p(`${SHORT[current.kind]}. You agreed to that on ${day(current.given_at)}.`),
    action("Change or take back", () => change(site, wordings, current), "quiet"),
  );
  return section;
}

function choose(site: Site, wordings: Wording[]): HTMLElement {
  const kinds = Object.keys(SHORT) as Kind[];
  const wording = (kind: Kind) => wordings.find(({ subject }) => subject === `mandate_${kind}`);
  const fault = h("p", { id: "kind-fault", class: "fault", hidden: true, role: "alert" });
  const radios = kinds.map((kind) =>
    h("input", { type: "radio", name: "kind", id: kind, value: kind, "aria-describedby": `${kind}-words` }),
  );
  const options = kinds.map((kind, place) =>
    h(
      "div",
      { class: "option" },
      radios[place],
      h("label", { for: kind }, SHORT[kind]),
      h("p", { id: `${kind}-words`, class: "hint" }, wording(kind)?.text),
    ),
  );
  const give = async () => {
    const kind = radios.find((radio) => radio.checked)?.value as Kind | undefined;
    fault.hidden = Boolean(kind);
    fill(fault, kind ? "" : "Choose one of the two.");
    if (!kind) return radios[0]?.focus();
    const { api, landlord_id } = own(site);
    const version = wording(kind)?.version;
    await api.POST("/api/v1/landlords/{landlord_id}/mandates", {
      params: { path: { landlord_id } },
      body: { kind, ...(version ? { text_version: version } : {}) },
    });
    await home(site);
  };
  return form(
    "I agree",
    give,
    () => false,
    h("fieldset", { "aria-describedby": "kind-fault" }, h("legend", {}, "What you agree to"), fault, ...options),
  );
}

function change(site: Site, wordings: Wording[], current: Schemas["MandateOut"]): void {
  const revoke = async () => {
    const { api, landlord_id } = own(site);
    await api.DELETE("/api/v1/landlords/{landlord_id}/mandates/{mandate_id}", {
      params: { path: { landlord_id, mandate_id: current.id! } },
    });
    await home(site);
  };
  show(
    "How your updates are sent",
    p(`Now: ${SHORT[current.kind]}.`),
    choose(site, wordings),
    h2("Take it back"),
    p("If you take it back:"),
    list(
      "Updates that were not sent yet are cancelled.",
      "Nothing more is sent until you agree again. Deadlines go on, and missing them is on you.",
      "You stay connected to HMRC.",
    ),
    action("Take it back", revoke, "danger"),
    action("Leave it as it is", () => home(site), "quiet"),
  );
}
