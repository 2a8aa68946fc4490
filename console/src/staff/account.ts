import { action, copyable, inDialog, onceOnly } from "../ui/actions.js";
import { type Child, h } from "../ui/dom.js";
import { form } from "../ui/forms.js";
import { qrCode } from "../ui/qr.js";
import { type Next, type Page, again } from "../ui/router.js";
import { facts } from "../ui/tables.js";
import { api } from "./client.js";
import { me } from "./me.js";
import { flowsOf, refused } from "./sign_in.js";

const APP = { path: { client: "app" } } as const;
const TOTP = "/_allauth/{client}/v1/account/authenticators/totp";
const CODES = "/_allauth/{client}/v1/account/authenticators/recovery-codes";
/** Shown by the next page, and then forgotten. */
let fresh: string[] = [];

/** How one signs in: whether there is a second factor, and setting it up. */
export async function accountPage(): Promise<Page> {
  const who = await me();
  const { data, error, response } = await api.GET(TOTP, { params: APP });
  const made = fresh;
  fresh = [];
  const secret = (error as { meta?: { secret: string; totp_url: string } } | undefined)?.meta;
  if (!data && !secret) throw refused(error, `The second factor can't be looked at just now (${response.status}).`);
  return {
    title: "Your sign-in",
    body: [
      facts(["Agency", who.agency_name], ["You may", who.scopes.join(", ")], ["Second factor", data ? "An authenticator app" : "None yet"]),
      made.length > 0 && codesBox(made),
      data ? existing() : secret && setUp(secret),
    ],
  };
}

function setUp({ secret, totp_url }: { secret: string; totp_url: string }): Child {
  const grouped = secret.replace(/(.{4})/g, "$1 ").trim();
  const confirm = form({
    fields: [
      {
        name: "code",
        label: "Code",
        hint: "The six digits that the app shows now.",
        required: true,
        more: { inputmode: "numeric", autocomplete: "one-time-code" },
      },
    ],
    submit: "Turn on the second factor",
    send: (values) =>
      proven(async () => {
        const { data, error, response } = await api.POST(TOTP, { params: APP, body: { code: values.text("code").replace(/\s/g, "") } });
        if (!data) return { error, response };
        fresh = await unused();
        return null;
      }, "The second factor is on."),
  });
  return h(
    "section",
    { "aria-labelledby": "second-factor" },
    h("h2", { id: "second-factor" }, "Set up a second factor"),
    h("p", {}, "In an authenticator app, scan this picture:"),
    qrCode(totp_url, "QR code of the key that stands below"),
    h("p", {}, "Or add an account by its key:"),
    copyable(grouped),
    h("p", {}, "On the device that has the app, ", h("a", { href: totp_url }, "this link opens it"), "."),
    confirm,
  );
}

function existing(): Child {
  const renew = (): Promise<Next | void> =>
    proven(async () => {
      const { error, response } = await api.POST(CODES, { params: APP });
      if (!response.ok) return { error, response };
      fresh = await unused();
      return null;
    }, "There are new recovery codes. The old ones are void.");
  const remove = (): Promise<Next | void> =>
    proven(async () => {
      const { error, response } = await api.DELETE(TOTP, { params: APP });
      if (!response.ok) return { error, response };
      return null;
    }, "The second factor is off.");
  return h(
    "p",
    { class: "actions" },
    action("New recovery codes", renew, { kind: "quiet" }),
    action("Turn off the second factor", remove, { kind: "danger", confirm: "Whoever knows the password can then sign in." }),
  );
}

async function unused(): Promise<string[]> {
  const { data } = await api.GET(CODES, { params: APP });
  return data?.data.unused_codes ?? [];
}

function codesBox(codes: string[]): Child {
  const list = h("ul", { class: "codes" }, ...codes.map((code) => h("li", {}, h("code", {}, code))));
  return onceOnly("Your recovery codes", h("p", {}, "Keep them where the app is not. Each is good once. They are not shown again."), list);
}

type Refusal = { error: unknown; response: Response };

/** Do what asks for a fresh proof of who one is: where it is missing, a dialog asks for it, and it is done after all. */
async function proven(act: () => Promise<Refusal | null>, done: string): Promise<Next | void> {
  const refusal = await act();
  if (refusal === null) return again(done);
  const flow = flowsOf(refusal.error, refusal.response).find(({ id }) => id === "reauthenticate" || id === "mfa_reauthenticate");
  if (!flow) throw refused(refusal.error, "This was refused.");
  const byCode = flow.id === "mfa_reauthenticate";
  inDialog({
    title: "Is it you?",
    words: ["To change how you sign in, say once more who you are."],
    fields: [
      byCode
        ? { name: "code", label: "Code from your authenticator app", required: true, more: { autocomplete: "one-time-code" } }
        : { name: "password", label: "Password", type: "password", required: true, more: { autocomplete: "current-password" } },
    ],
    submit: "Continue",
    send: async (values) => {
      const { error, response } = byCode
        ? await api.POST("/_allauth/{client}/v1/auth/2fa/reauthenticate", { params: APP, body: { code: values.text("code") } })
        : await api.POST("/_allauth/{client}/v1/auth/reauthenticate", { params: APP, body: { password: values.text("password") } });
      if (!response.ok) throw refused(error, "That was not accepted.");
      const still = await act();
      if (still !== null) throw refused(still.error, "This was refused.");
      return again(done);
    },
  });
}
