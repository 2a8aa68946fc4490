export { ERROR_CODES } from "./codes.js";
export { credentials, ifMatch, quarterday, type Options, type Quarterday, type Who } from "./client.js";
export { follow, read, type Following, type Message, type Operation } from "./events.js";
export { isProblem, QuarterdayError, type ErrorCode, type Problem } from "./problem.js";
export type { components, operations, paths } from "./schema.js";
export type { Patience } from "./sending.js";
export { quarterdayFraudContext } from "./snippet.js";
