// What is generated beside the types: the error codes as values, and the collector of fraud contexts as a module.
import { readFileSync, writeFileSync } from "node:fs";

const at = (path) => new URL(path, import.meta.url);
const document = JSON.parse(readFileSync(at("../../../openapi.json"), "utf8"));
const codes = document.components.schemas.ErrorCode.enum.map((code) => `  ${JSON.stringify(code)},\n`).join("");

writeFileSync(at("../src/codes.ts"), `// Generated.\n\n/** Every stable error code. */\nexport const ERROR_CODES = [\n${codes}] as const;\n`);
const snippet = readFileSync(at("../../../../api/browser/snippet.js"), "utf8");
writeFileSync(at("../src/snippet.js"), `// Generated.\n\n${snippet.replace("function quarterdayFraudContext", "export function quarterdayFraudContext")}`);
