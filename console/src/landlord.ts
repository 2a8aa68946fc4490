import { approvePage } from "./landlord/approve.js";
import { comeBack } from "./landlord/back.js";
import { action, isSignedOut, whenSignedOut } from "./landlord/form.js";
import { home } from "./landlord/home.js";
import { optOutPage } from "./landlord/optout.js";
import { link, mount, p, show } from "./landlord/page.js";
import { type Site, site } from "./landlord/site.js";
import { askForLink, startPage } from "./landlord/start.js";
import { drop, type Invitation, keep, kept, session } from "./landlord/store.js";
import { explain } from "./landlord/words.js";
import { h } from "./ui/dom.js";

/** Take out of the address what came in it: neither a bookmark nor a shoulder need keep it. */
function take(): void {
  const hash = new URLSearchParams(location.hash.slice(1));
  const query = new URLSearchParams(location.search);
  const invitation = hash.get("invitation");
  const submission = hash.get("submission");
  if (invitation) keep("invitation", { invitation, ...(submission ? { submission } : {}) });
  const [connect_session, status, completion_code] = ["connect_session", "status", "completion_code"].map((name) => query.get(name));
  if (connect_session) keep("returned", { connect_session, status: status ?? "", ...(completion_code ? { completion_code } : {}) });
  history.replaceState(null, "", location.pathname);
}

async function begin(): Promise<void> {
  take();
  mount("");
  try {
    const here = await site();
    mount(here.start.agency, footer(here));
    whenSignedOut(() => signedOut(here));
    await go(here).catch((error) => (isSignedOut(error) ? signedOut(here) : Promise.reject(error)));
  } catch (error) {
    show("This page can’t be shown now", p(explain(error)), action("Try again", begin));
  }
}

function signedOut(here: Site): void {
  drop("session");
  const why = "You were away for a while, or your agency has ended this. Open the link in your mail again, or ask for a fresh one.";
  askForLink(here, "You are signed out", why);
}

async function go(here: Site): Promise<void> {
  const invitation = kept("invitation");
  const returned = kept("returned");
  if (location.pathname === "/opt-out" && invitation) return optOutPage(here, invitation.invitation);
  if (location.pathname === "/return" && returned) return comeBack(here, returned);
  if (invitation) return startPage(here, invitation, () => next(here, invitation));
  if (session()) return home(here);
  askForLink(here, "Connect to HMRC", "To go on, you need the link that your agency sent you.");
}

function next(here: Site, { submission }: Invitation): Promise<void> {
  return submission ? approvePage(here, submission) : home(here);
}

function footer({ config }: Site): HTMLElement {
  const { privacy_url, terms_url } = config.operator;
  return h(
    "ul",
    {},
    privacy_url && h("li", {}, link(privacy_url, "Privacy notice")),
    terms_url && h("li", {}, link(terms_url, "Terms of use")),
  );
}

// A second link in the same tab; and a page that the browser kept while its reader was at HMRC.
addEventListener("hashchange", () => void begin());
addEventListener("pageshow", (event) => event.persisted && location.reload());
void begin();
