import { h } from "./ui/dom.js";
import { mountLive } from "./ui/live.js";
import { type Routes, go, here, match, start } from "./ui/router.js";
import { settings } from "./ui/settings.js";
import { problemBox } from "./ui/problem.js";
import { accountPage } from "./staff/account.js";
import { batchPage, batchesPage, newBatchPage } from "./staff/batches.js";
import { campaignPage, campaignsPage, newCampaignPage } from "./staff/campaigns.js";
import { keepSession, sessionToken, setUp } from "./staff/client.js";
import { connectionsPage } from "./staff/connections.js";
import { deadlinesPage } from "./staff/deadlines.js";
import { importPage, importsPage } from "./staff/imports.js";
import { bulkPage } from "./staff/invitations.js";
import { apiKeysPage, newApiKeyPage } from "./staff/keys_page.js";
import { connectedPage, editPage, landlordPage, ninoPage } from "./staff/landlord.js";
import { landlordsPage, newLandlordPage } from "./staff/landlords.js";
import { forget, me } from "./staff/me.js";
import { newSubmissionPage } from "./staff/new_submission.js";
import { shell } from "./staff/shell.js";
import { forgottenPage, resetPage, signInPage } from "./staff/sign_in.js";
import { submissionPage, submissionsPage } from "./staff/submissions.js";
import { newWebhookPage, webhookPage, webhooksPage } from "./staff/webhooks.js";

/** For whoever is not signed in. */
const OPEN: Routes = {
  "/sign-in": signInPage,
  "/forgotten": forgottenPage,
  "/staff/password/reset/:key": resetPage,
};
const CLOSED: Routes = {
  "/": deadlinesPage,
  "/deadlines": deadlinesPage,
  "/landlords": landlordsPage,
  "/landlords/new": newLandlordPage,
  "/landlords/:id": landlordPage,
  "/landlords/:id/edit": editPage,
  "/landlords/:id/nino": ninoPage,
  "/connected": connectedPage,
  "/imports": importsPage,
  "/imports/:id": importPage,
  "/invitations/:id": bulkPage,
  "/campaigns": campaignsPage,
  "/campaigns/new": newCampaignPage,
  "/campaigns/:id": campaignPage,
  "/connections": connectionsPage,
  "/submissions": submissionsPage,
  "/submissions/new": newSubmissionPage,
  "/submissions/:id": submissionPage,
  "/batches": batchesPage,
  "/batches/new": newBatchPage,
  "/batches/:id": batchPage,
  "/webhooks": webhooksPage,
  "/webhooks/new": newWebhookPage,
  "/webhooks/:id": webhookPage,
  "/keys": apiKeysPage,
  "/keys/new": newApiKeyPage,
  "/account": accountPage,
};

/** Back to the sign-in, and from there to where one was. */
function signInAgain(): void {
  keepSession("");
  forget();
  go(`/sign-in?next=${encodeURIComponent(here())}`, { replace: true, said: "Your session is over. Sign in again." });
}

/** What may be done is known before a page asks what to offer. */
const known: Routes = Object.fromEntries(Object.entries(CLOSED).map(([path, show]) => [path, async (visit) => (await me(), show(visit))]));

async function begin(): Promise<void> {
  mountLive();
  const frame = shell();
  document.body.prepend(...frame.parts);
  try {
    setUp((await settings()).api_url, signInAgain);
  } catch (error) {
    frame.main.append(h("h1", {}, "Quarterday"), problemBox(error));
    return;
  }
  start({
    main: frame.main,
    routes: { ...OPEN, ...known },
    before: (path) => (sessionToken() || match(OPEN, path) ? null : `/sign-in?next=${encodeURIComponent(here())}`),
    after: frame.after,
  });
}

void begin();
