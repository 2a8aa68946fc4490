import { inDialog } from "../ui/actions.js";
import { type Next, again } from "../ui/router.js";
import { api } from "./client.js";
import { flowsOf, refused } from "./sign_in.js";

const APP = { path: { client: "app" } } as const;

export type Refusal = { error: unknown; response: Response };

/** Do what asks for a fresh proof of who one is: where it is missing, a dialog asks for it, and it is done after all. */
export async function proven(act: () => Promise<Refusal | null>, done: string): Promise<Next | void> {
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
