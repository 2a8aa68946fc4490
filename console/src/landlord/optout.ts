import { isProblem } from "@quarterday/client";

import { form } from "./form.js";
import { p, show } from "./page.js";
import type { Site } from "./site.js";
import { drop } from "./store.js";
import { explain } from "./words.js";

/** No more mails: on a person's press, never on opening the page. */
export function optOutPage(site: Site, token: string): void {
  const { agency } = site.start;
  const stop = async () => {
    await site.anyone.POST("/api/v1/mail-opt-outs", { body: { invitation_token: token } });
    drop("invitation");
    show(
      "No more mails",
      p(`${agency} sends you no more mails through this service. To get them again, ask your agency.`),
      p("Your connection to HMRC, if you have one, stays as it is."),
    );
  };
  const refused = (error: unknown) =>
    isProblem(error) &&
    error.status === 401 &&
    (show("This link can’t be used", p(explain(error)), p(`Ask ${agency} to stop their mails.`)), true);
  show(
    `Stop mails from ${agency}?`,
    p("If you stop them, you get no links to connect or to approve, and no warning before your permission ends. Your agency is told."),
    form("Stop these mails", stop, refused),
  );
}
