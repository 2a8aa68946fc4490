import { action } from "../ui/actions.js";
import { type Child, h } from "../ui/dom.js";
import { form } from "../ui/forms.js";
import { Refused } from "../ui/problem.js";
import { type Page, type Visit, again, go, refresh, to } from "../ui/router.js";
import { api, asSession, keepSession, sessionToken, type Schemas } from "./client.js";
import { forget } from "./me.js";
import { passkeysWork, signed } from "./passkeys.js";

const APP = { path: { client: "app" } } as const;
const ALONE = "/_allauth/{client}/v1/auth/webauthn/login";
const SECOND = "/_allauth/{client}/v1/auth/webauthn/authenticate";
/** The session between the password and the second factor: kept nowhere, so that a reload begins again. */
let pending = "";
/** Whether a passkey may be that factor. */
let keyed = false;

/** E-mail address and password, then, for who has one, the second factor; or a passkey alone. */
export function signInPage({ query }: Visit): Page {
  const next = safe(query.get("next"));
  return pending
    ? {
        title: "Enter your code",
        body: [secondFactor(next), keyed && byPasskey(SECOND, next), h("p", {}, h("button", { type: "button", class: "quiet", onclick: restart }, "Begin again"))],
      }
    : { title: "Sign in", body: [password(next), byPasskey(ALONE, next), h("p", {}, h("a", { href: "/forgotten" }, "I have forgotten my password"))] };
}

function restart(): void {
  pending = "";
  refresh();
}

function password(next: string): Child {
  return form({
    fields: [
      { name: "email", label: "E-mail address", type: "email", required: true, more: { autocomplete: "username" } },
      { name: "password", label: "Password", type: "password", required: true, more: { autocomplete: "current-password" } },
    ],
    submit: "Sign in",
    send: async (values) => {
      const body = { email: values.text("email"), password: values.text("password") };
      const { data, error, response } = await asSession("").POST("/_allauth/{client}/v1/auth/login", { params: APP, body });
      if (data) return enter(data.meta.session_token ?? "", next);
      const waiting = flowsOf(error, response).find((flow) => flow.is_pending);
      if (waiting?.id !== "mfa_authenticate") throw refused(error, "This sign-in needs a step that is not offered here.");
      pending = tokenOf(error);
      keyed = waiting.types?.includes("webauthn") ?? false;
      return again("");
    },
  });
}

function byPasskey(path: typeof ALONE | typeof SECOND, next: string): Child {
  if (!passkeysWork()) return null;
  const enterBy = async (): Promise<void> => {
    const { data: asked, error: unasked } = await asSession(pending).GET(path, { params: APP });
    if (!asked) throw refused(unasked, "Passkeys can't be used just now.");
    const session = asked.meta?.session_token ?? pending;
    const credential = await signed(asked.data.request_options.publicKey);
    const { data, error } = await asSession(session).POST(path, { params: APP, body: { credential } });
    if (errorsOf(error).some(({ code }) => code === "incorrect_code")) throw new Refused("This passkey is not known here.");
    if (!data) throw refused(error, "The passkey was not accepted.");
    enter(data.meta.session_token ?? session, next);
  };
  return h("p", { class: "actions" }, action(path === ALONE ? "Sign in with a passkey" : "Use a passkey", enterBy, { kind: "quiet" }));
}

function secondFactor(next: string): Child {
  return form({
    fields: [
      {
        name: "code",
        label: "Code",
        hint: "The six digits that your authenticator app shows, or one of your recovery codes.",
        required: true,
        more: { autocomplete: "one-time-code", inputmode: "numeric" },
      },
    ],
    submit: "Continue",
    send: async (values) => {
      const body = { code: values.text("code").replace(/\s/g, "") };
      const { data, error } = await asSession(pending).POST("/_allauth/{client}/v1/auth/2fa/authenticate", { params: APP, body });
      if (!data) throw refused(error, "The code was not accepted.");
      enter(data.meta.session_token ?? pending, next);
    },
  });
}

function enter(token: string, next: string): void {
  pending = "";
  forget();
  keepSession(token);
  go(next, { replace: true });
}

export async function signOut(): Promise<void> {
  await api.DELETE("/_allauth/{client}/v1/auth/session", { params: APP }).catch(() => {});
  forget();
  keepSession("");
  go("/sign-in", { said: "You are signed out." });
}

/** Asks for a link by mail, to choose a new password. */
export function forgottenPage(): Page {
  const ask = form({
    fields: [{ name: "email", label: "E-mail address", type: "email", required: true, more: { autocomplete: "username" } }],
    submit: "Send me a link",
    send: async (values) => {
      const body = { email: values.text("email") };
      const { error, response } = await asSession("").POST("/_allauth/{client}/v1/auth/password/request", { params: APP, body });
      if (!response.ok) throw refused(error, "The link could not be asked for.");
      return to("/sign-in", "If somebody here has that address, a link is on its way to it.");
    },
  });
  return { title: "Choose a new password", body: [ask] };
}

/** Where the link in a mail leads: of an invitation as of a forgotten password. */
export function resetPage({ params }: Visit): Page {
  const key = params.key ?? "";
  const choose = form({
    fields: [
      {
        name: "password",
        label: "New password",
        type: "password",
        hint: "Twelve characters or more.",
        required: true,
        more: { autocomplete: "new-password" },
      },
    ],
    submit: "Use this password",
    send: async (values) => {
      const body = { key, password: values.text("password") };
      const { error, response } = await asSession("").POST("/_allauth/{client}/v1/auth/password/reset", { params: APP, body });
      if (!response.ok && response.status !== 401) throw refused(error, "The password was not accepted.");
      return to("/sign-in", "Your new password holds. Sign in with it.");
    },
  });
  return { title: "Choose a new password", body: [choose] };
}

/** What the sign-in refuses, which is no problem document, at the fields that it names. */
export function refused(error: unknown, otherwise: string): Refused {
  const errors = errorsOf(error);
  const faults = errors.map(({ param, message }) => ({ pointer: param ? `/${param}` : "", detail: message }));
  const [first] = errors;
  return new Refused(
    first?.message ?? otherwise,
    faults.filter(({ pointer }) => pointer),
  );
}

const errorsOf = (error: unknown): NonNullable<Schemas["AuthErrorResponse"]["errors"]> =>
  (error as Schemas["AuthErrorResponse"] | undefined)?.errors ?? [];

export const flowsOf = (error: unknown, response: Response): { id: string; is_pending?: boolean; types?: string[] }[] =>
  response.status === 401 ? ((error as Schemas["AuthAuthenticationResponse"] | undefined)?.data.flows ?? []) : [];

const tokenOf = (error: unknown): string => (error as Schemas["AuthAuthenticationResponse"]).meta.session_token ?? sessionToken();

/** Only to a page of ours. */
export const safe = (next: string | null): string => (next && /^\/(?![/\\])/.test(next) ? next : "/");
