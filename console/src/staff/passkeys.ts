import { action } from "../ui/actions.js";
import { type Child, h } from "../ui/dom.js";
import { form } from "../ui/forms.js";
import { Refused } from "../ui/problem.js";
import { table } from "../ui/tables.js";
import { day } from "../ui/words.js";
import { type Schemas, api } from "./client.js";
import { proven } from "./proof.js";

const APP = { path: { client: "app" } } as const;
const PASSKEYS = "/_allauth/{client}/v1/account/authenticators/webauthn";
type Passkey = Schemas["AuthWebAuthnAuthenticator"];

/** Whether this browser has passkeys, and reads what the API says of them. */
export const passkeysWork = (): boolean => typeof PublicKeyCredential !== "undefined" && "parseRequestOptionsFromJSON" in PublicKeyCredential;

/** Have a passkey sign. Raises Refused if the person, or the device, has none or thinks better of it. */
export async function signed(options: Schemas["AuthWebAuthnRequest"]): Promise<Schemas["AuthWebAuthnAssertion"]> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return asJSON(navigator.credentials.get({ publicKey }), "No passkey was used.");
}

async function made(options: Schemas["AuthWebAuthnCreation"]): Promise<Schemas["AuthWebAuthnRegistration"]> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return asJSON(navigator.credentials.create({ publicKey }), "No passkey was made.");
}

async function asJSON<Shape>(asked: Promise<Credential | null>, otherwise: string): Promise<Shape> {
  const given = await asked.catch((why: unknown) => {
    const there = why instanceof DOMException && why.name === "InvalidStateError";
    throw new Refused(there ? "This device has a passkey of yours already." : otherwise);
  });
  return (given as PublicKeyCredential).toJSON() as Shape;
}

/** Those that a person has, with a way to add and to remove one. `onCodes` is told when recovery codes were made. */
export function passkeysBox(passkeys: Passkey[], onCodes: () => Promise<void>): Child {
  const rows = table(
    "Those you have",
    [
      { name: "Name", cell: ({ name }: Passkey) => name },
      { name: "Added", cell: ({ created_at }) => on(created_at) },
      { name: "Last used", cell: ({ last_used_at }) => (last_used_at === null ? "never" : on(last_used_at)) },
      { name: "", cell: removal },
    ],
    passkeys,
    "You have none. One signs you in with the PIN, the finger or the face that opens your device, without a password.",
  );
  return h("section", { "aria-labelledby": "passkeys" }, h("h2", { id: "passkeys" }, "Passkeys"), rows, passkeysWork() ? addition(onCodes) : null);
}

const on = (seconds: number): string => day(new Date(seconds * 1000).toISOString());

function removal({ id, name }: Passkey): Child {
  const remove = () =>
    proven(async () => {
      const { error, response } = await api.DELETE(PASSKEYS, { params: APP, body: { authenticators: [id] } });
      return response.ok ? null : { error, response };
    }, `The passkey ${name} is removed.`);
  return action("Remove", remove, { kind: "danger", confirm: `The passkey ${name} will open nothing here any more.` });
}

function addition(onCodes: () => Promise<void>): Child {
  return form({
    fields: [{ name: "name", label: "Name of the new passkey", hint: "Such as the device that keeps it.", required: true, more: { maxlength: "100" } }],
    submit: "Add a passkey",
    send: (values) =>
      proven(async () => {
        const asked = await api.GET(PASSKEYS, { params: { ...APP, query: { passwordless: true } } });
        if (!asked.data) return { error: asked.error, response: asked.response };
        const credential = await made(asked.data.data.creation_options.publicKey);
        const { data, error, response } = await api.POST(PASSKEYS, { params: APP, body: { name: values.text("name"), credential } });
        if (!data) return { error, response };
        if (data.meta.recovery_codes_generated) await onCodes();
        return null;
      }, "The passkey is added."),
  });
}
