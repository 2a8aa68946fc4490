import { action, copyable, onceOnly } from "../ui/actions.js";
import { type Child, h } from "../ui/dom.js";
import { form } from "../ui/forms.js";
import { qrCode } from "../ui/qr.js";
import type { Next, Page } from "../ui/router.js";
import { facts } from "../ui/tables.js";
import { api } from "./client.js";
import { me } from "./me.js";
import { passkeysBox } from "./passkeys.js";
import { proven } from "./proof.js";
import { refused } from "./sign_in.js";

const APP = { path: { client: "app" } } as const;
const TOTP = "/_allauth/{client}/v1/account/authenticators/totp";
const ALL = "/_allauth/{client}/v1/account/authenticators";
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
  const { data: all } = await api.GET(ALL, { params: APP });
  if ((!data && !secret) || !all) throw refused(error, `The second factor can't be looked at just now (${response.status}).`);
  const passkeys = all.data.filter((each) => each.type === "webauthn");
  const factors = [data && "Authenticator app", passkeys.length > 0 && "Passkeys"].filter(Boolean).join(", ");
  return {
    title: "Your sign-in",
    body: [
      facts(["Agency", who.agency_name], ["You may", who.scopes.join(", ")], ["Second factor", factors || "None yet"]),
      made.length > 0 && codesBox(made),
      factors && h("p", { class: "actions" }, renewal(), data && removal()),
      passkeysBox(passkeys, async () => {
        fresh = await unused();
      }),
      secret && setUp(secret),
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
    h("h2", { id: "second-factor" }, "Set up an authenticator app"),
    h("p", {}, "In an authenticator app, scan this picture:"),
    qrCode(totp_url, "QR code of the key that stands below"),
    h("p", {}, "Or add an account by its key:"),
    copyable(grouped),
    h("p", {}, "On the device that has the app, ", h("a", { href: totp_url }, "this link opens it"), "."),
    confirm,
  );
}

function renewal(): Child {
  const renew = (): Promise<Next | void> =>
    proven(async () => {
      const { error, response } = await api.POST(CODES, { params: APP });
      if (!response.ok) return { error, response };
      fresh = await unused();
      return null;
    }, "There are new recovery codes. The old ones are void.");
  return action("New recovery codes", renew, { kind: "quiet" });
}

function removal(): Child {
  const remove = (): Promise<Next | void> =>
    proven(async () => {
      const { error, response } = await api.DELETE(TOTP, { params: APP });
      if (!response.ok) return { error, response };
      return null;
    }, "The authenticator app is off.");
  return action("Turn off the authenticator app", remove, { kind: "danger", confirm: "Without a passkey, whoever knows the password can then sign in." });
}

async function unused(): Promise<string[]> {
  const { data } = await api.GET(CODES, { params: APP });
  return data?.data.unused_codes ?? [];
}

function codesBox(codes: string[]): Child {
  const list = h("ul", { class: "codes" }, ...codes.map((code) => h("li", {}, h("code", {}, code))));
  return onceOnly("Your recovery codes", h("p", {}, "Keep them apart from your devices. Each is good once. They are not shown again."), list);
}
