import { isProblem } from "@quarterday/client";

import { h } from "../ui/dom.js";
import { field, form } from "./form.js";
import { h2, link, p, show } from "./page.js";
import type { Site } from "./site.js";
import { drop, type Invitation, keep } from "./store.js";
import { explain } from "./words.js";

type Next = () => Promise<void> | void;

const SEE: Record<string, string> = {
  hmrc_account: "Set up an HMRC account, or find its user ID, on GOV.UK",
  mtd_enrolment: "Sign up for Making Tax Digital for Income Tax on GOV.UK",
  nino: "Find your National Insurance number on GOV.UK",
};

/** What stands before Start: the same for everybody, with no name and no number. Only a person's press spends the link. */
export function startPage(site: Site, link: Invitation, next: Next): void {
  const { agency, minutes, lasts_months, needs } = site.start;
  const start = async () => {
    const answer = await site.anyone.POST("/api/v1/landlord-sessions", { body: { invitation_token: link.invitation } });
    drop("invitation");
    keep("session", answer.data!);
    await next();
  };
  const refused = (error: unknown) =>
    isLinks(error) && (drop("invitation"), askForLink(site, "This link can’t be used", explain(error)), true);
  const press = form("Start", start, refused);
  if (link.submission) {
    show(
      "Approve your quarterly figures",
      p(`${agency} has prepared an update for HMRC. Nothing is sent before you have seen the figures and approved them.`),
      press,
    );
    return;
  }
  show(
    "Connect to HMRC",
    p(
      `${agency} sends what you earn from letting to HMRC every quarter. HMRC needs your permission for that. It takes about ${minutes} minutes, and lasts ${lasts_months} months.`,
    ),
    h2("What you need"),
    h("ul", { class: "needs" }, ...needs.map(need)),
    p("You sign in on HMRC’s own page. Neither your agency nor this service sees your password."),
    operator(site),
    press,
  );
}

function need({ code, title, text, url }: Site["start"]["needs"][number]): HTMLElement {
  return h("li", {}, h("strong", {}, title), h("br"), text, h("br"), link(url, SEE[code] ?? `${title} on GOV.UK`));
}

/** Who runs this, and where: shown before a National Insurance number is asked for. */
export function operator(site: Site): HTMLElement {
  const { privacy_url, terms_url, security_contact, server_location } = site.config.operator;
  return h(
    "section",
    { class: "operator" },
    h2("How your data is looked after"),
    server_location && p(`Your data is kept here: ${server_location}. Your National Insurance number is encrypted.`),
    h(
      "ul",
      {},
      privacy_url && h("li", {}, link(privacy_url, "Privacy notice")),
      terms_url && h("li", {}, link(terms_url, "Terms of use")),
      security_contact && h("li", {}, "To report a security problem, write to ", link(`mailto:${security_contact}`, security_contact)),
    ),
  );
}

function isLinks(error: unknown): boolean {
  return isProblem(error) && [401, 404, 410].includes(error.status);
}

/** For whoever has no link that works: a fresh one by mail. It is answered alike whether anybody has the address. */
export function askForLink(site: Site, title: string, ...why: string[]): void {
  const address = field("email", "Your e-mail address", "The one at which your agency writes to you.", {
    type: "email",
    autocomplete: "email",
    spellcheck: "false",
  });
  const ask = async () => {
    address.fault("");
    const email = address.input.value.trim();
    if (!/^\S+@\S+$/.test(email)) return address.fault("Enter an e-mail address, such as name@example.com.");
    await site.anyone.POST("/api/v1/landlord-sessions/link", { body: { email } });
    asked(site);
  };
  const hear = (error: unknown) => {
    const fault = isProblem(error) && error.at("/email");
    if (fault) address.fault(fault.detail);
    return Boolean(fault);
  };
  show(
    title,
    ...why.map((words) => p(words)),
    h2("Get a fresh link"),
    p("We mail you a link that signs you in here. You need no account and no password for that."),
    form("Send me a fresh sign-in link", ask, hear, address.root),
    p(`If no mail comes, ask ${site.start.agency} for a link: they may have another address for you, or none.`),
  );
}

function asked(site: Site): void {
  show(
    "Look into your mail",
    p("If your agency has that address for you, a link is on its way. It works once, and for an hour."),
    p(`Nothing there after some minutes? Look into your spam folder, or ask ${site.start.agency} for a link.`),
  );
}
