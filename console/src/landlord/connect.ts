import { isProblem } from "@quarterday/client";

import { type Child, h } from "../ui/dom.js";
import { say } from "../ui/live.js";
import { device } from "./device.js";
import { type Field, field, form } from "./form.js";
import { meant, spaced } from "./nino.js";
import { link, p, show } from "./page.js";
import type { Site } from "./site.js";
import { operator } from "./start.js";
import { keep, kept, own, session } from "./store.js";
import { explain } from "./words.js";

/** Where a landlord sets out for HMRC. A number is asked for only if the agency has none, or if it was no good. */
export function connectPage(site: Site, title = "Connect to HMRC", ...why: Child[]): void {
  const nino = ninoField();
  const place = h("div", {});
  const ask = () => nino.root.isConnected || place.append(operator(site), nino.root);
  if (session()?.nino_on_file === false) ask();
  const leave = async () => {
    if (nino.root.isConnected && !mayBeSent(nino)) return;
    const { api, landlord_id } = own(site);
    const typed = nino.root.isConnected ? { nino: nino.input.value } : {};
    const body = { return_url: `${location.origin}/return`, ...typed, ...(await device(api)) };
    const begun = await api.POST("/api/v1/landlords/{landlord_id}/connection/authorize", {
      params: { path: { landlord_id } },
      body,
    });
    keep("left", { connect_session: begun.data!.connect_session });
    say("You are taken to HMRC.");
    location.assign(begun.data!.authorization_url);
  };
  const stuck = h("div", {});
  show(
    title,
    ...why,
    stuck,
    p(
      "You are taken to HMRC’s own page. Sign in there with your personal account, by Government Gateway or GOV.UK One Login, and not with that of a business or an agent. Then give permission, and you come back here.",
    ),
    form("Connect to HMRC", leave, (error) => (isAboutNino(error) ? (ask(), hearNino(nino, error)) : false), place),
  );
  void unopened(site, stuck).catch(() => {}); // whatever it answers, one may set out again
}

/** Who left for HMRC and is here again without an answer may have met a page that did not load. */
async function unopened(site: Site, place: HTMLElement): Promise<void> {
  const left = kept("left");
  if (!left) return;
  const params = { path: { session_id: left.connect_session } };
  const { hmrc } = (await own(site).api.GET("/api/v1/connect-sessions/{session_id}", { params })).data!;
  if (!hmrc) return; // it is told only of who is still at HMRC
  const words = "You have not come back from HMRC yet. If its page did not open, HMRC may be out of service: ";
  place.append(p(words, link(hmrc.availability_page, "see what HMRC says of its services"), ". Nothing is lost; you can set out again at any time."));
  say(words);
}

/** The number's field: whatever is wrong with it stands there. */
export function ninoField(): Field {
  return field(
    "nino",
    "National Insurance number",
    "Two letters, six digits and a letter, such as QQ 12 34 56 C. It is on your payslip, your P60 and letters about tax or benefits.",
    {
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      maxlength: "20",
    },
  );
}

/** Whether to send what was typed. What was probably meant is asked, and never put in its place unasked. */
export function mayBeSent(nino: Field): boolean {
  nino.fault("");
  const typed = nino.input.value.trim();
  const better = meant(typed);
  if (!typed) nino.fault("Enter your National Insurance number.");
  else if (better) suggest(nino, spaced(better));
  return Boolean(typed) && !better;
}

function suggest(nino: Field, better: string): void {
  const take = () => {
    nino.input.value = better;
    nino.fault("");
    nino.input.focus();
    say("The number was changed. Check it, then go on.");
  };
  nino.fault(
    `Did you mean ${better}? The letters O, I and L are easily taken for the digits 0 and 1.`,
    h("button", { type: "button", class: "second", onclick: take }, `Use ${better}`),
  );
}

const NINO_CODES = ["hmrc.nino_missing", "nino.conflict", "hmrc.nino_mismatch"] as const;

function isAboutNino(error: unknown): boolean {
  return NINO_CODES.some((code) => isProblem(error, code)) || (isProblem(error) && error.at("/nino") !== undefined);
}

/** Take a refusal of the number upon its field. */
export function hearNino(nino: Field, error: unknown): boolean {
  if (!isAboutNino(error) || !isProblem(error)) return false;
  if (isProblem(error, "hmrc.nino_missing")) forgetOnFile();
  nino.fault(error.at("/nino")?.detail ?? explain(error));
  return true;
}

function forgetOnFile(): void {
  const known = session();
  if (known) keep("session", { ...known, nino_on_file: false });
}
