// src/ui/dom.ts
function h(tag, attributes = {}, ...children) {
  return dressed(document.createElement(tag), attributes, children);
}
function svg(tag, attributes = {}, ...children) {
  return dressed(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}
function fill(element, ...children) {
  element.replaceChildren(...children.filter(isThere).map(asNode));
}
function dressed(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== void 0) element.setAttribute(name, value === true ? "" : String(value));
  }
  fill(element, ...children);
  return element;
}
var isThere = (child) => child !== false && child !== null && child !== void 0;
var asNode = (child) => child instanceof Node ? child : String(child);

// src/ui/live.ts
var over;
var places = {};
function mountLive() {
  places.politely = h("div", { class: "hidden", role: "status", "aria-live": "polite" });
  places["at once"] = h("div", { class: "hidden", role: "alert", "aria-live": "assertive" });
  document.body.append(places.politely, places["at once"]);
}
function say(words2, how = "politely") {
  const place2 = places[how];
  if (!place2) return;
  place2.textContent = "";
  requestAnimationFrame(() => place2.textContent = words2);
  clearTimeout(over);
  over = setTimeout(() => place2.textContent = "", 1e4);
}

// ../schema/clients/typescript/node_modules/openapi-fetch/dist/index.mjs
var PATH_PARAM_RE = /\{[^{}]+\}/g;
var supportsRequestInitExt = () => {
  return typeof process === "object" && Number.parseInt(process?.versions?.node?.substring(0, 2)) >= 18 && process.versions.undici;
};
function randomID() {
  return Math.random().toString(36).slice(2, 11);
}
function createClient(clientOptions) {
  let {
    baseUrl: baseUrl2 = "",
    Request: CustomRequest = globalThis.Request,
    fetch: baseFetch = globalThis.fetch,
    querySerializer: globalQuerySerializer,
    bodySerializer: globalBodySerializer,
    pathSerializer: globalPathSerializer,
    headers: baseHeaders,
    requestInitExt = void 0,
    ...baseOptions
  } = { ...clientOptions };
  requestInitExt = supportsRequestInitExt() ? requestInitExt : void 0;
  baseUrl2 = removeTrailingSlash(baseUrl2);
  const globalMiddlewares = [];
  async function coreFetch(schemaPath, fetchOptions) {
    const {
      baseUrl: localBaseUrl,
      fetch: fetch2 = baseFetch,
      Request = CustomRequest,
      headers,
      params = {},
      parseAs = "json",
      querySerializer: requestQuerySerializer,
      bodySerializer = globalBodySerializer ?? defaultBodySerializer,
      pathSerializer: requestPathSerializer,
      body,
      middleware: requestMiddlewares = [],
      ...init
    } = fetchOptions || {};
    let finalBaseUrl = baseUrl2;
    if (localBaseUrl) {
      finalBaseUrl = removeTrailingSlash(localBaseUrl) ?? baseUrl2;
    }
    let querySerializer = typeof globalQuerySerializer === "function" ? globalQuerySerializer : createQuerySerializer(globalQuerySerializer);
    if (requestQuerySerializer) {
      querySerializer = typeof requestQuerySerializer === "function" ? requestQuerySerializer : createQuerySerializer({
        ...typeof globalQuerySerializer === "object" ? globalQuerySerializer : {},
        ...requestQuerySerializer
      });
    }
    const pathSerializer = requestPathSerializer || globalPathSerializer || defaultPathSerializer;
    const serializedBody = body === void 0 ? void 0 : bodySerializer(
      body,
      // Note: we declare mergeHeaders() both here and below because it’s a bit of a chicken-or-egg situation:
      // bodySerializer() needs all headers so we aren’t dropping ones set by the user, however,
      // the result of this ALSO sets the lowest-priority content-type header. So we re-merge below,
      // setting the content-type at the very beginning to be overwritten.
      // Lastly, based on the way headers work, it’s not a simple “present-or-not” check becauase null intentionally un-sets headers.
      mergeHeaders(baseHeaders, headers, params.header)
    );
    const finalHeaders = mergeHeaders(
      // with no body, we should not to set Content-Type
      serializedBody === void 0 || // if serialized body is FormData; browser will correctly set Content-Type & boundary expression
      serializedBody instanceof FormData ? {} : {
        "Content-Type": "application/json"
      },
      baseHeaders,
      headers,
      params.header
    );
    const finalMiddlewares = [...globalMiddlewares, ...requestMiddlewares];
    const requestInit = {
      redirect: "follow",
      ...baseOptions,
      ...init,
      body: serializedBody,
      headers: finalHeaders
    };
    let id;
    let options;
    let request = new Request(
      createFinalURL(schemaPath, { baseUrl: finalBaseUrl, params, querySerializer, pathSerializer }),
      requestInit
    );
    let response;
    for (const key in init) {
      if (!(key in request)) {
        request[key] = init[key];
      }
    }
    if (finalMiddlewares.length) {
      id = randomID();
      options = Object.freeze({
        baseUrl: finalBaseUrl,
        fetch: fetch2,
        parseAs,
        querySerializer,
        bodySerializer,
        pathSerializer
      });
      for (const m of finalMiddlewares) {
        if (m && typeof m === "object" && typeof m.onRequest === "function") {
          const result = await m.onRequest({
            request,
            schemaPath,
            params,
            options,
            id
          });
          if (result) {
            if (result instanceof Request) {
              request = result;
            } else if (result instanceof Response) {
              response = result;
              break;
            } else {
              throw new Error("onRequest: must return new Request() or Response() when modifying the request");
            }
          }
        }
      }
    }
    if (!response) {
      try {
        response = await fetch2(request, requestInitExt);
      } catch (error2) {
        let errorAfterMiddleware = error2;
        if (finalMiddlewares.length) {
          for (let i = finalMiddlewares.length - 1; i >= 0; i--) {
            const m = finalMiddlewares[i];
            if (m && typeof m === "object" && typeof m.onError === "function") {
              const result = await m.onError({
                request,
                error: errorAfterMiddleware,
                schemaPath,
                params,
                options,
                id
              });
              if (result) {
                if (result instanceof Response) {
                  errorAfterMiddleware = void 0;
                  response = result;
                  break;
                }
                if (result instanceof Error) {
                  errorAfterMiddleware = result;
                  continue;
                }
                throw new Error("onError: must return new Response() or instance of Error");
              }
            }
          }
        }
        if (errorAfterMiddleware) {
          throw errorAfterMiddleware;
        }
      }
      if (finalMiddlewares.length) {
        for (let i = finalMiddlewares.length - 1; i >= 0; i--) {
          const m = finalMiddlewares[i];
          if (m && typeof m === "object" && typeof m.onResponse === "function") {
            const result = await m.onResponse({
              request,
              response,
              schemaPath,
              params,
              options,
              id
            });
            if (result) {
              if (!(result instanceof Response)) {
                throw new Error("onResponse: must return new Response() when modifying the response");
              }
              response = result;
            }
          }
        }
      }
    }
    const contentLength = response.headers.get("Content-Length");
    if (response.status === 204 || request.method === "HEAD" || contentLength === "0" && !response.headers.get("Transfer-Encoding")?.includes("chunked")) {
      return response.ok ? { data: void 0, response } : { error: void 0, response };
    }
    if (response.ok) {
      const getResponseData = async () => {
        if (parseAs === "stream") {
          return response.body;
        }
        if (parseAs === "json" && !contentLength) {
          const raw = await response.text();
          return raw ? JSON.parse(raw) : void 0;
        }
        return await response[parseAs]();
      };
      return { data: await getResponseData(), response };
    }
    let error = await response.text();
    try {
      error = JSON.parse(error);
    } catch {
    }
    return { error, response };
  }
  return {
    request(method, url, init) {
      return coreFetch(url, { ...init, method: method.toUpperCase() });
    },
    /** Call a GET endpoint */
    GET(url, init) {
      return coreFetch(url, { ...init, method: "GET" });
    },
    /** Call a PUT endpoint */
    PUT(url, init) {
      return coreFetch(url, { ...init, method: "PUT" });
    },
    /** Call a POST endpoint */
    POST(url, init) {
      return coreFetch(url, { ...init, method: "POST" });
    },
    /** Call a DELETE endpoint */
    DELETE(url, init) {
      return coreFetch(url, { ...init, method: "DELETE" });
    },
    /** Call a OPTIONS endpoint */
    OPTIONS(url, init) {
      return coreFetch(url, { ...init, method: "OPTIONS" });
    },
    /** Call a HEAD endpoint */
    HEAD(url, init) {
      return coreFetch(url, { ...init, method: "HEAD" });
    },
    /** Call a PATCH endpoint */
    PATCH(url, init) {
      return coreFetch(url, { ...init, method: "PATCH" });
    },
    /** Call a TRACE endpoint */
    TRACE(url, init) {
      return coreFetch(url, { ...init, method: "TRACE" });
    },
    /** Register middleware */
    use(...middleware) {
      for (const m of middleware) {
        if (!m) {
          continue;
        }
        if (typeof m !== "object" || !("onRequest" in m || "onResponse" in m || "onError" in m)) {
          throw new Error("Middleware must be an object with one of `onRequest()`, `onResponse() or `onError()`");
        }
        globalMiddlewares.push(m);
      }
    },
    /** Unregister middleware */
    eject(...middleware) {
      for (const m of middleware) {
        const i = globalMiddlewares.indexOf(m);
        if (i !== -1) {
          globalMiddlewares.splice(i, 1);
        }
      }
    }
  };
}
function serializePrimitiveParam(name, value, options) {
  if (value === void 0 || value === null) {
    return "";
  }
  if (typeof value === "object") {
    throw new Error(
      "Deeply-nested arrays/objects aren’t supported. Provide your own `querySerializer()` to handle these."
    );
  }
  return `${name}=${options?.allowReserved === true ? value : encodeURIComponent(value)}`;
}
function serializeObjectParam(name, value, options) {
  if (!value || typeof value !== "object") {
    return "";
  }
  const values = [];
  const joiner = {
    simple: ",",
    label: ".",
    matrix: ";"
  }[options.style] || "&";
  if (options.style !== "deepObject" && options.explode === false) {
    for (const k in value) {
      values.push(k, options.allowReserved === true ? value[k] : encodeURIComponent(value[k]));
    }
    const final2 = values.join(",");
    switch (options.style) {
      case "form": {
        return `${name}=${final2}`;
      }
      case "label": {
        return `.${final2}`;
      }
      case "matrix": {
        return `;${name}=${final2}`;
      }
      default: {
        return final2;
      }
    }
  }
  for (const k in value) {
    const finalName = options.style === "deepObject" ? `${name}[${k}]` : k;
    values.push(serializePrimitiveParam(finalName, value[k], options));
  }
  const final = values.join(joiner);
  return options.style === "label" || options.style === "matrix" ? `${joiner}${final}` : final;
}
function serializeArrayParam(name, value, options) {
  if (!Array.isArray(value)) {
    return "";
  }
  if (options.explode === false) {
    const joiner2 = { form: ",", spaceDelimited: "%20", pipeDelimited: "|" }[options.style] || ",";
    const final = (options.allowReserved === true ? value : value.map((v) => encodeURIComponent(v))).join(joiner2);
    switch (options.style) {
      case "simple": {
        return final;
      }
      case "label": {
        return `.${final}`;
      }
      case "matrix": {
        return `;${name}=${final}`;
      }
      // case "spaceDelimited":
      // case "pipeDelimited":
      default: {
        return `${name}=${final}`;
      }
    }
  }
  const joiner = { simple: ",", label: ".", matrix: ";" }[options.style] || "&";
  const values = [];
  for (const v of value) {
    if (options.style === "simple" || options.style === "label") {
      values.push(options.allowReserved === true ? v : encodeURIComponent(v));
    } else {
      values.push(serializePrimitiveParam(name, v, options));
    }
  }
  return options.style === "label" || options.style === "matrix" ? `${joiner}${values.join(joiner)}` : values.join(joiner);
}
function createQuerySerializer(options) {
  return function querySerializer(queryParams) {
    const search = [];
    if (queryParams && typeof queryParams === "object") {
      for (const name in queryParams) {
        const value = queryParams[name];
        if (value === void 0 || value === null) {
          continue;
        }
        if (Array.isArray(value)) {
          if (value.length === 0) {
            continue;
          }
          search.push(
            serializeArrayParam(name, value, {
              style: "form",
              explode: true,
              ...options?.array,
              allowReserved: options?.allowReserved || false
            })
          );
          continue;
        }
        if (typeof value === "object") {
          search.push(
            serializeObjectParam(name, value, {
              style: "deepObject",
              explode: true,
              ...options?.object,
              allowReserved: options?.allowReserved || false
            })
          );
          continue;
        }
        search.push(serializePrimitiveParam(name, value, options));
      }
    }
    return search.join("&");
  };
}
function defaultPathSerializer(pathname, pathParams) {
  let nextURL = pathname;
  for (const match2 of pathname.match(PATH_PARAM_RE) ?? []) {
    let name = match2.substring(1, match2.length - 1);
    let explode = false;
    let style = "simple";
    if (name.endsWith("*")) {
      explode = true;
      name = name.substring(0, name.length - 1);
    }
    if (name.startsWith(".")) {
      style = "label";
      name = name.substring(1);
    } else if (name.startsWith(";")) {
      style = "matrix";
      name = name.substring(1);
    }
    if (!pathParams || pathParams[name] === void 0 || pathParams[name] === null) {
      continue;
    }
    const value = pathParams[name];
    if (Array.isArray(value)) {
      nextURL = nextURL.replace(match2, serializeArrayParam(name, value, { style, explode }));
      continue;
    }
    if (typeof value === "object") {
      nextURL = nextURL.replace(match2, serializeObjectParam(name, value, { style, explode }));
      continue;
    }
    if (style === "matrix") {
      nextURL = nextURL.replace(match2, `;${serializePrimitiveParam(name, value)}`);
      continue;
    }
    nextURL = nextURL.replace(match2, style === "label" ? `.${encodeURIComponent(value)}` : encodeURIComponent(value));
  }
  return nextURL;
}
function defaultBodySerializer(body, headers) {
  if (body instanceof FormData) {
    return body;
  }
  if (headers) {
    const contentType = headers.get instanceof Function ? headers.get("Content-Type") ?? headers.get("content-type") : headers["Content-Type"] ?? headers["content-type"];
    if (contentType === "application/x-www-form-urlencoded") {
      return new URLSearchParams(body).toString();
    }
  }
  return JSON.stringify(body);
}
function createFinalURL(pathname, options) {
  let finalURL = `${options.baseUrl}${pathname}`;
  if (options.params?.path) {
    finalURL = options.pathSerializer(finalURL, options.params.path);
  }
  let search = options.querySerializer(options.params.query ?? {});
  if (search.startsWith("?")) {
    search = search.substring(1);
  }
  if (search) {
    finalURL += `?${search}`;
  }
  return finalURL;
}
function mergeHeaders(...allHeaders) {
  const finalHeaders = new Headers();
  for (const h2 of allHeaders) {
    if (!h2 || typeof h2 !== "object") {
      continue;
    }
    const iterator = h2 instanceof Headers ? h2.entries() : Object.entries(h2);
    for (const [k, v] of iterator) {
      if (v === null) {
        finalHeaders.delete(k);
      } else if (Array.isArray(v)) {
        for (const v2 of v) {
          finalHeaders.append(k, v2);
        }
      } else if (v !== void 0) {
        finalHeaders.set(k, v);
      }
    }
  }
  return finalHeaders;
}
function removeTrailingSlash(url) {
  if (url.endsWith("/")) {
    return url.substring(0, url.length - 1);
  }
  return url;
}

// ../schema/clients/typescript/src/problem.ts
var QuarterdayError = class extends Error {
  constructor(problem, response) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.response = response;
    this.name = "QuarterdayError";
    this.code = problem.code;
    this.status = problem.status;
    this.retryable = problem.retryable;
    this.requestId = problem.request_id;
  }
  code;
  status;
  /** Whether the same request may succeed later. */
  retryable;
  /** Name it to the operator. */
  requestId;
  /** What is wrong with one place of what was sent, by its JSON pointer or `?name`. */
  at(pointer) {
    return this.problem.errors.find((each) => each.pointer === pointer);
  }
};
function isProblem(error, code) {
  return error instanceof QuarterdayError && (code === void 0 || error.code === code);
}
async function problemOf(response) {
  const kind = response.headers.get("content-type") ?? "";
  return kind.startsWith("application/problem+json") ? await response.clone().json() : void 0;
}

// ../schema/clients/typescript/src/sending.ts
function patient(fetch2, patience) {
  return async (request) => {
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    for (let tried = 1; ; tried++) {
      const last = tried >= patience.tries;
      const answer = await attempt(fetch2, request, last);
      const seconds = answer && !last ? await waitAfter(answer, patience, tried) : void 0;
      if (answer && seconds === void 0) return answer;
      await pause(seconds ?? patience.wait * 2 ** (tried - 1), request.signal);
    }
  };
}
async function attempt(fetch2, request, last) {
  try {
    return await fetch2(request.clone());
  } catch (error) {
    if (last || request.signal.aborted) throw error;
    return void 0;
  }
}
async function waitAfter(answer, patience, tried) {
  if (answer.ok || !(await problemOf(answer))?.retryable) return void 0;
  const said = Number(answer.headers.get("Retry-After") ?? NaN);
  const seconds = Number.isFinite(said) ? said : patience.wait * 2 ** (tried - 1);
  return seconds <= patience.longest ? seconds : void 0;
}
function pause(seconds, signal) {
  return new Promise((done, fail) => {
    const stop = () => (clearTimeout(timer), fail(signal.reason));
    const timer = setTimeout(() => (signal.removeEventListener("abort", stop), done()), seconds * 1e3);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

// ../schema/clients/typescript/src/client.ts
function quarterday(options) {
  const patience = { tries: 4, wait: 0.5, longest: 30, ...options.patience };
  const client = createClient({
    baseUrl: options.baseUrl,
    headers: credentials(options),
    fetch: patient(options.fetch ?? ((request) => fetch(request)), patience),
    ...options.csrfToken ? { credentials: "include" } : {}
  });
  client.use({
    async onResponse({ response }) {
      const problem = await problemOf(response);
      if (problem) throw new QuarterdayError(problem, response);
    }
  });
  return client;
}
function credentials(who) {
  return {
    ...who.bearer ? { Authorization: `Bearer ${who.bearer}` } : {},
    ...who.sessionToken ? { "X-Session-Token": who.sessionToken } : {},
    ...who.csrfToken ? { "X-CSRFToken": who.csrfToken } : {}
  };
}
function ifMatch(answered) {
  const tag = answered.headers.get("ETag");
  return tag === null ? {} : { "If-Match": tag };
}

// ../schema/clients/typescript/src/events.ts
async function* follow(eventsUrl, how) {
  let last = "";
  let wait2 = how.wait ?? 1;
  for (; ; ) {
    try {
      for await (const message of read(await open(eventsUrl, how, last), (seconds) => wait2 = seconds)) {
        last = message.id || last;
        if (message.event !== "operation") continue;
        const operation = JSON.parse(message.data);
        yield operation;
        if (operation.finished_at !== null) return;
      }
    } catch (error) {
      if (how.signal?.aborted || error instanceof QuarterdayError && !error.retryable) throw error;
    }
    await new Promise((done) => setTimeout(done, wait2 * 1e3));
  }
}
async function open(url, how, last) {
  const headers = new Headers(how.headers);
  headers.set("Accept", "text/event-stream");
  if (last) headers.set("Last-Event-ID", last);
  const answer = await (how.fetch ?? fetch)(url, { headers, signal: how.signal ?? null });
  const problem = await problemOf(answer);
  if (problem) throw new QuarterdayError(problem, answer);
  return answer;
}
async function* read(answer, wait2 = () => {
}) {
  let message = { id: "", event: "message", data: "" };
  for await (const line of lines(answer)) {
    if (line === "") {
      if (message.data) yield { ...message, data: message.data.slice(0, -1) };
      message = { id: message.id, event: "message", data: "" };
      continue;
    }
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "data") message.data += `${value}
`;
    else if (name === "event") message.event = value ?? "";
    else if (name === "id") message.id = value ?? "";
    else if (name === "retry" && /^\d+$/.test(value ?? "")) wait2(Number(value) / 1e3);
  }
}
async function* lines(answer) {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (; ; ) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) return;
      const found = (rest + chunk.value).split(/\r\n|\n|\r(?!$)/);
      rest = found.pop() ?? "";
      yield* found;
    }
  } finally {
    await reader?.cancel();
  }
}

// ../schema/clients/typescript/src/snippet.js
function quarterdayFraudContext() {
  const KEY2 = "quarterday.device_id";
  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
  function deviceId() {
    try {
      const known3 = localStorage.getItem(KEY2) || newId();
      localStorage.setItem(KEY2, known3);
      return known3;
    } catch {
      const found = document.cookie.match(/(?:^|; )quarterday_device=([0-9a-f-]{36})/);
      const id = found ? found[1] : newId();
      document.cookie = `quarterday_device=${id}; max-age=34560000; path=/; SameSite=Lax`;
      return id;
    }
  }
  function timezone() {
    const east = -(/* @__PURE__ */ new Date()).getTimezoneOffset();
    const two = (n) => String(Math.trunc(n)).padStart(2, "0");
    return `UTC${east < 0 ? "-" : "+"}${two(Math.abs(east) / 60)}:${two(Math.abs(east) % 60)}`;
  }
  return {
    connection_method: "WEB_APP_VIA_SERVER",
    device_id: deviceId(),
    user_agent: navigator.userAgent,
    screens: [
      {
        width: screen.width,
        height: screen.height,
        scaling_factor: devicePixelRatio,
        colour_depth: screen.colorDepth
      }
    ],
    window: { width: innerWidth, height: innerHeight },
    timezone: timezone()
  };
}

// src/ui/problem.ts
var Refused = class extends Error {
  constructor(detail, faults = []) {
    super(detail);
    this.detail = detail;
    this.faults = faults;
  }
};
function told(error) {
  if (isProblem(error)) {
    const { detail, user_action, errors, title } = error.problem;
    if (error.code === "request.invalid")
      return { detail: "This can't be taken as it is.", action: "", faults: errors, requestId: error.requestId };
    return { detail: detail || title, action: user_action, faults: errors, requestId: error.requestId };
  }
  if (error instanceof Refused) return { detail: error.detail, action: "", faults: error.faults, requestId: "" };
  if (error instanceof TypeError) {
    return { detail: "There is no connection to the server.", action: "Check your network, and try again.", faults: [], requestId: "" };
  }
  console.error(error);
  return { detail: "Something went wrong on this page.", action: "Reload it, and try again.", faults: [], requestId: "" };
}
function problemBox(error) {
  const { detail, action: action2, faults, requestId } = told(error);
  return h(
    "div",
    { class: "problem", role: "alert" },
    h("p", { class: "strong" }, detail),
    faults.length > 0 && h("ul", {}, ...faults.map((fault) => h("li", {}, `${place(fault.pointer)}${fault.detail}`))),
    action2 && h("p", {}, action2),
    requestId && h("p", { class: "quiet" }, "Request ", h("code", {}, requestId))
  );
}
var place = (pointer) => pointer ? `${pointer.replace(/^[/?]/, "")}: ` : "";

// src/ui/router.ts
var router = async () => {
};
function go(address, { replace = false, said = "" } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", address);
  scrollTo(0, 0);
  void router(said);
}
var refresh = (said = "") => void router(said);
var to = (address, said = "") => ({ to: address, said });
var again = (said) => ({ to: null, said });
function lead(next2) {
  if (!next2) return;
  next2.to === null ? refresh(next2.said) : go(next2.to, { said: next2.said });
}
var here = () => location.pathname + location.search;
function start(options) {
  let leave = new AbortController();
  router = async (said = "") => {
    const elsewhere = options.before(location.pathname);
    if (elsewhere !== null) return go(elsewhere, { replace: true });
    leave.abort();
    leave = new AbortController();
    const { signal } = leave;
    options.main.setAttribute("aria-busy", "true");
    const page = await shown(options.routes, signal);
    if (signal.aborted) return;
    options.main.removeAttribute("aria-busy");
    mount(options.main, page, said);
    options.after(page);
  };
  addEventListener("popstate", () => void router());
  document.addEventListener("click", (event) => follow2(event, options.routes));
  void router();
}
function match(routes, path) {
  const asked2 = path.split("/").filter(Boolean);
  for (const [pattern, show] of Object.entries(routes)) {
    const parts = pattern.split("/").filter(Boolean);
    const fits = parts.length === asked2.length && parts.every((part, at5) => part.startsWith(":") || part === asked2[at5]);
    if (!fits) continue;
    const named = parts.flatMap((part, at5) => part.startsWith(":") ? [[part.slice(1), decoded(asked2[at5])]] : []);
    return { show, params: Object.fromEntries(named) };
  }
  return null;
}
async function shown(routes, signal) {
  const found = match(routes, location.pathname);
  if (!found) return { title: "There is no such page", body: [h("p", {}, h("a", { href: "/" }, "Go to the first page"))] };
  try {
    return await found.show({ params: found.params, query: new URLSearchParams(location.search), signal });
  } catch (error) {
    return { title: "This page can't be shown", body: [problemBox(error)] };
  }
}
function mount(main, page, said) {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  const title = h("h1", { tabindex: "-1" }, page.title);
  fill(main, title, said && h("p", { class: "said" }, said), ...page.body);
  title.focus({ preventScroll: true });
  if (said) say(said);
}
function follow2(event, routes) {
  const link2 = event.target instanceof Element ? event.target.closest("a") : null;
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link2 || !plain || event.defaultPrevented || link2.target || link2.hasAttribute("download")) return;
  const raw = link2.getAttribute("href") ?? "";
  if (raw.startsWith("#") || link2.origin !== location.origin || !match(routes, link2.pathname)) return;
  event.preventDefault();
  go(link2.pathname + link2.search);
}
function decoded(part = "") {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// src/ui/settings.ts
async function settings() {
  const answer = await fetch("/config.json");
  if (!answer.ok) throw new Error(`/config.json: ${answer.status}`);
  return await answer.json();
}

// src/ui/forms.ts
var Values = class {
  constructor(data) {
    this.data = data;
  }
  text = (name) => String(this.data.get(name) ?? "").trim();
  list = (name) => this.data.getAll(name).map(String);
  yes = (name) => this.data.get(name) !== null;
  /** Raises Refused if none was chosen. */
  file(name) {
    const found = this.data.get(name);
    if (found instanceof File && found.size > 0) return found;
    throw new Refused("Choose a file.", [{ pointer: `/${name}`, detail: "Choose a file that is not empty." }]);
  }
};
var forms = 0;
function form(options) {
  const id = `form${++forms}`;
  const fields = options.fields.flatMap((part) => part instanceof Node ? [] : "legend" in part ? part.fields : [part]);
  const summary = h("div", { class: "summary", tabindex: "-1", role: "group", "aria-labelledby": `${id}-summary`, hidden: true });
  const button = h("button", { type: "submit" }, options.submit);
  let busy = false;
  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    const values = new Values(new FormData(element));
    tell(id, fields, summary, null);
    busy = true;
    button.setAttribute("aria-busy", "true");
    try {
      checkRequired(fields, values);
      const next2 = await options.send(values);
      if (element.isConnected) lead(next2);
    } catch (error) {
      tell(id, fields, summary, error);
    } finally {
      busy = false;
      button.removeAttribute("aria-busy");
    }
  }
  const element = h(
    "form",
    { novalidate: true, class: options.class, onsubmit: submit },
    summary,
    ...options.fields.map((part) => part instanceof Node ? part : "legend" in part ? group(id, part) : field(id, part)),
    h("p", { class: "actions" }, button)
  );
  return element;
}
function filters(fields, query, go2) {
  const shown5 = fields.map((each) => ({ ...each, value: query.get(each.name) ?? "" }));
  return form({
    fields: shown5,
    submit: "Filter",
    class: "filters",
    send: async (values) => {
      const asked2 = fields.map(({ name }) => [name, values.text(name)]);
      go2(new URLSearchParams(asked2.filter(([, value]) => value)));
    }
  });
}
function group(id, { legend, fields }) {
  return h("fieldset", {}, h("legend", {}, legend), ...fields.map((each) => field(id, each)));
}
function field(id, spec) {
  const own = `${id}-${spec.name}`;
  const hint = spec.hint && h("p", { class: "hint", id: `${own}-hint` }, spec.hint);
  const fault = h("p", { class: "fault", id: `${own}-fault`, hidden: true });
  if (spec.type === "checkboxes") {
    const boxes = (spec.options ?? []).map(([value, label], at5) => box(`${own}-${at5}`, spec, label, value));
    return h("fieldset", { id: own, tabindex: "-1", class: "field" }, h("legend", {}, spec.label), hint, fault, ...boxes);
  }
  if (spec.type === "checkbox") return h("div", { class: "field" }, hint, fault, box(own, spec, spec.label, "yes"));
  return h("div", { class: "field" }, h("label", { for: own }, spec.label), hint, fault, control(own, spec));
}
function box(id, { name, value, type }, label, own) {
  const checked = type === "checkbox" ? value === true : Array.isArray(value) && value.includes(own);
  return h("div", { class: "box" }, h("input", { type: "checkbox", id, name, value: own, checked }), h("label", { for: id }, label));
}
function control(id, { name, type = "text", options = [], value = "", required, more, hint }) {
  const shared = { id, name, ...more, "aria-required": required ? "true" : null, "aria-describedby": hint ? `${id}-hint` : null };
  if (type === "select") {
    return h("select", shared, ...options.map(([each, label]) => h("option", { value: each, selected: each === value }, label)));
  }
  if (type === "textarea") return h("textarea", { rows: "4", ...shared }, String(value));
  return h("input", { ...shared, type, value: type === "file" ? null : String(value) });
}
function checkRequired(fields, values) {
  const empty = ({ name, type }) => type === "checkboxes" ? !values.list(name).length : !values.text(name);
  const faults = fields.filter((each) => each.required && each.type !== "file" && empty(each)).map((each) => ({
    pointer: pointersOf(each)[0] ?? "",
    detail: each.type === "checkbox" ? "This must be agreed to." : `${each.label}: this is needed.`
  }));
  if (faults.length) throw new Refused("Something is missing.", faults);
}
var pointersOf = ({ name, pointers }) => pointers ?? [`/${name}`];
function fieldOf(fields, { pointer }) {
  const fit = (each) => Math.max(-1, ...pointersOf(each).map((own) => pointer === own || pointer.startsWith(`${own}/`) ? own.length : -1));
  return fields.filter((each) => fit(each) >= 0).sort((one, other) => fit(other) - fit(one))[0];
}
function tell(id, fields, summary, error) {
  const { detail, action: action2, faults, requestId } = error === null ? { detail: "", action: "", faults: [], requestId: "" } : told(error);
  for (const each of fields) {
    mark(
      `${id}-${each.name}`,
      faults.filter((fault) => fieldOf(fields, fault) === each),
      Boolean(each.hint)
    );
  }
  const listed = faults.map((fault) => {
    const about = fieldOf(fields, fault);
    return h("li", {}, about ? link(`${id}-${about.name}`, fault.detail) : `${fault.pointer.replace(/^\//, "")}: ${fault.detail}`);
  });
  fill(
    summary,
    h("h2", { id: `${id}-summary` }, "There is a problem"),
    h("p", {}, detail),
    listed.length > 0 && h("ul", {}, ...listed),
    action2 && h("p", {}, action2),
    requestId && h("p", { class: "quiet" }, "Request ", h("code", {}, requestId))
  );
  summary.hidden = error === null;
  if (error !== null) summary.focus();
}
function link(target, words2) {
  const jump = (event) => (event.preventDefault(), document.getElementById(target)?.focus());
  return h("a", { href: `#${target}`, onclick: jump }, words2);
}
function mark(id, faults, hinted) {
  const element = document.getElementById(id);
  const fault = document.getElementById(`${id}-fault`);
  if (!element || !fault) return;
  fault.hidden = faults.length === 0;
  fault.textContent = faults.map(({ detail }) => detail).join(" ");
  const about = [hinted && `${id}-hint`, faults.length > 0 && `${id}-fault`].filter(Boolean).join(" ");
  about ? element.setAttribute("aria-describedby", about) : element.removeAttribute("aria-describedby");
  faults.length ? element.setAttribute("aria-invalid", "true") : element.removeAttribute("aria-invalid");
}

// src/ui/actions.ts
function action(words2, act, { kind, confirm } = {}) {
  const refusal = h("span", {});
  let busy = false;
  async function press() {
    if (busy) return;
    busy = true;
    button.setAttribute("aria-busy", "true");
    fill(refusal);
    try {
      const next2 = await act();
      if (button.isConnected) lead(next2);
    } catch (error) {
      fill(refusal, problemBox(error));
    } finally {
      busy = false;
      button.removeAttribute("aria-busy");
    }
  }
  const ask = () => inDialog({ title: words2, words: [confirm], fields: [], submit: words2, send: press });
  const button = h("button", { type: "button", class: kind, onclick: confirm ? ask : press }, words2);
  return h("span", { class: "action" }, button, refusal);
}
function inDialog({ title, words: words2, ...options }) {
  const name = h("h2", { id: "dialog-title" }, title);
  const close = () => dialog.close();
  const send = async (values) => {
    const next2 = await options.send(values);
    close();
    return next2;
  };
  const inside = form({ ...options, send });
  inside.querySelector(".actions")?.append(h("button", { type: "button", class: "quiet", onclick: close }, "Cancel"));
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, name, ...words2.map((each) => h("p", {}, each)), inside);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
function onceOnly(title, ...content) {
  const box2 = h("section", { class: "once", tabindex: "-1", "aria-label": title }, h("h2", {}, title), ...content);
  requestAnimationFrame(() => box2.focus());
  return box2;
}
function copyable(secret) {
  const said = h("span", { role: "status" });
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    said.textContent = "Copied.";
  };
  return h(
    "p",
    { class: "secret" },
    h("code", {}, secret),
    " ",
    h("button", { type: "button", class: "quiet", onclick: copy }, "Copy"),
    " ",
    said
  );
}
function badge(words2, mood = "plain") {
  return h("span", { class: `badge ${mood}` }, words2);
}

// node_modules/qr/index.js
/*!
 * Copyright (c) 2023 Paul Miller (paulmillr.com)
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
var MAX_OUTPUT_SIZE = 1024;
var MAX_COMPACT_OUTPUT_SIZE = MAX_OUTPUT_SIZE * 4;
var BYTES = /* @__PURE__ */ (() => {
  const res = [];
  for (let ver = 1; ver <= 40; ver++) {
    let bits = (16 * ver + 128) * ver + 64;
    if (ver >= 2) {
      const align = Math.floor(ver / 7) + 2;
      bits -= (25 * align - 10) * align - 55;
      if (ver >= 7)
        bits -= 36;
    }
    res.push(bits >>> 3);
  }
  return res;
})();
var ECC_LEVELS = ["low", "medium", "quartile", "high"];
var WORDS_PER_BLOCK = {
  low: [
    7,
    10,
    15,
    20,
    26,
    18,
    20,
    24,
    30,
    18,
    20,
    24,
    26,
    30,
    22,
    24,
    28,
    30,
    28,
    28,
    28,
    28,
    30,
    30,
    26,
    28,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30
  ],
  medium: [
    10,
    16,
    26,
    18,
    24,
    16,
    18,
    22,
    22,
    26,
    30,
    22,
    22,
    24,
    24,
    28,
    28,
    26,
    26,
    26,
    26,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28,
    28
  ],
  quartile: [
    13,
    22,
    18,
    26,
    18,
    24,
    18,
    22,
    20,
    24,
    28,
    26,
    24,
    20,
    30,
    24,
    28,
    28,
    26,
    30,
    28,
    30,
    30,
    30,
    30,
    28,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30
  ],
  high: [
    17,
    28,
    22,
    16,
    22,
    28,
    26,
    26,
    24,
    28,
    24,
    28,
    22,
    24,
    24,
    30,
    28,
    28,
    26,
    28,
    30,
    24,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30
  ]
};
var ECC_BLOCKS = {
  low: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25],
  medium: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49],
  quartile: [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68],
  high: [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81]
};
var EC_CODE = { low: 1, medium: 0, quartile: 3, high: 2 };
var ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
function alignmentPatterns(ver) {
  ver = asVersion(ver);
  if (ver === 1)
    return [];
  const last = 21 + 4 * (ver - 1) - 7;
  const count2 = Math.ceil((last - 6) / 28);
  let interval = Math.floor((last - 6) / count2);
  if (interval % 2)
    interval += 1;
  else if ((last - 6) % count2 * 2 >= count2)
    interval += 2;
  const res = [6];
  for (let m = 1; m < count2; m++)
    res.push(last - (count2 - m) * interval);
  res.push(last);
  return res;
}
function formatBits(ecc, mask) {
  const data = EC_CODE[ecc] << 3 | mask;
  let d = data;
  for (let i = 0; i < 10; i++)
    d = d << 1 ^ (d >> 9) * 1335;
  return (data << 10 | d) ^ 21522;
}
function versionBits(ver) {
  let d = ver;
  for (let i = 0; i < 12; i++)
    d = d << 1 ^ (d >> 11) * 7973;
  return ver << 12 | d;
}
var MODE_BITS = { numeric: 1, alphanumeric: 2, byte: 4 };
var LENGTH_BITS = {
  numeric: [10, 12, 14],
  alphanumeric: [9, 11, 13],
  byte: [8, 16, 16]
};
var GF256 = /* @__PURE__ */ (() => {
  const exp = new Uint8Array(510);
  const log = new Uint8Array(256);
  for (let i = 0, x = 1; i < 255; i++) {
    exp[i] = exp[i + 255] = x;
    log[x] = i;
    x <<= 1;
    if (x & 256)
      x ^= 285;
  }
  return { exp, log };
})();
function rsGenerator(eccWords) {
  const { exp: EXP, log: LOG } = GF256;
  const gen = new Uint8Array(eccWords);
  gen[eccWords - 1] = 1;
  for (let i = 0, root = 1; i < eccWords; i++) {
    for (let j = 0; j < eccWords; j++) {
      const c = gen[j];
      gen[j] = (c ? EXP[LOG[c] + LOG[root]] : 0) ^ (j + 1 < eccWords ? gen[j + 1] : 0);
    }
    root = EXP[LOG[root] + 1];
  }
  return gen;
}
var RS_CACHE = [];
function rsCached(eccWords) {
  let cached = RS_CACHE[eccWords];
  if (cached !== void 0)
    return cached;
  const gen = rsGenerator(eccWords);
  const { exp: EXP, log: LOG } = GF256;
  const mul = new Uint8Array(256 * eccWords);
  for (let f = 1; f < 256; f++) {
    const lf = LOG[f];
    const off = f * eccWords;
    for (let j = 0; j < eccWords; j++) {
      const c = gen[j];
      if (c)
        mul[off + j] = EXP[LOG[c] + lf];
    }
  }
  return RS_CACHE[eccWords] = { gen, mul };
}
function rsEcc(data, gen, mul) {
  const { exp: EXP, log: LOG } = GF256;
  const eccWords = gen.length;
  const res = new Uint8Array(eccWords);
  if (mul !== void 0) {
    const last = eccWords - 1;
    for (let i = 0; i < data.length; i++) {
      const off = (data[i] ^ res[0]) * eccWords;
      for (let j = 0; j < last; j++)
        res[j] = res[j + 1] ^ mul[off + j];
      res[last] = mul[off + last];
    }
    return res;
  }
  for (let i = 0; i < data.length; i++) {
    const f = data[i] ^ res[0];
    res.copyWithin(0, 1);
    res[eccWords - 1] = 0;
    if (f) {
      for (let j = 0; j < eccWords; j++)
        if (gen[j])
          res[j] ^= EXP[LOG[gen[j]] + LOG[f]];
    }
  }
  return res;
}
function capacity(ver, ecc) {
  const bytes = BYTES[ver - 1];
  const words2 = WORDS_PER_BLOCK[ecc][ver - 1];
  const numBlocks = ECC_BLOCKS[ecc][ver - 1];
  const blockLen = Math.floor(bytes / numBlocks) - words2;
  const shortBlocks = numBlocks - bytes % numBlocks;
  return { words: words2, numBlocks, shortBlocks, blockLen, capacity: (bytes - words2 * numBlocks) * 8 };
}
var err = (msg) => {
  throw new Error(msg);
};
function asVersion(ver) {
  if (typeof ver !== "number")
    throw new TypeError(`"ver" expected number, got type=${typeof ver}`);
  if (!Number.isSafeInteger(ver))
    throw new RangeError(`"ver" expected safe integer, got ${ver}`);
  if (ver < 1 || ver > 40)
    throw new RangeError(`Invalid version=${ver}. Expected number [1..40]`);
  return ver;
}
function detectType(str) {
  let type = "numeric";
  for (let i = 0; i < str.length; i++) {
    const v = ALNUM_VAL[str.charCodeAt(i)];
    if (!(v >= 0))
      return "byte";
    if (v > 9)
      type = "alphanumeric";
  }
  return type;
}
var ALNUM_VAL = /* @__PURE__ */ (() => {
  const t = new Int8Array(128).fill(-1);
  for (let i = 0; i < ALPHANUMERIC.length; i++)
    t[ALPHANUMERIC.charCodeAt(i)] = i;
  return t;
})();
function encodeData(ver, ecc, text, type, utf8) {
  const cap = capacity(ver, ecc);
  const lengthBits = LENGTH_BITS[type][Math.floor((ver + 7) / 17)];
  const dataLen = type === "byte" ? utf8.length : text.length;
  if (dataLen >= 1 << lengthBits)
    err("Capacity overflow");
  const bytes = new Uint8Array(cap.capacity >>> 3);
  let acc = 0;
  let accBits = 0;
  let bytePos = 0;
  const push = (value, len) => {
    acc = acc << len | value;
    for (accBits += len; accBits >= 8; )
      bytes[bytePos++] = acc >>> (accBits -= 8) & 255;
  };
  push(MODE_BITS[type], 4);
  push(dataLen, lengthBits);
  if (type === "numeric") {
    for (let i = 0; i < dataLen; i += 3) {
      const n = Math.min(3, dataLen - i);
      push(Number(text.slice(i, i + n)), [0, 4, 7, 10][n]);
    }
  } else if (type === "alphanumeric") {
    for (let i = 0; i + 1 < dataLen; i += 2)
      push(ALNUM_VAL[text.charCodeAt(i)] * 45 + ALNUM_VAL[text.charCodeAt(i + 1)], 11);
    if (dataLen & 1)
      push(ALNUM_VAL[text.charCodeAt(dataLen - 1)], 6);
  } else {
    for (let i = 0; i < utf8.length; i++)
      push(utf8[i], 8);
  }
  let bitPos = bytePos * 8 + accBits;
  if (bitPos > cap.capacity)
    err("Capacity overflow");
  if (accBits)
    bytes[bytePos] = acc << 8 - accBits & 255;
  bitPos += Math.min(4, cap.capacity - bitPos);
  if (bitPos & 7)
    bitPos += 8 - (bitPos & 7);
  for (let i = bitPos >>> 3, pad = 0; i < bytes.length; i++, pad ^= 1)
    bytes[i] = pad ? 17 : 236;
  const { words: words2, numBlocks, shortBlocks, blockLen } = cap;
  const rs = rsCached(words2);
  const blocks = [];
  const eccs = [];
  for (let i = 0, pos = 0; i < numBlocks; i++) {
    const len = blockLen + (i < shortBlocks ? 0 : 1);
    blocks.push(bytes.subarray(pos, pos + len));
    eccs.push(rsEcc(blocks[i], rs.gen, rs.mul));
    pos += len;
  }
  const res = new Uint8Array(bytes.length + words2 * numBlocks);
  let p = 0;
  for (let i = 0; i <= blockLen; i++) {
    for (const b of blocks)
      if (i < b.length)
        res[p++] = b[i];
  }
  for (let i = 0; i < words2; i++)
    for (const e of eccs)
      res[p++] = e[i];
  return res;
}
function maskBits(x, y) {
  const x2 = x % 2;
  const y2 = y % 2;
  const x3 = x % 3;
  const xy3 = x3 * (y % 3) % 3;
  const xy2 = x2 & y2;
  let bits = 0;
  if (x2 === y2)
    bits |= 1;
  if (y2 === 0)
    bits |= 2;
  if (x3 === 0)
    bits |= 4;
  if ((x + y) % 3 === 0)
    bits |= 8;
  if ((Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0)
    bits |= 16;
  if (xy2 + xy3 === 0)
    bits |= 32;
  if ((xy2 + xy3) % 2 === 0)
    bits |= 64;
  if (((x2 ^ y2) + xy3) % 2 === 0)
    bits |= 128;
  return bits;
}
var POP16 = /* @__PURE__ */ (() => {
  const t = new Uint8Array(1 << 16);
  for (let i = 1; i < t.length; i++)
    t[i] = t[i >>> 1] + (i & 1);
  return t;
})();
var popcnt = (n) => POP16[n & 65535] + POP16[n >>> 16];
var TRANSPOSE_TMP = /* @__PURE__ */ new Uint32Array(32);
function transpose32(a) {
  const masks = [1431655765, 858993459, 252645135, 16711935, 65535];
  for (let stage = 0; stage < 5; stage++) {
    const m = masks[stage] >>> 0;
    const s = 1 << stage;
    for (let i = 0; i < 32; i += s << 1) {
      for (let k = 0; k < s; k++) {
        const x = a[i + k] >>> 0;
        const y = a[i + k + s] >>> 0;
        const t = (x >>> s ^ y) & m;
        a[i + k] = (x ^ t << s) >>> 0;
        a[i + k + s] = (y ^ t) >>> 0;
      }
    }
  }
}
var mat = (size) => {
  const words2 = size + 31 >>> 5;
  return { size, words: words2, v: new Uint32Array(words2 * size) };
};
var matGet = (m, x, y) => m.v[y * m.words + (x >>> 5)] >>> (x & 31) & 1;
var matSet = (m, x, y, bit) => {
  const i = y * m.words + (x >>> 5);
  const b = 1 << (x & 31);
  m.v[i] = bit ? m.v[i] | b : m.v[i] & ~b;
};
function transposeMat(src, dst) {
  const { size, words: words2, v } = src;
  const tmp = TRANSPOSE_TMP;
  for (let by = 0; by < size; by += 32) {
    for (let bx = 0; bx < words2; bx++) {
      const rows = Math.min(32, size - by);
      for (let r = 0; r < rows; r++)
        tmp[r] = v[(by + r) * words2 + bx];
      tmp.fill(0, rows);
      transpose32(tmp);
      for (let i = 0, dstY = bx * 32; i < 32 && dstY < size; i++, dstY++) {
        dst.v[dstY * dst.words + (by >>> 5)] = tmp[i];
      }
    }
  }
}
function runsPenaltyVertical(m) {
  const { size, words: words2, v } = m;
  const tail = size & 31 ? (1 << (size & 31)) - 1 >>> 0 : 4294967295;
  let score = 0;
  for (let wi = 0; wi < words2; wi++) {
    const valid = wi === words2 - 1 ? tail : 4294967295;
    let r3 = v[3 * words2 + wi];
    let dPrev = 4294967295;
    let d0 = v[wi] ^ v[words2 + wi];
    let d1 = v[words2 + wi] ^ v[2 * words2 + wi];
    let d2 = v[2 * words2 + wi] ^ r3;
    for (let y = 0, idx = 4 * words2 + wi; y <= size - 5; y++, idx += words2) {
      const r4 = v[idx];
      const d3 = r3 ^ r4;
      const w = ~(d0 | d1 | d2 | d3) & valid;
      if (w)
        score += popcnt(w >>> 0) + 2 * popcnt((w & dPrev) >>> 0);
      dPrev = d0;
      d0 = d1;
      d1 = d2;
      d2 = d3;
      r3 = r4;
    }
  }
  return score;
}
function finderPenaltyVertical(m) {
  const { size, words: words2, v } = m;
  const tail = size & 31 ? (1 << (size & 31)) - 1 >>> 0 : 4294967295;
  let count2 = 0;
  for (let wi = 0; wi < words2; wi++) {
    const valid = wi === words2 - 1 ? tail : 4294967295;
    for (let y = 0; y <= size - 11; y++) {
      let i = y * words2 + wi;
      const r0 = v[i];
      const r1 = v[i += words2];
      const r2 = v[i += words2];
      const r3 = v[i += words2];
      const r4 = v[i += words2];
      const r5 = v[i += words2];
      const r6 = v[i += words2];
      const r7 = v[i += words2];
      const r8 = v[i += words2];
      const r9 = v[i += words2];
      const r10 = v[i + words2];
      const m0 = valid & r0 & ~r1 & r2 & r3 & r4 & ~r5 & r6 & ~(r7 | r8 | r9 | r10);
      const m1 = valid & ~(r0 | r1 | r2 | r3) & r4 & ~r5 & r6 & r7 & r8 & ~r9 & r10;
      count2 += popcnt(m0 >>> 0) + popcnt(m1 >>> 0);
    }
  }
  return count2;
}
function penaltyScore(m, t, limit = Infinity) {
  const { size, words: words2, v } = m;
  const adjacent = runsPenaltyVertical(m) + runsPenaltyVertical(t);
  if (adjacent >= limit)
    return adjacent;
  const tail2 = (1 << size - 32 * (words2 - 1) - 1) - 1 >>> 0;
  let boxes = 0;
  let dark2 = 0;
  for (let y = 0; y < size; y++) {
    for (let wi = 0; wi < words2; wi++) {
      const a0 = v[y * words2 + wi];
      dark2 += popcnt(a0 >>> 0);
      if (y === size - 1)
        continue;
      const a1 = v[(y + 1) * words2 + wi];
      const n0 = wi + 1 < words2 ? v[y * words2 + wi + 1] : 0;
      const n1 = wi + 1 < words2 ? v[(y + 1) * words2 + wi + 1] : 0;
      const eqV = ~(a0 ^ a1);
      const eqH0 = ~(a0 ^ (a0 >>> 1 | n0 << 31));
      const eqH1 = ~(a1 ^ (a1 >>> 1 | n1 << 31));
      let w = eqV & eqH0 & eqH1;
      if (wi === words2 - 1)
        w &= tail2;
      boxes += popcnt(w >>> 0);
    }
  }
  const total = size * size;
  const darkSteps = Math.ceil(Math.max(0, Math.abs(dark2 * 100 - total * 50) - total * 5) / (total * 5));
  const partial = adjacent + 3 * boxes + 10 * darkSteps;
  if (partial >= limit)
    return partial;
  return partial + 40 * (finderPenaltyVertical(m) + finderPenaltyVertical(t));
}
function drawInfo(m, ver, ecc, mask) {
  const size = m.size;
  const bits = formatBits(ecc, mask);
  for (let i = 0; i < 15; i++) {
    const bit = bits >> i & 1;
    if (i < 6)
      matSet(m, 8, i, bit);
    else if (i < 8)
      matSet(m, 8, i + 1, bit);
    else if (i === 8)
      matSet(m, 7, 8, bit);
    else
      matSet(m, 14 - i, 8, bit);
    if (i < 8)
      matSet(m, size - 1 - i, 8, bit);
    else
      matSet(m, 8, size - 15 + i, bit);
  }
  matSet(m, 8, size - 8, 1);
  if (ver >= 7) {
    const vbits = versionBits(ver);
    for (let i = 0; i < 18; i++) {
      const bit = vbits >> i & 1;
      const x = size - 11 + i % 3;
      const y = i / 3 | 0;
      matSet(m, x, y, bit);
      matSet(m, y, x, bit);
    }
  }
}
var symCache;
function buildSymCache(ver) {
  const size = 21 + 4 * (ver - 1);
  const m = mat(size);
  const fun = new Uint8Array(size * size);
  const setF = (x, y, bit) => {
    matSet(m, x, y, bit);
    fun[y * size + x] = 1;
  };
  for (const [fx, fy] of [
    [0, 0],
    [size - 7, 0],
    [0, size - 7]
  ]) {
    for (let dy = -1; dy < 8; dy++) {
      for (let dx = -1; dx < 8; dx++) {
        const x = fx + dx;
        const y = fy + dy;
        if (x < 0 || y < 0 || x >= size || y >= size)
          continue;
        const on2 = dx >= 0 && dx < 7 && dy >= 0 && dy < 7 && (dx === 0 || dx === 6 || dy === 0 || dy === 6 || dx > 1 && dx < 5 && dy > 1 && dy < 5);
        setF(x, y, on2 ? 1 : 0);
      }
    }
  }
  const align = alignmentPatterns(ver);
  for (const ay of align) {
    for (const ax of align) {
      if (fun[ay * size + ax])
        continue;
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) {
          const on2 = Math.max(Math.abs(dx), Math.abs(dy)) !== 1;
          setF(ax + dx, ay + dy, on2 ? 1 : 0);
        }
      }
    }
  }
  for (let i = 0; i < size; i++) {
    if (!fun[6 * size + i])
      setF(i, 6, i % 2 === 0 ? 1 : 0);
    if (!fun[i * size + 6])
      setF(6, i, i % 2 === 0 ? 1 : 0);
  }
  for (let i = 0; i < 9; i++) {
    if (i !== 6) {
      setF(8, i, 0);
      setF(i, 8, 0);
    }
    if (i < 8) {
      setF(size - 1 - i, 8, 0);
      setF(8, size - 1 - i, 0);
    }
  }
  if (ver >= 7) {
    for (let i = 0; i < 18; i++) {
      const x = size - 11 + i % 3;
      const y = i / 3 | 0;
      setF(x, y, 0);
      setF(y, x, 0);
    }
  }
  const planes = [];
  for (let i = 0; i < 8; i++)
    planes.push(mat(size));
  const posBuf = new Uint16Array(size * size);
  let n = 0;
  for (let xOffset = size - 1, dir = -1, y = size - 1; xOffset > 0; xOffset -= 2, dir = -dir) {
    if (xOffset === 6)
      xOffset = 5;
    for (; ; y += dir) {
      for (let j = 0; j < 2; j++) {
        const x = xOffset - j;
        if (fun[y * size + x])
          continue;
        const wi = y * m.words + (x >>> 5);
        posBuf[n++] = wi << 5 | x & 31;
        for (let p = 0, mb = maskBits(x, y); mb; p++, mb >>= 1) {
          if (mb & 1)
            planes[p].v[wi] |= 1 << (x & 31);
        }
      }
      if (y + dir < 0 || y + dir >= size)
        break;
    }
  }
  const planesT = planes.map((p) => {
    const t = mat(size);
    transposeMat(p, t);
    return t.v;
  });
  return {
    ver,
    tpl: m.v,
    pos: posBuf.slice(0, n),
    planes: planes.map((p) => p.v),
    planesT,
    work: [mat(size), mat(size), mat(size), mat(size)]
  };
}
function drawSymbol(ver, ecc, data, maskIdx, test = false) {
  if (symCache === void 0 || symCache.ver !== ver)
    symCache = buildSymCache(ver);
  const { tpl, pos, planes, planesT, work } = symCache;
  const [m, t, cand, candT] = work;
  m.v.set(tpl);
  const need = Math.min(8 * data.length, pos.length);
  for (let i = 0; i < need; i++) {
    if (data[i >>> 3] & 128 >>> (i & 7)) {
      const p = pos[i];
      m.v[p >>> 5] |= 1 << (p & 31);
    }
  }
  let mask = maskIdx;
  if (mask === void 0) {
    transposeMat(m, t);
    let bestScore = Infinity;
    for (let p = 0; p < 8; p++) {
      const pv2 = planes[p];
      const ptv = planesT[p];
      for (let i = 0; i < cand.v.length; i++) {
        cand.v[i] = m.v[i] ^ pv2[i];
        candT.v[i] = t.v[i] ^ ptv[i];
      }
      const score = penaltyScore(cand, candT, bestScore);
      if (score < bestScore) {
        bestScore = score;
        mask = p;
      }
    }
  }
  const pv = planes[mask];
  for (let i = 0; i < m.v.length; i++)
    m.v[i] ^= pv[i];
  if (!test)
    drawInfo(m, ver, ecc, mask);
  return m;
}
var asNum = (n, title) => {
  if (typeof n !== "number")
    throw new TypeError(`"${title}" expected number, got type=${typeof n}`);
  if (!Number.isSafeInteger(n))
    throw new RangeError(`"${title}" expected safe integer, got ${n}`);
  return n;
};
var asString = (s, title) => {
  if (typeof s !== "string")
    throw new TypeError(`"${title}" expected string, got type=${typeof s}`);
  return s;
};
function utf8Length(str) {
  let length = 0;
  for (let i = 0; i < str.length; i++) {
    const c = str.charCodeAt(i);
    if (c < 128)
      length++;
    else if (c < 2048)
      length += 2;
    else if (c < 55296 || c > 57343)
      length += 3;
    else if (c <= 56319 && i + 1 < str.length) {
      const next2 = str.charCodeAt(i + 1);
      if (next2 >= 56320 && next2 <= 57343) {
        length += 4;
        i++;
      } else
        length += 3;
    } else
      length += 3;
  }
  return length;
}
function byteCapacity(ver, ecc) {
  const lengthBits = LENGTH_BITS.byte[Math.floor((ver + 7) / 17)];
  return Math.min((1 << lengthBits) - 1, Math.floor((capacity(ver, ecc).capacity - 4 - lengthBits) / 8));
}
function _isBytes(a) {
  return a instanceof Uint8Array || ArrayBuffer.isView(a) && a.constructor.name === "Uint8Array" && "BYTES_PER_ELEMENT" in a && a.BYTES_PER_ELEMENT === 1;
}
var dark = (r, x, y) => r.map[x] >= 0 && r.map[y] >= 0 && matGet(r.m, r.map[x], r.map[y]) === 1;
var CTRL = [10, 27];
var NL = /* @__PURE__ */ String.fromCharCode(CTRL[0]);
function renderRaw(r) {
  const W = r.W;
  const res = new Array(W);
  for (let y = 0; y < W; y++) {
    const row = new Array(W);
    for (let x = 0; x < W; x++)
      row[x] = dark(r, x, y);
    res[y] = row;
  }
  return res;
}
function renderAscii(r) {
  const W = r.W;
  let out = "";
  for (let y = 0; y < W; y += 2) {
    for (let x = 0; x < W; x++) {
      const first = dark(r, x, y);
      const second = y + 1 >= W ? true : dark(r, x, y + 1);
      out += !first && !second ? "█" : !first && second ? "▀" : first && !second ? "▄" : " ";
    }
    out += NL;
  }
  return out;
}
function renderTerm(r) {
  const W = r.W;
  const esc = String.fromCharCode(CTRL[1]);
  const reset = esc + "[0m";
  let out = "";
  for (let y = 0; y < W; y++) {
    for (let x = 0; x < W; x++) {
      out += dark(r, x, y) ? `${esc}[40m  ${reset}` : `${esc}[1;47m  ${reset}`;
    }
    out += NL;
  }
  return out;
}
function renderSvg(r, optimize) {
  const W = r.W;
  let out = `<svg viewBox="0 0 ${W} ${W}" xmlns="http://www.w3.org/2000/svg">`;
  let pathData = "";
  let prev;
  for (let y = 0; y < W; y++) {
    for (let x = 0; x < W; x++) {
      if (!dark(r, x, y))
        continue;
      if (!optimize) {
        out += `<rect x="${x}" y="${y}" width="1" height="1" />`;
        continue;
      }
      let mv = `M${x} ${y}`;
      if (prev) {
        const rel = `m${x - prev.x} ${y - prev.y}`;
        if (rel.length <= mv.length)
          mv = rel;
      }
      pathData += `${mv}h1v1${x < 10 ? `H${x}` : "h-1"}Z`;
      prev = { x, y };
    }
  }
  if (optimize)
    out += `<path d="${pathData}"/>`;
  return out + "</svg>";
}
function renderGif(r) {
  const W = r.W;
  const pixels = W * W;
  const N = 126;
  const fullChunks = Math.floor(pixels / N);
  const tail = pixels % N;
  const out = new Uint8Array(408 + fullChunks * (N + 2) + 2 + tail + 4);
  let p = 0;
  const u16 = (v) => {
    out[p++] = v & 255;
    out[p++] = v >>> 8;
  };
  for (const b of [71, 73, 70, 56, 55, 97])
    out[p++] = b;
  u16(W);
  u16(W);
  out[p++] = 246;
  p += 2;
  out[p++] = 255;
  out[p++] = 255;
  out[p++] = 255;
  p += 3 * 127;
  out[p++] = 44;
  p += 4;
  u16(W);
  u16(W);
  out[p++] = 0;
  out[p++] = 7;
  const { m, map } = r;
  const row = new Uint8Array(W);
  let prevMy = -2;
  for (let y = 0, i = 0; y < W; y++) {
    const my = map[y];
    if (my !== prevMy) {
      prevMy = my;
      row.fill(0);
      if (my >= 0) {
        for (let x = 0; x < W; x++)
          if (map[x] >= 0)
            row[x] = matGet(m, map[x], my);
      }
    }
    for (let x = 0; x < W; ) {
      if (i % N === 0) {
        const rem = pixels - i;
        out[p++] = (rem < N ? rem : N) + 1;
        out[p++] = 128;
      }
      const n = Math.min(N - i % N, W - x);
      out.set(row.subarray(x, x + n), p);
      p += n;
      x += n;
      i += n;
    }
  }
  if (tail === 0) {
    out[p++] = 1;
    out[p++] = 128;
  }
  out[p++] = 1;
  out[p++] = 129;
  out[p++] = 0;
  out[p++] = 59;
  return out;
}
function gifDataUrl(gif) {
  const g = gif;
  let b64;
  if (typeof g.toBase64 === "function")
    b64 = g.toBase64();
  else {
    let bin = "";
    for (let i = 0; i < g.length; i += 8192)
      bin += String.fromCharCode(...g.subarray(i, i + 8192));
    b64 = btoa(bin);
  }
  return "data:image/gif;base64," + b64;
}
function encodeQR(text, output = "raw", opts = {}) {
  asString(text, "text");
  asString(output, "output");
  if (typeof opts !== "object" || opts === null || Array.isArray(opts))
    throw new TypeError(`"opts" expected object, got type=${typeof opts}`);
  let ver = opts.version;
  if (ver !== void 0)
    ver = asVersion(ver);
  const ecc = opts.ecc !== void 0 ? opts.ecc : "medium";
  if (!ECC_LEVELS.includes(ecc))
    err(`invalid ecc=${ecc}`);
  const encoding = opts.encoding !== void 0 ? opts.encoding : detectType(text);
  if (!LENGTH_BITS[encoding])
    err(`invalid encoding=${encoding}`);
  if (encoding !== "byte") {
    const alpha = encoding === "numeric" ? ALPHANUMERIC.slice(0, 10) : ALPHANUMERIC;
    for (const ch of text) {
      if (!alpha.includes(ch))
        err(`Unknown letter: "${ch}". Allowed: ${alpha}`);
    }
  }
  if (opts.mask !== void 0 && (asNum(opts.mask, "opts.mask") < 0 || opts.mask > 7))
    err(`invalid mask=${opts.mask}`);
  const textEncoder = opts.textEncoder;
  if (encoding === "byte" && textEncoder === void 0) {
    const maxBytes = byteCapacity(ver === void 0 ? 40 : ver, ecc);
    if (text.length > maxBytes || utf8Length(text) > maxBytes)
      err("Capacity overflow");
  }
  const utf8 = encoding === "byte" ? (textEncoder !== void 0 ? textEncoder : (s) => new TextEncoder().encode(s))(text) : void 0;
  if (utf8 !== void 0 && !_isBytes(utf8))
    throw new TypeError(`"opts.textEncoder" expected Uint8Array, got type=${typeof utf8}`);
  const dataLen = encoding === "byte" ? utf8.length : text.length;
  const encodedBits = encoding === "numeric" ? Math.floor(dataLen / 3) * 10 + [0, 4, 7][dataLen % 3] : encoding === "alphanumeric" ? Math.floor(dataLen / 2) * 11 + dataLen % 2 * 6 : dataLen * 8;
  if (ver === void 0) {
    for (ver = 1; ver <= 40; ver++) {
      const lengthBits = LENGTH_BITS[encoding][Math.floor((ver + 7) / 17)];
      if (dataLen < 1 << lengthBits && 4 + lengthBits + encodedBits <= capacity(ver, ecc).capacity)
        break;
    }
    if (ver > 40)
      err("Capacity overflow");
  } else {
    const lengthBits = LENGTH_BITS[encoding][Math.floor((ver + 7) / 17)];
    if (dataLen >= 1 << lengthBits || 4 + lengthBits + encodedBits > capacity(ver, ecc).capacity)
      err("Capacity overflow");
  }
  const data = encodeData(ver, ecc, text, encoding, utf8);
  const m = drawSymbol(ver, ecc, data, opts.mask);
  const border = opts.border === void 0 ? 2 : asNum(opts.border, "opts.border");
  if (border <= 0)
    throw new RangeError(`invalid border=${border}`);
  const scale = opts.scale === void 0 ? 1 : asNum(opts.scale, "opts.scale");
  if (scale <= 0 || scale > 1024)
    throw new RangeError(`invalid scale factor: ${scale}`);
  const W = (m.size + 2 * border) * scale;
  const maxOutputSize = output === "ascii" || output === "gif" || output === "data-url" ? MAX_COMPACT_OUTPUT_SIZE : MAX_OUTPUT_SIZE;
  if (W > maxOutputSize)
    throw new RangeError(`invalid opts: output is ${W}x${W} (max ${maxOutputSize}), reduce border/scale`);
  const map = new Int32Array(W);
  for (let i = 0; i < W; i++) {
    const f = Math.floor(i / scale) - border;
    map[i] = f >= 0 && f < m.size ? f : -1;
  }
  const r = { m, W, map };
  if (output === "raw")
    return renderRaw(r);
  if (output === "ascii")
    return renderAscii(r);
  if (output === "term")
    return renderTerm(r);
  if (output === "svg")
    return renderSvg(r, opts.optimize === void 0 ? true : opts.optimize);
  if (output === "gif")
    return renderGif(r);
  if (output === "data-url")
    return gifDataUrl(renderGif(r));
  return err(`Unknown output: ${output}`);
}

// src/ui/qr.ts
var squares = (text) => encodeQR(text, "raw", { ecc: "medium", border: 4 });
function qrCode(text, name) {
  const rows = squares(text);
  const dark2 = rows.flatMap((row, y) => row.map((isDark, x) => isDark ? `M${x} ${y}h1v1h-1z` : "")).join("");
  return svg(
    "svg",
    { viewBox: `0 0 ${rows.length} ${rows.length}`, class: "qr", role: "img", "aria-label": name, "shape-rendering": "crispEdges" },
    svg("rect", { width: rows.length, height: rows.length, fill: "#fff" }),
    svg("path", { d: dark2, fill: "#000" })
  );
}

// src/ui/words.ts
var DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "Europe/London" });
var MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/London" });
var POUNDS = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" });
var NUMBER = new Intl.NumberFormat("en-GB");
var NOTHING = "–";
var day = (iso) => iso ? DAY.format(new Date(iso)).replace(/ /g, " ") : NOTHING;
var moment = (iso) => iso ? MOMENT.format(new Date(iso)) : NOTHING;
var number = (value) => NUMBER.format(value);
var percent = (share) => `${Math.round(share * 100)} %`;
var pounds = (amount2) => Number.isFinite(Number(amount2)) ? POUNDS.format(Number(amount2)) : String(amount2);
var count = (many, one, more = `${one}s`) => `${number(many)} ${many === 1 ? one : more}`;
function words(code) {
  if (!code) return NOTHING;
  const said = NAMES[code] ?? code.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[_.:]/g, " ").toLowerCase();
  return said.charAt(0).toUpperCase() + said.slice(1);
}
function wait(until, now = Date.now()) {
  const seconds = until ? (Date.parse(until) - now) / 1e3 : 0;
  if (!(seconds > 0)) return "";
  return seconds < 90 ? `about ${count(Math.ceil(seconds), "second")}` : seconds < 5400 ? `about ${count(Math.round(seconds / 60), "minute")}` : seconds < 129600 ? `about ${count(Math.round(seconds / 3600), "hour")}` : `about ${count(Math.round(seconds / 86400), "day")}`;
}
var NAMES = {
  at_hmrc: "At HMRC",
  hmrc: "HMRC",
  nino: "National Insurance number",
  full_name: "full name",
  quarterday: "Quarterday",
  us: "this agency",
  nino_missing: "National Insurance number missing",
  nino_mismatch: "National Insurance number and account differ",
  nino_unconfirmed: "another National Insurance number was typed",
  nino_refused: "the number that was typed was refused",
  "nino.format": "not the form of a National Insurance number",
  "nino.prefix": "letters with which no National Insurance number begins",
  "nino.documentation": "a National Insurance number from documentation",
  "nino.stand_in": "a National Insurance number that stands in for none",
  "nino.conflict": "another landlord has this National Insurance number",
  not_enrolled: "not signed up for Making Tax Digital",
  not_signed_up: "not signed up for Making Tax Digital",
  waiting_at_hmrc: "signing in at HMRC",
  grant_ended: "the 18 months are over",
  put: "sent",
  read: "read what HMRC holds",
  read_back: "read back",
  periodAmount: "rents and other income of the period",
  premiumsOfLeaseGrant: "premiums for the grant of a lease",
  reversePremiums: "reverse premiums",
  otherIncome: "other property income",
  taxDeducted: "tax deducted at source",
  rentsReceived: "Rent a Room: rents received",
  amountClaimed: "Rent a Room: amount claimed",
  consolidatedExpenses: "all expenses together",
  premisesRunningCosts: "rent, rates, insurance and ground rents",
  repairsAndMaintenance: "repairs and maintenance",
  financialCosts: "loan interest and other financial costs (not residential)",
  professionalFees: "legal, management and other professional fees",
  costOfServices: "cost of services, wages included",
  travelCosts: "travel",
  other: "other allowable expenses",
  residentialFinancialCost: "residential finance costs",
  residentialFinancialCostsCarriedForward: "residential finance costs brought forward"
};

// src/ui/tables.ts
function table(caption, columns, rows, empty = "There is nothing here.") {
  if (rows.length === 0) return h("p", { class: "empty" }, empty);
  const head = columns.map(({ name, kind }) => h("th", { scope: "col", role: "columnheader", class: kind }, name));
  const line = (row) => h("tr", { role: "row" }, ...columns.map((column, at5) => cell(column, row, at5 === 0)));
  return h(
    "table",
    { role: "table" },
    h("caption", {}, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...head)),
    h("tbody", { role: "rowgroup" }, ...rows.map(line))
  );
}
function listing(page, { caption, columns, query, empty }) {
  const link2 = (words2, cursor) => {
    if (cursor === null) return null;
    const there = new URLSearchParams(query);
    there.set("cursor", cursor);
    return h("a", { href: `?${there}`, class: "button" }, words2);
  };
  const turns = [link2("Previous page", page.previous), link2("Next page", page.next)];
  return h(
    "section",
    { "aria-label": caption },
    table(`${caption}: ${count(page.results.length, "row")} on this page`, columns, page.results, empty),
    turns.some(Boolean) && h("nav", { class: "pages", "aria-label": `Pages of ${caption.toLowerCase()}` }, ...turns)
  );
}
function facts(...pairs) {
  const there = pairs.filter(([, value]) => value !== null && value !== void 0 && value !== false && value !== "");
  return h("dl", { class: "facts" }, ...there.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}
function cell({ name, cell: show, kind }, row, first) {
  const given2 = { "data-name": name, class: kind };
  return first ? h("th", { ...given2, scope: "row", role: "rowheader" }, show(row)) : h("td", { ...given2, role: "cell" }, show(row));
}

// src/staff/client.ts
var api;
var KEY = "quarterday.session";
var baseUrl = "";
var lost = () => {
};
var sessionToken = () => sessionStorage.getItem(KEY) ?? "";
function setUp(apiUrl, whenLost) {
  baseUrl = apiUrl;
  lost = whenLost;
  keepSession(sessionToken());
}
function keepSession(token) {
  token ? sessionStorage.setItem(KEY, token) : sessionStorage.removeItem(KEY);
  api = asSession(token);
}
var asSession = (token) => quarterday({ baseUrl, fetch: guarded, ...token ? { sessionToken: token } : {} });
async function got(asked2) {
  const { data, response } = await asked2;
  if (data === void 0 && response.status !== 204) throw new Error(`an answer without a body: ${response.status}`);
  return data;
}
async function* watch(id, signal) {
  const now = await got(api.GET("/api/v1/operations/{operation_id}", { params: { path: { operation_id: id } }, signal }));
  yield now;
  if (now.finished_at) return;
  yield* follow(now.events_url, { headers: credentials({ sessionToken: sessionToken() }), fetch: guarded, signal });
}
async function settled(id, signal) {
  let last;
  for await (const now of watch(id, signal)) last = now;
  if (!last) throw new Error("an operation without a state");
  return last;
}
function meanwhile(signal, work, failed) {
  work().catch((error) => {
    if (!signal.aborted) failed(error);
  });
}
function keys() {
  let last = "";
  let key = "";
  return (content) => {
    const now = JSON.stringify(content);
    if (now !== last) [last, key] = [now, crypto.randomUUID()];
    return { "Idempotency-Key": key };
  };
}
async function fraudContext(landlordId) {
  const body = { ...quarterdayFraudContext(), ...landlordId ? { landlord_id: landlordId } : {} };
  return (await got(api.POST("/api/v1/fraud-contexts", { body }))).id;
}
async function names(ids) {
  const wanted2 = [...new Set(ids)].filter((id) => Boolean(id)).slice(0, 100);
  if (!wanted2.length) return () => "";
  const { results } = await got(api.GET("/api/v1/landlords", { params: { query: { ids: wanted2, limit: 100 } } }));
  const known3 = new Map(results.map((each) => [each.id, `${each.full_name} (${each.reference})`]));
  return (id) => id ? known3.get(id) ?? id : "";
}
function save(content, name) {
  const url = URL.createObjectURL(content);
  const link2 = Object.assign(document.createElement("a"), { href: url, download: name });
  link2.click();
  setTimeout(() => URL.revokeObjectURL(url), 1e4);
}
async function guarded(input, init) {
  const answer = await fetch(input, init);
  const over2 = answer.status === 401 && !answer.url.includes("/_allauth/") || answer.status === 410 && answer.url.includes("/_allauth/");
  if (over2 && sessionToken()) lost();
  return answer;
}
var isStale = (error) => error instanceof QuarterdayError && error.status === 412;

// src/staff/me.ts
var known = null;
async function me() {
  return known ??= await got(api.GET("/api/v1/me"));
}
var forget = () => void (known = null);
var may = (scope) => known?.scopes.includes(scope) ?? false;

// src/staff/sign_in.ts
var APP = { path: { client: "app" } };
var ALONE = "/_allauth/{client}/v1/auth/webauthn/login";
var SECOND = "/_allauth/{client}/v1/auth/webauthn/authenticate";
var pending = "";
var keyed = false;
function signInPage({ query }) {
  const next2 = safe(query.get("next"));
  return pending ? {
    title: "Enter your code",
    body: [secondFactor(next2), keyed && byPasskey(SECOND, next2), h("p", {}, h("button", { type: "button", class: "quiet", onclick: restart }, "Begin again"))]
  } : { title: "Sign in", body: [password(next2), byPasskey(ALONE, next2), h("p", {}, h("a", { href: "/forgotten" }, "I have forgotten my password"))] };
}
function restart() {
  pending = "";
  refresh();
}
function password(next2) {
  return form({
    fields: [
      { name: "email", label: "E-mail address", type: "email", required: true, more: { autocomplete: "username" } },
      { name: "password", label: "Password", type: "password", required: true, more: { autocomplete: "current-password" } }
    ],
    submit: "Sign in",
    send: async (values) => {
      const body = { email: values.text("email"), password: values.text("password") };
      const { data, error, response } = await asSession("").POST("/_allauth/{client}/v1/auth/login", { params: APP, body });
      if (data) return enter(data.meta.session_token ?? "", next2);
      const waiting = flowsOf(error, response).find((flow) => flow.is_pending);
      if (waiting?.id !== "mfa_authenticate") throw refused(error, "This sign-in needs a step that is not offered here.");
      pending = tokenOf(error);
      keyed = waiting.types?.includes("webauthn") ?? false;
      return again("");
    }
  });
}
function byPasskey(path, next2) {
  if (!passkeysWork()) return null;
  const enterBy = async () => {
    const { data: asked2, error: unasked } = await asSession(pending).GET(path, { params: APP });
    if (!asked2) throw refused(unasked, "Passkeys can't be used just now.");
    const session = asked2.meta?.session_token ?? pending;
    const credential = await signed(asked2.data.request_options.publicKey);
    const { data, error } = await asSession(session).POST(path, { params: APP, body: { credential } });
    if (errorsOf(error).some(({ code }) => code === "incorrect_code")) throw new Refused("This passkey is not known here.");
    if (!data) throw refused(error, "The passkey was not accepted.");
    enter(data.meta.session_token ?? session, next2);
  };
  return h("p", { class: "actions" }, action(path === ALONE ? "Sign in with a passkey" : "Use a passkey", enterBy, { kind: "quiet" }));
}
function secondFactor(next2) {
  return form({
    fields: [
      {
        name: "code",
        label: "Code",
        hint: "The six digits that your authenticator app shows, or one of your recovery codes.",
        required: true,
        more: { autocomplete: "one-time-code", inputmode: "numeric" }
      }
    ],
    submit: "Continue",
    send: async (values) => {
      const body = { code: values.text("code").replace(/\s/g, "") };
      const { data, error } = await asSession(pending).POST("/_allauth/{client}/v1/auth/2fa/authenticate", { params: APP, body });
      if (!data) throw refused(error, "The code was not accepted.");
      enter(data.meta.session_token ?? pending, next2);
    }
  });
}
function enter(token, next2) {
  pending = "";
  forget();
  keepSession(token);
  go(next2, { replace: true });
}
async function signOut() {
  await api.DELETE("/_allauth/{client}/v1/auth/session", { params: APP }).catch(() => {
  });
  forget();
  keepSession("");
  go("/sign-in", { said: "You are signed out." });
}
function forgottenPage() {
  const ask = form({
    fields: [{ name: "email", label: "E-mail address", type: "email", required: true, more: { autocomplete: "username" } }],
    submit: "Send me a link",
    send: async (values) => {
      const body = { email: values.text("email") };
      const { error, response } = await asSession("").POST("/_allauth/{client}/v1/auth/password/request", { params: APP, body });
      if (!response.ok) throw refused(error, "The link could not be asked for.");
      return to("/sign-in", "If somebody here has that address, a link is on its way to it.");
    }
  });
  return { title: "Choose a new password", body: [ask] };
}
function resetPage({ params }) {
  const key = params.key ?? "";
  const choose = form({
    fields: [
      {
        name: "password",
        label: "New password",
        type: "password",
        hint: "Twelve characters or more.",
        required: true,
        more: { autocomplete: "new-password" }
      }
    ],
    submit: "Use this password",
    send: async (values) => {
      const body = { key, password: values.text("password") };
      const { error, response } = await asSession("").POST("/_allauth/{client}/v1/auth/password/reset", { params: APP, body });
      if (!response.ok && response.status !== 401) throw refused(error, "The password was not accepted.");
      return to("/sign-in", "Your new password holds. Sign in with it.");
    }
  });
  return { title: "Choose a new password", body: [choose] };
}
function refused(error, otherwise) {
  const errors = errorsOf(error);
  const faults = errors.map(({ param, message }) => ({ pointer: param ? `/${param}` : "", detail: message }));
  const [first] = errors;
  return new Refused(
    first?.message ?? otherwise,
    faults.filter(({ pointer }) => pointer)
  );
}
var errorsOf = (error) => error?.errors ?? [];
var flowsOf = (error, response) => response.status === 401 ? error?.data.flows ?? [] : [];
var tokenOf = (error) => error.meta.session_token ?? sessionToken();
var safe = (next2) => next2 && /^\/(?![/\\])/.test(next2) ? next2 : "/";

// src/staff/proof.ts
var APP2 = { path: { client: "app" } };
async function proven(act, done) {
  const refusal = await act();
  if (refusal === null) return again(done);
  const flow = flowsOf(refusal.error, refusal.response).find(({ id }) => id === "reauthenticate" || id === "mfa_reauthenticate");
  if (!flow) throw refused(refusal.error, "This was refused.");
  const byCode = flow.id === "mfa_reauthenticate";
  inDialog({
    title: "Is it you?",
    words: ["To change how you sign in, say once more who you are."],
    fields: [
      byCode ? { name: "code", label: "Code from your authenticator app", required: true, more: { autocomplete: "one-time-code" } } : { name: "password", label: "Password", type: "password", required: true, more: { autocomplete: "current-password" } }
    ],
    submit: "Continue",
    send: async (values) => {
      const { error, response } = byCode ? await api.POST("/_allauth/{client}/v1/auth/2fa/reauthenticate", { params: APP2, body: { code: values.text("code") } }) : await api.POST("/_allauth/{client}/v1/auth/reauthenticate", { params: APP2, body: { password: values.text("password") } });
      if (!response.ok) throw refused(error, "That was not accepted.");
      const still = await act();
      if (still !== null) throw refused(still.error, "This was refused.");
      return again(done);
    }
  });
}

// src/staff/passkeys.ts
var APP3 = { path: { client: "app" } };
var PASSKEYS = "/_allauth/{client}/v1/account/authenticators/webauthn";
var passkeysWork = () => typeof PublicKeyCredential !== "undefined" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
async function signed(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return asJSON(navigator.credentials.get({ publicKey }), "No passkey was used.");
}
async function made(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return asJSON(navigator.credentials.create({ publicKey }), "No passkey was made.");
}
async function asJSON(asked2, otherwise) {
  const given2 = await asked2.catch((why) => {
    const there = why instanceof DOMException && why.name === "InvalidStateError";
    throw new Refused(there ? "This device has a passkey of yours already." : otherwise);
  });
  return given2.toJSON();
}
function passkeysBox(passkeys, onCodes) {
  const rows = table(
    "Those you have",
    [
      { name: "Name", cell: ({ name }) => name },
      { name: "Added", cell: ({ created_at }) => on(created_at) },
      { name: "Last used", cell: ({ last_used_at }) => last_used_at === null ? "never" : on(last_used_at) },
      { name: "", cell: removal }
    ],
    passkeys,
    "You have none. One signs you in with the PIN, the finger or the face that opens your device, without a password."
  );
  return h("section", { "aria-labelledby": "passkeys" }, h("h2", { id: "passkeys" }, "Passkeys"), rows, passkeysWork() ? addition(onCodes) : null);
}
var on = (seconds) => day(new Date(seconds * 1e3).toISOString());
function removal({ id, name }) {
  const remove = () => proven(async () => {
    const { error, response } = await api.DELETE(PASSKEYS, { params: APP3, body: { authenticators: [id] } });
    return response.ok ? null : { error, response };
  }, `The passkey ${name} is removed.`);
  return action("Remove", remove, { kind: "danger", confirm: `The passkey ${name} will open nothing here any more.` });
}
function addition(onCodes) {
  return form({
    fields: [{ name: "name", label: "Name of the new passkey", hint: "Such as the device that keeps it.", required: true, more: { maxlength: "100" } }],
    submit: "Add a passkey",
    send: (values) => proven(async () => {
      const asked2 = await api.GET(PASSKEYS, { params: { ...APP3, query: { passwordless: true } } });
      if (!asked2.data) return { error: asked2.error, response: asked2.response };
      const credential = await made(asked2.data.data.creation_options.publicKey);
      const { data, error, response } = await api.POST(PASSKEYS, { params: APP3, body: { name: values.text("name"), credential } });
      if (!data) return { error, response };
      if (data.meta.recovery_codes_generated) await onCodes();
      return null;
    }, "The passkey is added.")
  });
}

// src/staff/account.ts
var APP4 = { path: { client: "app" } };
var TOTP = "/_allauth/{client}/v1/account/authenticators/totp";
var ALL = "/_allauth/{client}/v1/account/authenticators";
var CODES = "/_allauth/{client}/v1/account/authenticators/recovery-codes";
var fresh = [];
async function accountPage() {
  const who = await me();
  const { data, error, response } = await api.GET(TOTP, { params: APP4 });
  const made2 = fresh;
  fresh = [];
  const secret = error?.meta;
  const { data: all } = await api.GET(ALL, { params: APP4 });
  if (!data && !secret || !all) throw refused(error, `The second factor can't be looked at just now (${response.status}).`);
  const passkeys = all.data.filter((each) => each.type === "webauthn");
  const factors = [data && "Authenticator app", passkeys.length > 0 && "Passkeys"].filter(Boolean).join(", ");
  return {
    title: "Your sign-in",
    body: [
      facts(["Agency", who.agency_name], ["You may", who.scopes.join(", ")], ["Second factor", factors || "None yet"]),
      made2.length > 0 && codesBox(made2),
      factors && h("p", { class: "actions" }, renewal(), data && removal2()),
      passkeysBox(passkeys, async () => {
        fresh = await unused();
      }),
      secret && setUp2(secret)
    ]
  };
}
function setUp2({ secret, totp_url }) {
  const grouped = secret.replace(/(.{4})/g, "$1 ").trim();
  const confirm = form({
    fields: [
      {
        name: "code",
        label: "Code",
        hint: "The six digits that the app shows now.",
        required: true,
        more: { inputmode: "numeric", autocomplete: "one-time-code" }
      }
    ],
    submit: "Turn on the second factor",
    send: (values) => proven(async () => {
      const { data, error, response } = await api.POST(TOTP, { params: APP4, body: { code: values.text("code").replace(/\s/g, "") } });
      if (!data) return { error, response };
      fresh = await unused();
      return null;
    }, "The second factor is on.")
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
    confirm
  );
}
function renewal() {
  const renew = () => proven(async () => {
    const { error, response } = await api.POST(CODES, { params: APP4 });
    if (!response.ok) return { error, response };
    fresh = await unused();
    return null;
  }, "There are new recovery codes. The old ones are void.");
  return action("New recovery codes", renew, { kind: "quiet" });
}
function removal2() {
  const remove = () => proven(async () => {
    const { error, response } = await api.DELETE(TOTP, { params: APP4 });
    if (!response.ok) return { error, response };
    return null;
  }, "The authenticator app is off.");
  return action("Turn off the authenticator app", remove, { kind: "danger", confirm: "Without a passkey, whoever knows the password can then sign in." });
}
async function unused() {
  const { data } = await api.GET(CODES, { params: APP4 });
  return data?.data.unused_codes ?? [];
}
function codesBox(codes) {
  const list = h("ul", { class: "codes" }, ...codes.map((code) => h("li", {}, h("code", {}, code))));
  return onceOnly("Your recovery codes", h("p", {}, "Keep them apart from your devices. Each is good once. They are not shown again."), list);
}

// src/staff/moods.ts
var of = (mood, codes) => Object.fromEntries(codes.split(" ").map((code) => [code, mood]));
var MOODS = {
  ...of("good", "active connected ready accepted succeeded done delivered created updated made available"),
  ...of("care", "uncertain unknown waiting_for_connection waiting_for_approval needs_mapping paused checking not_connected high"),
  ...of("bad", "not_authorised reconnect_required rejected refused stopped failed denied late critical unavailable api_refused")
};
var state = (code) => badge(words(code), MOODS[code ?? ""] ?? "plain");
var CONNECTION_STATES = [
  "not_connected",
  "connecting",
  "active",
  "refreshing",
  "uncertain",
  "not_authorised",
  "reconnect_required",
  "disconnected"
];
var SUBMISSION_STATES = [
  "queued",
  "sending",
  "unknown",
  "waiting_for_connection",
  "waiting_for_approval",
  "accepted",
  "rejected",
  "superseded",
  "cancelled",
  "stopped"
];
var WAITING_ON = ["agency", "landlord", "quarterday", "hmrc", "nobody"];
var RISKS = ["late", "critical", "high", "low", "none"];
var DELIVERY_STATES = ["pending", "delivered", "failed", "cancelled"];
var REASONS = [
  "denied",
  "expired",
  "code_refused",
  "lost",
  "refused",
  "revoked",
  "grant_ended",
  "nino_mismatch",
  "not_enrolled",
  "nino_unconfirmed",
  "nino_refused",
  "scope",
  "application_fault",
  "superseded",
  "disconnected"
];
var choices = (codes, all = "All") => [
  ["", all],
  ...codes.map((code) => [code, words(code)])
];
var oneOf = (codes, asked2) => codes.find((code) => code === asked2);

// src/staff/batches.ts
var UNDER_WAY = ["accepting", "sending"];
var ROW_STATES = ["refused", "paused", ...SUBMISSION_STATES];
var at = (id) => ({ path: { batch_id: id } });
var countsOf = ({ counts }) => Object.entries(counts).map(([name, many]) => `${number(many)} ${words(name).toLowerCase()}`).join(", ") || "–";
async function batchesPage({ query, signal }) {
  const page = await got(
    api.GET("/api/v1/submission-batches", { params: { query: { cursor: query.get("cursor") ?? void 0 } }, signal })
  );
  return {
    title: "Batches",
    body: [
      may("submissions:write") && h("p", { class: "actions" }, h("a", { href: "/batches/new", class: "button" }, "Send a file")),
      listing(page, {
        caption: "Batches",
        query,
        empty: "No file of figures was sent yet.",
        columns: [
          { name: "Begun", cell: (each) => h("a", { href: `/batches/${each.id}` }, moment(each.created_at)) },
          { name: "State", cell: (each) => state(each.status) },
          { name: "Rows", kind: "number", cell: (each) => number(each.rows) },
          { name: "Done", kind: "number", cell: (each) => percent(each.progress) },
          { name: "Outcome", cell: (each) => countsOf(each) }
        ]
      })
    ]
  };
}
async function newBatchPage({ signal }) {
  const { results } = await got(api.GET("/api/v1/wordings", { signal }));
  const update = results.find(({ subject }) => subject === "update");
  const key = keys();
  const send = form({
    fields: [
      {
        name: "file",
        label: "CSV file",
        type: "file",
        hint: "A row for each landlord, with the columns reference (or landlord_id), business_id, income.periodAmount, expenses.consolidatedExpenses and so on, by HMRC's names.",
        more: { accept: ".csv,text/csv" }
      },
      {
        legend: "For rows that do not say it themselves",
        fields: [
          { name: "tax_year", label: "Tax year", hint: "Such as 2026-27." },
          { name: "period_start", label: "From", type: "date" },
          { name: "period_end", label: "Up to", type: "date" }
        ]
      },
      {
        legend: "Declaration",
        fields: [
          { name: "name", label: "Your name", required: true, pointers: ["/declaration/name"], more: { autocomplete: "name" } },
          {
            name: "accepted",
            label: update?.text ?? "The figures are correct and complete.",
            type: "checkbox",
            required: true,
            pointers: ["/declaration"]
          }
        ]
      }
    ],
    submit: "Send to HMRC",
    send: async (values) => {
      const file = values.file("file");
      const filled = ["tax_year", "period_start", "period_end"].flatMap((name) => values.text(name) ? [[name, values.text(name)]] : []);
      const query = {
        ...Object.fromEntries(filled),
        "declaration.accepted": "true",
        "declaration.covers_whole_business": "true",
        "declaration.name": values.text("name"),
        "declaration.text_version": update?.version,
        fraud_context_id: await fraudContext()
      };
      const header = key([file.name, file.size, file.lastModified, query]);
      const body = await file.text();
      const begun = await got(
        api.POST("/api/v1/submission-batches", {
          params: { header, query },
          body,
          bodySerializer: String,
          headers: { "Content-Type": "text/csv" }
        })
      );
      return to(`/batches/${begun.id}`, "The file was taken.");
    }
  });
  return { title: "Send a file of figures", body: [send] };
}
async function batchPage({ params, query, signal }) {
  const id = params.id ?? "";
  const status = oneOf(ROW_STATES, query.get("status"));
  const [{ data: first, response }, rows] = await Promise.all([
    api.GET("/api/v1/submission-batches/{batch_id}", { params: at(id), signal }),
    got(
      api.GET("/api/v1/submission-batches/{batch_id}/rows", {
        params: { ...at(id), query: { status, cursor: query.get("cursor") ?? void 0 } },
        signal
      })
    )
  ]);
  if (!first) throw new Error("no batch");
  const name = await names(rows.results.map((each) => each.landlord_id));
  const progress = h("div", {});
  fill(progress, ...shown2(first));
  if (UNDER_WAY.includes(first.status))
    meanwhile(
      signal,
      () => followed(id, first.operation, progress, signal),
      (error) => fill(progress, problemBox(error))
    );
  return {
    title: "Batch of figures",
    body: [
      progress,
      may("submissions:write") && steering(first, ifMatch(response)),
      h("h2", {}, "Row by row"),
      filters(
        [{ name: "status", label: "Status", type: "select", options: choices(ROW_STATES) }],
        query,
        (asked2) => go(`/batches/${id}?${asked2}`)
      ),
      listing(rows, {
        caption: "Rows",
        query,
        columns: [
          { name: "Row", cell: (each) => each.row },
          {
            name: "Status",
            cell: (each) => each.submission_id ? h("a", { href: `/submissions/${each.submission_id}` }, state(each.status)) : state(each.status)
          },
          {
            name: "Landlord",
            cell: (each) => each.landlord_id && h("a", { href: `/landlords/${each.landlord_id}` }, name(each.landlord_id))
          },
          { name: "Reason", cell: (each) => each.reason_code && words(each.reason_code) },
          {
            name: "At fault",
            cell: (each) => each.errors.length > 0 && h(
              "ul",
              {},
              ...each.errors.map(({ column, pointer, detail }) => {
                const where = column ?? (pointer && words(pointer.split("/").pop()));
                return h("li", {}, where && h("strong", {}, where, ": "), detail);
              })
            )
          }
        ]
      }),
      h("p", {}, h("a", { href: "/batches" }, "All batches"))
    ]
  };
}
function shown2(now) {
  const left = wait(now.estimated_done_at);
  return [
    facts(
      ["State", state(now.status)],
      ["Paused because", now.pause_reason],
      ["Rows", `${number(now.taken)} of ${number(now.rows)} looked at, ${number(now.refused)} refused`],
      ["Outcome", countsOf(now)],
      ["On their way to HMRC", number(now.under_way)],
      [
        "Progress",
        h(
          "span",
          {},
          h("progress", { max: 1, value: now.progress, "aria-label": "Rows done" }),
          ` ${percent(now.progress)}${left && `, ${left} to go`}`
        )
      ]
    )
  ];
}
async function followed(id, operation, place2, signal) {
  let said = 0;
  const look = async () => {
    const now = await got(api.GET("/api/v1/submission-batches/{batch_id}", { params: at(id), signal }));
    fill(place2, ...shown2(now));
    if (now.progress >= said + 0.25) say(`${percent(said = now.progress)} of the rows are done.`);
    return now;
  };
  for await (const _ of watch(operation, signal)) await look();
  for (let now = await look(); ; now = await look()) {
    if (now.status === "done") return refresh("Nothing more is to come of this batch.");
    if (!UNDER_WAY.includes(now.status)) return refresh(`The batch is ${words(now.status).toLowerCase()}.`);
    await new Promise((done) => setTimeout(done, 2e3));
  }
}
function steering(now, match2) {
  const resume = async () => {
    await got(api.POST("/api/v1/submission-batches/{batch_id}/resume", { params: at(now.id) }));
    return again("It goes on.");
  };
  const cancel = async () => {
    await got(api.DELETE("/api/v1/submission-batches/{batch_id}", { params: at(now.id), headers: match2 }));
    return again("Cancelled. What is on its way to HMRC can't be called back.");
  };
  const pause2 = () => inDialog({
    title: "Pause the batch",
    words: ["Nothing more goes to HMRC until it is resumed."],
    fields: [{ name: "reason", label: "Why", required: true }],
    submit: "Pause",
    send: async (values) => {
      await got(api.POST("/api/v1/submission-batches/{batch_id}/pause", { params: at(now.id), body: { reason: values.text("reason") } }));
      return again("Paused.");
    }
  });
  if (["done", "cancelled"].includes(now.status)) return null;
  return h(
    "p",
    { class: "actions" },
    now.status === "paused" ? action("Resume", resume) : h("button", { type: "button", class: "quiet", onclick: pause2 }, "Pause"),
    action("Cancel the batch", cancel, { kind: "danger", confirm: "Rows that were not sent yet are cancelled." })
  );
}

// src/staff/campaigns.ts
var STAGES = ["imported", "invited", "opened", "began", "at_hmrc", "connected", "ready"];
async function campaignsPage({ query, signal }) {
  const [all, campaigns, landlords] = await Promise.all([
    got(api.GET("/api/v1/funnel", { signal })),
    got(api.GET("/api/v1/campaigns", { signal })),
    chosen(query) ? got(api.GET("/api/v1/funnel/landlords", { params: { query: asked(query) }, signal })) : null
  ]);
  return {
    title: "Campaigns",
    body: [
      may("connections:write") && h("p", { class: "actions" }, h("a", { href: "/campaigns/new", class: "button" }, "Start a campaign")),
      h("h2", {}, "All landlords"),
      ...funnel(all.steps, "/campaigns", query),
      landlords && standing(landlords, query),
      h("h2", {}, "Campaigns"),
      table(
        "Campaigns, newest first",
        [
          { name: "Name", cell: (each) => h("a", { href: `/campaigns/${each.id}` }, each.name) },
          { name: "Asks to", cell: (each) => words(each.kind) },
          { name: "Begun", cell: (each) => day(each.created_at) }
        ],
        campaigns.results,
        "No campaign was started yet."
      )
    ]
  };
}
async function campaignPage({ params, query, signal }) {
  const path = { campaign_id: params.id ?? "" };
  const [campaign, landlords] = await Promise.all([
    got(api.GET("/api/v1/campaigns/{campaign_id}", { params: { path }, signal })),
    chosen(query) ? got(api.GET("/api/v1/campaigns/{campaign_id}/landlords", { params: { path, query: asked(query) }, signal })) : null
  ]);
  const batches = campaign.batches.map((id, at5) => h("a", { href: `/invitations/${id}` }, `Invitations ${at5 + 1}`));
  return {
    title: campaign.name,
    body: [
      facts(
        ["Asks to", words(campaign.kind)],
        ["Begun", day(campaign.created_at)],
        ["Sent", batches.length > 0 && h("span", {}, ...batches)]
      ),
      ...funnel(campaign.steps, `/campaigns/${campaign.id}`, query),
      landlords && standing(landlords, query)
    ]
  };
}
var chosen = (query) => query.has("stage") || query.has("place");
var asked = (query) => ({
  stage: oneOf(STAGES, query.get("stage")),
  place: query.get("place") ?? void 0,
  cursor: query.get("cursor") ?? void 0
});
function funnel(steps, path, query) {
  const link2 = (kind, code, words2) => h("a", { href: `${path}?${kind}=${code}`, "aria-current": query.get(kind) === code ? "true" : null }, words2);
  const places2 = steps.flatMap((step) => step.places.map((place2) => ({ ...place2, stage: step.stage })));
  return [
    picture(steps),
    table(
      "How far they have come",
      [
        { name: "Step", cell: (each) => words(each.stage) },
        { name: "Came so far", kind: "number", cell: (each) => number(each.reached) },
        { name: "Stand here", kind: "number", cell: (each) => each.here ? link2("stage", each.stage, number(each.here)) : "0" }
      ],
      steps
    ),
    table(
      "What stands in the way",
      [
        { name: "Where", cell: (each) => link2("place", each.code, words(each.code)) },
        { name: "Landlords", kind: "number", cell: (each) => number(each.count) },
        { name: "Waiting on", cell: (each) => words(each.waiting_on) },
        { name: "What to do", cell: (each) => each.action }
      ],
      places2.filter(({ code }) => code !== "ready"),
      "Nothing: everybody is ready."
    )
  ];
}
var BAR = 240;
function picture(steps) {
  const most = Math.max(1, ...steps.map(({ reached }) => reached));
  const rows = steps.map(({ stage, reached, here: here2 }, at5) => {
    const y = at5 * 34;
    const width = reached / most * BAR;
    return svg(
      "g",
      {},
      svg("text", { x: 110, y: y + 19, "text-anchor": "end", class: "label" }, words(stage)),
      svg("rect", { x: 120, y, width: Math.max(width, 1), height: 28, class: "bar" }),
      svg("rect", { x: 120 + width - here2 / most * BAR, y, width: here2 / most * BAR, height: 28, class: "bar-here" }),
      svg("text", { x: 130 + width, y: y + 19, class: "label" }, number(reached))
    );
  });
  const words_ = steps.map(({ stage, reached }) => `${words(stage)} ${reached}`).join(", ");
  return h(
    "figure",
    {},
    svg(
      "svg",
      {
        viewBox: `0 0 ${BAR + 180} ${steps.length * 34}`,
        role: "img",
        "aria-label": `Landlords who have come so far: ${words_}`,
        class: "picture"
      },
      ...rows
    ),
    h("figcaption", {}, "Dark: those who stand at this step. The table below says the same.")
  );
}
function standing(page, query) {
  const where = words(query.get("place") ?? query.get("stage"));
  return h(
    "section",
    {},
    h("h2", {}, `Landlords: ${where}`),
    listing(page, {
      caption: `Landlords: ${where}`,
      query,
      empty: "Nobody stands there.",
      columns: [
        { name: "Name", cell: (each) => h("a", { href: `/landlords/${each.id}` }, each.full_name) },
        { name: "Reference", cell: (each) => each.reference },
        { name: "Where", cell: (each) => words(each.place) },
        { name: "Connection", cell: (each) => state(each.connection_state) },
        { name: "Waiting on", cell: (each) => words(each.waiting_on) },
        { name: "What to do", cell: (each) => each.action }
      ]
    })
  );
}
function newCampaignPage() {
  const key = keys();
  const begin2 = form({
    fields: [
      { name: "name", label: "Name", required: true },
      {
        name: "kind",
        label: "Landlords are asked to",
        type: "select",
        options: [
          ["connect", "Connect for the first time"],
          ["reconnect", "Connect again, before or after their 18 months end"]
        ]
      },
      { name: "tag", label: "Only those with this tag", hint: "Everybody who is to do so, if you name none." },
      {
        name: "deliver",
        label: "Invitations",
        type: "select",
        options: [
          ["mail", "Send them by mail"],
          ["link", "Make links, which I send myself"],
          ["", "None for now"]
        ]
      }
    ],
    submit: "Start the campaign",
    send: async (values) => {
      const tag = values.text("tag");
      const deliver = oneOf(["mail", "link"], values.text("deliver"));
      const body = {
        name: values.text("name"),
        kind: oneOf(["connect", "reconnect"], values.text("kind")) ?? "connect",
        within_days: 90,
        deliver,
        ...tag ? { tag } : {}
      };
      const made2 = await got(api.POST("/api/v1/campaigns", { params: { header: key(body) }, body }));
      return to(`/campaigns/${made2.id}`, `The campaign has begun, with ${count(made2.steps[0]?.reached ?? 0, "landlord")}.`);
    }
  });
  return { title: "Start a campaign", body: [begin2] };
}

// src/staff/connections.ts
async function connectionsPage({ query, signal }) {
  const before = query.get("before");
  const page = await got(
    api.GET("/api/v1/connections", {
      params: {
        query: {
          state: oneOf(CONNECTION_STATES, query.get("state")),
          reason_code: query.get("reason_code") ?? void 0,
          grant_expires_before: before ? `${before}T00:00:00Z` : void 0,
          cursor: query.get("cursor") ?? void 0
        }
      },
      signal
    })
  );
  const name = await names(page.results.map((each) => each.landlord_id));
  return {
    title: "Connections",
    body: [
      filters(
        [
          { name: "state", label: "State", type: "select", options: choices(CONNECTION_STATES) },
          { name: "reason_code", label: "Reason", type: "select", options: choices(REASONS) },
          { name: "before", label: "Ends before", type: "date" }
        ],
        query,
        (asked2) => go(`/connections?${asked2}`)
      ),
      listing(page, {
        caption: "Connections",
        query,
        empty: "No connection is like that. Who was never asked to connect has none: see Campaigns.",
        columns: [
          { name: "Landlord", cell: (each) => h("a", { href: `/landlords/${each.landlord_id}` }, name(each.landlord_id)) },
          { name: "State", cell: (each) => state(each.state) },
          {
            name: "Reason",
            cell: (each) => [
              each.reason_code && words(each.reason_code),
              each.possible_causes.length > 0 && `(${each.possible_causes.map(words).join(" or ")})`
            ].filter(Boolean).join(" ")
          },
          { name: "What to do", cell: (each) => each.user_action },
          { name: "Ends", cell: (each) => day(each.grant_expires_at) },
          {
            name: "Link for the landlord",
            cell: (each) => each.connect_url?.startsWith("http") && h("a", { href: each.connect_url, target: "_blank", rel: "noopener noreferrer" }, "Connect page")
          }
        ]
      })
    ]
  };
}

// src/staff/queue.ts
function queuePanel(queue) {
  const lanes = (counts) => Object.entries(counts).filter(([, many]) => many).map(([lane, many]) => `${words(lane)} ${number(many)}`).join(", ") || "Nothing";
  const paused = [
    queue.paused_until && `HMRC has asked us to wait until ${moment(queue.paused_until)}.`,
    ...queue.paused.map(({ scope, name, reason }) => `${words(scope)} ${name}: ${reason}`)
  ].filter(Boolean);
  return h(
    "section",
    { class: "panel", "aria-labelledby": "queue" },
    h("h2", { id: "queue" }, "The way to HMRC"),
    facts(
      ["HMRC", h("span", {}, state(queue.hmrc.status), " ", h("a", { href: queue.hmrc.availability_page }, "What HMRC says of itself"))],
      [
        "Budget",
        `${queue.requests_per_second} requests a second${queue.budget_used === null ? "" : `, ${percent(queue.budget_used)} used`}`
      ],
      ["Waiting, of yours", lanes(queue.own_lanes)],
      ["Waiting, of all", lanes(queue.lanes)],
      ["Until all is gone", queue.estimated_wait_s > 0 ? `about ${number(Math.ceil(queue.estimated_wait_s))} s` : "Nothing waits"],
      ["Standing still", paused.length > 0 && h("ul", {}, ...paused.map((each) => h("li", {}, each)))],
      ["Refused to Quarterday", queue.hmrc.refused_apis.join(", ")]
    )
  );
}

// src/staff/deadlines.ts
async function deadlinesPage({ query, signal }) {
  const [summary, page, queue] = await Promise.all([
    got(api.GET("/api/v1/deadlines/summary", { signal })),
    got(
      api.GET("/api/v1/deadlines", {
        params: {
          query: {
            risk: oneOf(RISKS, query.get("risk")),
            waiting_on: oneOf(WAITING_ON, query.get("waiting_on")),
            due_before: query.get("due_before") ?? void 0,
            landlord_id: query.get("landlord_id") ?? void 0,
            cursor: query.get("cursor") ?? void 0
          }
        },
        signal
      })
    ),
    got(api.GET("/api/v1/queue", { signal }))
  ]);
  const due = byDate(summary.results);
  return {
    title: "Deadlines",
    body: [
      due.length > 0 ? h("section", { "aria-label": "Summary" }, picture2(due), summaryTable(due)) : h("p", {}, "Nothing is due that HMRC has told of yet."),
      queuePanel(queue),
      h("h2", {}, "Landlord by landlord"),
      filters(
        [
          { name: "risk", label: "Risk", type: "select", options: choices(RISKS) },
          { name: "waiting_on", label: "Waiting on", type: "select", options: choices(WAITING_ON) },
          { name: "due_before", label: "Due before", type: "date" }
        ],
        query,
        (asked2) => go(`/deadlines?${asked2}`)
      ),
      listing(page, { caption: "Deadlines", query, columns: COLUMNS, empty: "No deadline is like that." })
    ]
  };
}
var COLUMNS = [
  {
    name: "Landlord",
    cell: ({ landlord }) => h("a", { href: `/landlords/${landlord.id}` }, `${landlord.full_name} (${landlord.reference})`)
  },
  { name: "Due", cell: (each) => day(each.due_date) },
  {
    name: "For",
    cell: (each) => each.final_declaration_of ? `final declaration ${each.final_declaration_of}` : `${day(each.period_start)} to ${day(each.period_end)}`
  },
  { name: "Risk", cell: (each) => state(each.risk) },
  { name: "Waiting on", cell: (each) => words(each.waiting_on) },
  {
    name: "What to do",
    cell: (each) => [each.action, each.reason_code && `(${words(each.reason_code)})`].filter(Boolean).join(" ")
  },
  { name: "Goes", cell: goes }
];
function goes(each) {
  if (each.submission_id === null) return h("a", { href: `/submissions/new?landlord=${each.landlord.id}` }, "Send figures");
  const link2 = h("a", { href: `/submissions/${each.submission_id}` }, words(each.submission_status));
  if (each.fits === null) return link2;
  return h("span", {}, link2, ` ${each.fits ? "in time" : "not in time"}, ${moment(each.estimated_start_at)}`);
}
function byDate(days) {
  const found = /* @__PURE__ */ new Map();
  for (const { due_date, waiting_on, count: many, risks } of days) {
    const due = found.get(due_date) ?? { date: due_date, risks: {}, waiting: {} };
    found.set(due_date, due);
    due.waiting[waiting_on] = (due.waiting[waiting_on] ?? 0) + many;
    for (const [risk, some] of Object.entries(risks)) due.risks[risk] = (due.risks[risk] ?? 0) + some;
  }
  return [...found.values()];
}
var CELL = { width: 92, height: 44, left: 84, top: 28 };
function picture2(all) {
  const due = all.slice(0, 10);
  const most = Math.max(...due.flatMap(({ risks }) => Object.values(risks)));
  const column = ({ date, risks }, at5) => {
    const x = CELL.left + at5 * CELL.width;
    const heading = svg("text", { x: x + CELL.width / 2, y: 18, "text-anchor": "middle", class: "label" }, day(date));
    return [heading, ...RISKS.map((risk, row) => heat(risk, risks[risk] ?? 0, most, x, CELL.top + row * CELL.height))];
  };
  const names2 = RISKS.map(
    (risk, row) => svg("text", { x: CELL.left - 10, y: CELL.top + row * CELL.height + 27, "text-anchor": "end", class: "label" }, words(risk))
  );
  const size = { width: CELL.left + due.length * CELL.width, height: CELL.top + RISKS.length * CELL.height };
  const said = due.map(
    ({ date, risks }) => `${day(date)}: ${Object.entries(risks).map(([risk, many]) => `${many} ${risk}`).join(", ")}`
  );
  return h(
    "figure",
    { tabindex: "0", role: "group", "aria-label": "Deadlines by due date and risk" },
    svg(
      "svg",
      { viewBox: `0 0 ${size.width} ${size.height}`, ...size, role: "img", "aria-label": said.join("; "), class: "heat" },
      ...names2,
      ...due.flatMap(column)
    ),
    h(
      "figcaption",
      {},
      `Deadlines by due date and risk${all.length > due.length ? `; the first ${due.length} dates` : ""}. The table says the same.`
    )
  );
}
function heat(risk, many, most, x, y) {
  const side = { width: CELL.width - 4, height: CELL.height - 4 };
  const filled = many ? Math.max(6, many / most * side.width) : 0;
  return svg(
    "g",
    {},
    svg("rect", { x: x + 2, y: y + 2, ...side, class: "cell" }),
    svg("rect", { x: x + 2, y: y + 2 + side.height - 8, width: filled, height: 8, class: `risk-${risk}` }),
    many > 0 && svg("text", { x: x + CELL.width / 2, y: y + 23, "text-anchor": "middle", class: "label" }, number(many))
  );
}
function summaryTable(due) {
  const risk = (name) => ({
    name: name === "none" ? "Done" : words(name),
    kind: "number",
    cell: ({ date, risks }) => {
      const many = risks[name] ?? 0;
      return many ? h("a", { href: `/deadlines?risk=${name}&due_before=${after(date)}` }, number(many)) : null;
    }
  });
  return table(
    "How many are due when, at which risk, and whom they wait for",
    [
      { name: "Due", cell: ({ date }) => day(date) },
      ...RISKS.map(risk),
      {
        name: "Waiting on",
        cell: ({ waiting }) => WAITING_ON.filter((who) => waiting[who] && who !== "nobody").map((who) => `${words(who)} ${number(waiting[who] ?? 0)}`).join(", ")
      }
    ],
    due
  );
}
function after(date) {
  const next2 = /* @__PURE__ */ new Date(`${date}T00:00:00Z`);
  next2.setUTCDate(next2.getUTCDate() + 1);
  return next2.toISOString().slice(0, 10);
}

// src/staff/imports.ts
var OUTCOMES = ["created", "updated", "unchanged", "rejected"];
var FIELDS = ["reference", "full_name", "first_name", "last_name", "email", "nino", "tags"];
var at2 = (id) => ({ path: { import_id: id } });
async function importsPage({ query, signal }) {
  const cursor = query.get("cursor") ?? void 0;
  const [page, config] = await Promise.all([
    got(api.GET("/api/v1/landlord-imports", { params: { query: { cursor } }, signal })),
    got(api.GET("/api/v1/config", { signal }))
  ]);
  const { rows, bytes } = config.limits.landlord_import;
  const key = keys();
  const choose = form({
    fields: [
      {
        name: "file",
        label: "CSV or Excel file",
        type: "file",
        hint: `With a header line; up to ${number(rows)} rows and ${Math.floor(bytes / 1e6)} MB. First you see what would become of each row; nothing is stored yet.`,
        more: { accept: ".csv,.tsv,.txt,.xlsx" }
      }
    ],
    submit: "Look at the file",
    send: async (values) => {
      const file = values.file("file");
      const sent = new FormData();
      sent.set("dry_run", "true");
      sent.set("file", file);
      const header = key([file.name, file.size, file.lastModified]);
      const begun = await got(
        api.POST("/api/v1/landlord-imports", {
          params: { header },
          body: { file: "", sheet: "", dry_run: true },
          bodySerializer: () => sent
        })
      );
      go(`/imports/${begun.id}`);
    }
  });
  return {
    title: "Import landlords",
    body: [
      may("landlords:write") && choose,
      h("h2", {}, "Earlier imports"),
      listing(page, {
        caption: "Imports",
        query,
        columns: [
          { name: "Begun", cell: (each) => h("a", { href: `/imports/${each.id}` }, moment(each.created_at)) },
          { name: "Kind", cell: (each) => each.dry_run ? "Dry run" : "Taken in" },
          { name: "State", cell: (each) => state(each.status) },
          { name: "Rows", kind: "number", cell: (each) => number(each.rows) },
          { name: "Outcome", cell: (each) => countsOf2(each) }
        ]
      })
    ]
  };
}
var countsOf2 = ({ counts }) => OUTCOMES.filter((name) => counts[name]).map((name) => `${number(counts[name] ?? 0)} ${name}`).join(", ") || "–";
async function importPage({ params, query, signal }) {
  const id = params.id ?? "";
  const { data: first, response } = await api.GET("/api/v1/landlord-imports/{import_id}", { params: at2(id), signal });
  if (!first) throw new Error("no import");
  const status = oneOf(OUTCOMES, query.get("status"));
  const progress = h("div", {});
  fill(progress, ...shown3(first));
  if (first.status === "running")
    meanwhile(
      signal,
      () => followed2(id, progress, signal),
      (error) => fill(progress, problemBox(error))
    );
  const page = first.status === "done" ? await rowsOf(id, query, signal) : null;
  const match2 = ifMatch(response);
  return {
    title: first.dry_run ? "What the import would do" : "Import",
    body: [
      progress,
      may("landlords:write") && first.rows_kept_until && first.status !== "running" && next(first, match2),
      page && h("h2", {}, "Row by row"),
      page && filterLinks(id, first, status),
      page && listing(page, { caption: "Rows", query, columns: ROWS, empty: "No row came out like that." }),
      page && h(
        "p",
        { class: "actions" },
        action("Download the result", () => download(id, status), { kind: "quiet" })
      ),
      h("p", {}, h("a", { href: "/imports" }, "All imports"))
    ]
  };
}
function shown3(now) {
  const left = wait(now.estimated_done_at);
  const bar = h("progress", { max: 1, value: now.progress, "aria-label": "Rows looked at" });
  const reasons = Object.entries(now.reasons).map(([code, many]) => ({ code, many }));
  return [
    facts(
      ["State", state(now.status)],
      [
        "Read as",
        Object.entries(now.reading).map(([name, value]) => `${words(name)}: ${value}`).join(", ")
      ],
      ["Rows", `${number(now.taken)} of ${number(now.rows)} looked at`],
      ["Progress", now.status === "running" && h("span", {}, bar, ` ${percent(now.progress)}${left && `, ${left} to go`}`)],
      [now.dry_run ? "Would be" : "Were", countsOf2(now)]
    ),
    reasons.length > 0 && table(
      "Why rows were rejected",
      [
        { name: "Reason", cell: (each) => words(each.code) },
        { name: "Rows", kind: "number", cell: (each) => number(each.many) }
      ],
      reasons
    )
  ];
}
async function followed2(id, place2, signal) {
  let said = 0;
  const { operation } = await got(api.GET("/api/v1/landlord-imports/{import_id}", { params: at2(id), signal }));
  for await (const { progress = 0 } of watch(operation, signal)) {
    fill(place2, ...shown3(await got(api.GET("/api/v1/landlord-imports/{import_id}", { params: at2(id), signal }))));
    if (progress >= said + 0.25) say(`${percent(said = progress)} of the rows are looked at.`);
  }
  refresh("All rows are looked at.");
}
function next(now, match2) {
  const id = now.id ?? "";
  const correct = (body, said) => async () => {
    await got(api.PATCH("/api/v1/landlord-imports/{import_id}", { params: at2(id), headers: match2, body }));
    return again(said);
  };
  const cancel = async () => {
    await got(api.DELETE("/api/v1/landlord-imports/{import_id}", { params: at2(id), headers: match2 }));
    return again("Cancelled. What was left of the file is wiped.");
  };
  const fields = now.columns.map(({ name, field: field2 }, column) => ({
    name: `column${column}`,
    label: name,
    pointers: [`/mapping/${name.replace(/~/g, "~0").replace(/\//g, "~1")}`],
    type: "select",
    options: [...choices(FIELDS, "Passed over"), ...field2 && !FIELDS.includes(field2) ? [[field2, field2]] : []],
    value: field2 ?? ""
  }));
  const map = form({
    fields: [{ legend: "What the columns mean", fields }],
    submit: "Look at all rows anew",
    send: (values) => correct({ mapping: Object.fromEntries(now.columns.map(({ name }, column) => [name, values.text(`column${column}`) || null])) }, "")()
  });
  const takes = (now.counts.created ?? 0) + (now.counts.updated ?? 0);
  return h(
    "section",
    {},
    now.dry_run && now.status === "done" && h(
      "p",
      { class: "actions" },
      action(`Take in ${count(takes, "row")}`, correct({ dry_run: false }, "The rows are being taken in.")),
      action("Throw the file away", cancel, { kind: "quiet" })
    ),
    h("details", { open: now.status === "needs_mapping" }, h("summary", {}, "Correct what the columns mean"), map)
  );
}
function filterLinks(id, now, chosen2) {
  const link2 = (status, label) => h(
    "a",
    {
      href: `/imports/${id}${status && `?status=${status}`}`,
      class: "button",
      "aria-current": status === (chosen2 ?? "") ? "true" : null
    },
    label
  );
  return h(
    "nav",
    { class: "actions", "aria-label": "Rows by outcome" },
    link2("", `All ${number(now.rows)}`),
    ...OUTCOMES.filter((name) => now.counts[name]).map((name) => link2(name, `${words(name)} ${number(now.counts[name] ?? 0)}`))
  );
}
var rowsOf = (id, query, signal) => got(
  api.GET("/api/v1/landlord-imports/{import_id}/rows", {
    params: { ...at2(id), query: { status: oneOf(OUTCOMES, query.get("status")), cursor: query.get("cursor") ?? void 0 } },
    signal
  })
);
var ROWS = [
  { name: "Row", cell: (each) => each.row },
  { name: "Outcome", cell: (each) => state(each.status) },
  {
    name: "Landlord",
    cell: (each) => each.landlord_id ? h("a", { href: `/landlords/${each.landlord_id}` }, each.reference ?? "Open") : each.reference ?? "–"
  },
  { name: "Changed", cell: (each) => each.changed.map(words).join(", ") },
  {
    name: "At fault",
    cell: (each) => each.errors.length > 0 && h(
      "ul",
      {},
      ...each.errors.map(
        ({ cell: cell2, column, detail, code }) => h("li", {}, cell2 && h("strong", {}, cell2, " "), column && `(${column}) `, detail || words(code))
      )
    )
  }
];
async function download(id, status) {
  const content = await got(
    api.GET("/api/v1/landlord-imports/{import_id}/result", { params: { ...at2(id), query: { status } }, parseAs: "blob" })
  );
  save(content, `import-${status ?? "result"}.csv`);
}

// src/staff/invitations.ts
async function bulkPage({ params, query, signal }) {
  const path = { bulk_id: params.id ?? "" };
  const [bulk, rows] = await Promise.all([
    got(api.GET("/api/v1/invitations/bulk/{bulk_id}", { params: { path }, signal })),
    got(
      api.GET("/api/v1/invitations/bulk/{bulk_id}/rows", { params: { path, query: { cursor: query.get("cursor") ?? void 0 } }, signal })
    )
  ]);
  const name = await names(rows.results.map((each) => each.landlord_id));
  const trouble = h("div", {});
  if (bulk.counts.waiting) {
    meanwhile(
      signal,
      async () => void (await settled(bulk.operation, signal), refresh("The invitations are made.")),
      (error) => fill(trouble, problemBox(error))
    );
  }
  const links = h("div", {});
  const make = async () => {
    const { results } = await got(
      api.POST("/api/v1/invitations/bulk/{bulk_id}/links", { params: { path }, body: { after: 0, limit: 100 } })
    );
    fill(links, onceOnly("Links, shown once", ...results.map((each) => h("div", {}, name(each.landlord_id), copyable(each.url)))));
  };
  return {
    title: "Invitations",
    body: [
      facts(
        ["Asked to", words(bulk.purpose)],
        ["Begun", moment(bulk.created_at)],
        ["Delivered by", words(bulk.deliver)],
        [
          "Outcome",
          Object.entries(bulk.counts).map(([status, many]) => `${number(many)} ${status}`).join(", ")
        ]
      ),
      trouble,
      bulk.deliver === "link" && h("p", { class: "actions" }, action("Make the first hundred links", make, { kind: "quiet" })),
      links,
      listing(rows, {
        caption: "Invitations",
        query,
        columns: [
          {
            name: "Landlord",
            cell: (each) => each.landlord_id ? h("a", { href: `/landlords/${each.landlord_id}` }, name(each.landlord_id)) : each.named_reference || each.named_id
          },
          { name: "Outcome", cell: (each) => state(each.status) },
          { name: "Why", cell: (each) => each.code && words(each.code) },
          { name: "Mail", cell: (each) => each.mail_status && words(each.mail_status) }
        ]
      })
    ]
  };
}

// src/staff/keys_page.ts
async function apiKeysPage({ query, signal }) {
  const page = await got(api.GET("/api/v1/api-keys", { params: { query: { cursor: query.get("cursor") ?? void 0 } }, signal }));
  return {
    title: "API keys",
    body: [
      may("agency:admin") && h("p", { class: "actions" }, h("a", { href: "/keys/new", class: "button" }, "Make a key")),
      listing(page, {
        caption: "API keys",
        query,
        empty: "There is no key yet.",
        columns: [
          { name: "Name", cell: (each) => each.name },
          { name: "Begins with", cell: (each) => h("code", {}, each.prefix) },
          { name: "May", cell: (each) => each.scopes.join(", ") },
          { name: "State", cell: (each) => stateOf(each) },
          { name: "Ends", cell: (each) => moment(each.expires_at) },
          { name: "Last used", cell: (each) => moment(each.last_used_at) },
          {
            name: "Revoke",
            cell: (each) => may("agency:admin") && !each.revoked_at && action("Revoke", () => revoke(each), { kind: "danger", confirm: `Whatever uses “${each.name}” is refused from now on.` })
          }
        ]
      })
    ]
  };
}
function stateOf({ revoked_at, expires_at }) {
  const over2 = expires_at && Date.parse(expires_at) <= Date.now();
  return state(revoked_at ? "revoked" : over2 ? "expired" : "active");
}
async function revoke({ id }) {
  await got(api.DELETE("/api/v1/api-keys/{key_id}", { params: { path: { key_id: id ?? "" } } }));
  return again("The key is revoked.");
}
async function newApiKeyPage() {
  const { scopes } = await me();
  const key = keys();
  const place2 = h("div", {});
  const make = form({
    fields: [
      { name: "name", label: "Name", hint: "What will use it.", required: true },
      {
        name: "scopes",
        label: "What it may do",
        type: "checkboxes",
        options: scopes.filter((scope) => scope !== "agency:owners").map((scope) => [scope, scope]),
        required: true
      },
      { name: "expires_at", label: "Ends on", type: "date", hint: "Never, if you name no day." }
    ],
    submit: "Make the key",
    send: async (values) => {
      const ends = values.text("expires_at");
      const body = {
        name: values.text("name"),
        scopes: values.list("scopes"),
        expires_at: ends ? `${ends}T00:00:00Z` : null
      };
      const made2 = await got(api.POST("/api/v1/api-keys", { params: { header: key(body) }, body }));
      fill(
        place2,
        onceOnly("The key, shown once", h("p", {}, "Keep it where secrets are kept. It can't be shown again."), copyable(made2.key)),
        h("p", {}, h("a", { href: "/keys" }, "All keys"))
      );
    }
  });
  fill(place2, make);
  return { title: "Make a key", body: [place2] };
}

// src/staff/landlords.ts
var HANDLING = ["us", "own_software", "accountant", "not_required", "exempt", "unknown"];
async function landlordsPage({ query, signal }) {
  const page = await got(
    api.GET("/api/v1/landlords", {
      params: {
        query: {
          search: query.get("search") ?? void 0,
          tag: query.get("tag") ?? void 0,
          connection_state: oneOf(CONNECTION_STATES, query.get("connection_state")),
          cursor: query.get("cursor") ?? void 0
        }
      },
      signal
    })
  );
  const chosen2 = /* @__PURE__ */ new Set();
  const pick = (landlord) => h("input", {
    type: "checkbox",
    "aria-label": `Choose ${landlord.full_name}`,
    onchange: (event) => event.target.checked ? chosen2.add(landlord.id ?? "") : chosen2.delete(landlord.id ?? "")
  });
  return {
    title: "Landlords",
    body: [
      may("landlords:write") && h(
        "p",
        { class: "actions" },
        h("a", { href: "/landlords/new", class: "button" }, "Add a landlord"),
        h("a", { href: "/imports", class: "button" }, "Import a file")
      ),
      filters(
        [
          { name: "search", label: "Name, reference or e-mail" },
          { name: "connection_state", label: "Connection", type: "select", options: choices(CONNECTION_STATES) },
          { name: "tag", label: "Tag" }
        ],
        query,
        (asked2) => go(`/landlords?${asked2}`)
      ),
      listing(page, {
        caption: "Landlords",
        query,
        empty: "No landlord is like that.",
        columns: [
          { name: "Name", cell: (each) => h("a", { href: `/landlords/${each.id}` }, each.full_name) },
          ...may("connections:write") ? [{ name: "Choose", cell: pick }] : [],
          { name: "Reference", cell: (each) => each.reference },
          { name: "NINO", cell: (each) => each.nino ?? "None" },
          { name: "Connection", cell: (each) => state(each.connection_state) },
          { name: "Quarterly updates", cell: (each) => each.readiness && state(each.readiness) },
          { name: "Tags", cell: (each) => each.tags.join(", ") }
        ]
      }),
      may("connections:write") && h(
        "p",
        { class: "actions" },
        action("Invite those chosen", () => inviteMany(chosen2))
      )
    ]
  };
}
async function inviteMany(chosen2) {
  if (chosen2.size === 0) throw new Refused("Choose the landlords first: tick the boxes in the list.");
  const rows = [...chosen2].map((landlord_id) => ({ landlord_id }));
  const header = keys()(rows);
  const sent = async () => {
    const batch = await got(
      api.POST("/api/v1/invitations/bulk", { params: { header }, body: { rows, deliver: "mail", purpose: "connect" } })
    );
    return to(`/invitations/${batch.id}`, `${count(rows.length, "landlord")} will be invited.`);
  };
  inDialog({
    title: "Invite those chosen",
    words: [`${count(rows.length, "landlord")} will get a mail with a link to connect to HMRC.`],
    fields: [],
    submit: "Send the invitations",
    send: sent
  });
}
var fieldsOf = (landlord) => [
  { name: "full_name", label: "Full name", required: true, value: landlord?.full_name },
  { name: "email", label: "E-mail address", type: "email", value: landlord?.email },
  { name: "reference", label: "Your reference", hint: landlord ? "" : "Made up, if you give none.", value: landlord?.reference },
  {
    name: "nino",
    label: landlord ? "New National Insurance number" : "National Insurance number",
    hint: landlord ? `Only if it is to be changed. On file: ${landlord.nino ?? "none"}.` : "Such as QQ 12 34 56 C.",
    more: { autocomplete: "off", spellcheck: "false" }
  },
  { name: "tags", label: "Tags", hint: "With commas between them.", value: landlord?.tags.join(", ") },
  {
    name: "mtd_handling",
    label: "Who sees to the quarterly updates",
    type: "select",
    options: HANDLING.map((code) => [code, words(code)]),
    value: landlord?.mtd_handling ?? "us"
  }
];
function given(values) {
  const optional = Object.fromEntries(["reference", "nino"].flatMap((name) => values.text(name) ? [[name, values.text(name)]] : []));
  const tags = values.text("tags").split(",").map((tag) => tag.trim()).filter(Boolean);
  return {
    full_name: values.text("full_name"),
    email: values.text("email"),
    tags,
    mtd_handling: oneOf(HANDLING, values.text("mtd_handling")),
    ...optional
  };
}
function newLandlordPage() {
  const key = keys();
  const add = form({
    fields: fieldsOf(),
    submit: "Add the landlord",
    send: async (values) => {
      const body = given(values);
      const made2 = await got(api.POST("/api/v1/landlords", { params: { header: key(body) }, body }));
      return to(`/landlords/${made2.id}`, `${made2.full_name} is on file.`);
    }
  });
  return { title: "Add a landlord", body: [add] };
}
function landlordForm(landlord, match2, quicker) {
  const path = { landlord_id: landlord.id ?? "" };
  return form({
    fields: fieldsOf(landlord),
    submit: "Save",
    send: async (values) => {
      try {
        await got(api.PATCH("/api/v1/landlords/{landlord_id}", { params: { path }, headers: match2, body: given(values) }));
      } catch (error) {
        if (isStale(error)) await quicker();
        throw error;
      }
      return to(`/landlords/${landlord.id}`, "Saved.");
    }
  });
}
var WAYS = [
  ["mail", "Send it by mail"],
  ["link", "Give me the link"],
  ["letter", "Print a letter"],
  ["branch", "Show a QR code: the landlord is here"]
];
function invitation(landlord) {
  const handedOver = h("div", {});
  const ask = form({
    class: "inline",
    fields: [{ name: "deliver", label: "How the invitation reaches them", type: "select", options: WAYS }],
    submit: "Invite",
    send: async (values) => {
      const deliver = oneOf(
        WAYS.map(([way]) => way),
        values.text("deliver")
      ) ?? "mail";
      const made2 = await got(api.POST("/api/v1/invitations", { body: { landlord_id: landlord.id ?? "", deliver } }));
      fill(handedOver, handOver(made2, deliver));
    }
  });
  return h("div", {}, ask, handedOver);
}
function handOver(made2, deliver) {
  if (deliver === "mail") return onceOnly("Invited", h("p", {}, "The mail is on its way."));
  if (deliver === "letter") {
    const keep = () => save(new Blob([made2.letter_html], { type: "text/html" }), "letter.html");
    return onceOnly("The letter", h("p", {}, h("button", { type: "button", onclick: keep }, "Save the letter, to print it")));
  }
  if (deliver === "branch") {
    const code = `data:image/svg+xml;base64,${btoa(made2.qr_svg)}`;
    return onceOnly(
      "For the landlord's phone",
      h("p", {}, "Good once, for a quarter of an hour."),
      h("img", { src: code, alt: "QR code of the link", class: "qr" })
    );
  }
  return onceOnly("The link, shown once", h("p", {}, "Hand it to this landlord and nobody else."), copyable(made2.url));
}

// src/staff/landlord.ts
var at3 = (id) => ({ path: { landlord_id: id } });
async function landlordPage({ params, signal }) {
  const id = params.id ?? "";
  const [landlord, { data: connection }, mandates] = await Promise.all([
    got(api.GET("/api/v1/landlords/{landlord_id}", { params: at3(id), signal })),
    api.GET("/api/v1/landlords/{landlord_id}/connection", { params: at3(id), signal }),
    got(api.GET("/api/v1/landlords/{landlord_id}/mandates", { params: at3(id), signal }))
  ]);
  const mandate = mandates.results.find((each) => !each.ended_at);
  return {
    title: landlord.full_name,
    body: [
      facts(
        ["Reference", landlord.reference],
        ["E-mail", landlord.email],
        ["National Insurance number", ninoOf(landlord)],
        ["Tags", landlord.tags.join(", ")],
        ["Quarterly updates are seen to by", words(landlord.mtd_handling)],
        ["Leave to file", mandate ? `${words(mandate.kind)}, given ${day(mandate.given_at)}` : "None on record"],
        ["Changed", moment(landlord.updated_at)]
      ),
      h(
        "p",
        { class: "actions" },
        may("landlords:write") && h("a", { href: `/landlords/${id}/edit`, class: "button" }, "Change"),
        may("submissions:write") && h("a", { href: `/submissions/new?landlord=${id}`, class: "button" }, "Send figures"),
        h("a", { href: `/submissions?landlord_id=${id}`, class: "button" }, "What was sent")
      ),
      h(
        "section",
        { "aria-labelledby": "connection" },
        h("h2", { id: "connection" }, "Connection to HMRC"),
        ...connection ? shown4(landlord, connection, signal) : []
      )
    ]
  };
}
function shown4(landlord, connection, signal) {
  const readiness = connection.readiness;
  return [
    facts(
      ["State", state(connection.state)],
      ["Reason", connection.reason_code && words(connection.reason_code)],
      ["It may be that", connection.possible_causes.map(words).join(", or ")],
      ["What to do", connection.user_action],
      ["Connected", connection.connected_at && moment(connection.connected_at)],
      ["Ends", connection.grant_expires_at && day(connection.grant_expires_at)],
      ["Last used", connection.last_used_at && moment(connection.last_used_at)],
      ["Quarterly updates", readiness && h("span", {}, state(readiness.status), " ", readiness.action)],
      [
        "Next quarter",
        readiness?.next_due_date && `${day(readiness.next_period_start)} to ${day(readiness.next_period_end)}, due ${day(readiness.next_due_date)}`
      ]
    ),
    may("connections:write") && waysToConnect(landlord, connection, signal)
  ];
}
function waysToConnect(landlord, connection, signal) {
  const id = landlord.id ?? "";
  const holds = !["not_connected", "disconnected", "connecting"].includes(connection.state);
  const check = async () => {
    const fraud_context_id = await fraudContext(id);
    return after2(
      await got(api.POST("/api/v1/landlords/{landlord_id}/connection/check", { params: at3(id), body: { fraud_context_id } })),
      signal
    );
  };
  const renew = async () => after2(await got(api.POST("/api/v1/landlords/{landlord_id}/connection/refresh", { params: at3(id) })), signal);
  return h(
    "div",
    {},
    h(
      "p",
      { class: "actions" },
      holds && action("Check at HMRC", check, { kind: "quiet" }),
      connection.state === "active" && action("Refresh the token", renew, { kind: "quiet" }),
      connection.reason_code === "nino_unconfirmed" && h("a", { href: `/landlords/${id}/nino`, class: "button" }, "Compare the numbers"),
      holds && h("button", { type: "button", class: "danger", onclick: () => disconnect(id) }, "Disconnect")
    ),
    connection.state !== "active" && h("h3", {}, "Invite the landlord"),
    connection.state !== "active" && invitation(landlord),
    connection.state !== "active" && h(
      "p",
      {},
      "The landlord is with you, and signs in at HMRC in this browser themselves: ",
      action("Connect to HMRC here", () => connect(id), { kind: "quiet" })
    )
  );
}
async function connect(id) {
  const fraud_context_id = await fraudContext(id);
  const body = { fraud_context_id, return_url: `${location.origin}/connected` };
  const begun = await got(api.POST("/api/v1/landlords/{landlord_id}/connection/authorize", { params: at3(id), body }));
  location.assign(begun.authorization_url);
}
async function connectedPage({ query, signal }) {
  const session_id = query.get("connect_session") ?? "";
  const completion_code = query.get("completion_code") ?? "";
  history.replaceState(null, "", "/connected");
  const path = { session_id };
  let session = completion_code ? await got(api.POST("/api/v1/connect-sessions/{session_id}/complete", { params: { path }, body: { completion_code } })) : await got(api.GET("/api/v1/connect-sessions/{session_id}", { params: { path }, signal }));
  while (!session.settled_at && ["returned", "exchanging"].includes(session.status) && !signal.aborted) {
    await new Promise((done) => setTimeout(done, 1e3));
    session = await got(api.GET("/api/v1/connect-sessions/{session_id}", { params: { path }, signal }));
  }
  return {
    title: session.status === "connected" ? "Connected to HMRC" : "Not connected",
    body: [
      facts(
        ["Outcome", state(session.status)],
        ["Reason", session.reason_code && words(session.reason_code)],
        ["What to do", session.user_action]
      ),
      h("p", {}, h("a", { href: `/landlords/${session.landlord_id}` }, "Go to the landlord"))
    ]
  };
}
async function after2(operation, signal) {
  const { status, error } = await settled(operation.id ?? "", signal);
  return again(
    status === "succeeded" ? "HMRC was asked. This is what it said." : `HMRC was asked, and it did not go well: ${String(error?.detail ?? words(error?.code))}`
  );
}
function disconnect(id) {
  inDialog({
    title: "Disconnect from HMRC",
    words: ["Quarterday forgets the permission. To file again, the landlord has to connect anew."],
    fields: [
      {
        name: "work",
        label: "Figures that were not sent yet",
        type: "select",
        options: [
          ["park", "Keep them until the landlord connects again"],
          ["cancel", "Cancel them"]
        ]
      }
    ],
    submit: "Disconnect",
    send: async (values) => {
      const query = { work: values.text("work") === "cancel" ? "cancel" : "park" };
      await got(api.DELETE("/api/v1/landlords/{landlord_id}/connection", { params: { ...at3(id), query } }));
      return again("Disconnected.");
    }
  });
}
function ninoOf(landlord) {
  if (!landlord.nino) return "None on file";
  const box2 = h("span", {});
  const ask = () => inDialog({
    title: "Show the National Insurance number",
    words: ["Who looked at it, when and why is kept in the audit trail."],
    fields: [{ name: "reason", label: "Why it is needed", required: true }],
    submit: "Show it",
    send: async (values) => {
      const body = { reason: values.text("reason") };
      const { nino } = await got(api.POST("/api/v1/landlords/{landlord_id}/reveal-nino", { params: at3(landlord.id ?? ""), body }));
      fill(box2, onceOnly("National Insurance number", h("code", {}, nino)));
    }
  });
  return h(
    "span",
    {},
    landlord.nino,
    " ",
    may("nino:reveal") && h("button", { type: "button", class: "quiet", onclick: ask }, "Show in full"),
    box2
  );
}
async function editPage({ params, signal }) {
  const { data, response } = await api.GET("/api/v1/landlords/{landlord_id}", { params: at3(params.id ?? ""), signal });
  if (!data) throw new Error("no landlord");
  const quicker = h("div", {});
  return { title: `Change ${data.full_name}`, body: [quicker, landlordForm(data, ifMatch(response), () => compare(data, quicker))] };
}
async function compare(before, place2) {
  try {
    const now = await got(api.GET("/api/v1/landlords/{landlord_id}", { params: at3(before.id ?? "") }));
    const told2 = ["full_name", "email", "reference", "nino", "tags", "mtd_handling"].filter((name) => String(now[name]) !== String(before[name])).map((name) => [words(name), `${String(before[name] ?? "none")} → ${String(now[name] ?? "none")}`]);
    const reload = h(
      "button",
      { type: "button", onclick: () => refresh("This is what is on file now.") },
      "Begin again with what is on file now"
    );
    fill(
      place2,
      h(
        "section",
        { class: "problem" },
        h("h2", {}, "Somebody else was quicker"),
        h("p", {}, `Changed ${moment(now.updated_at)}. Nothing of yours was stored.`),
        facts(...told2),
        reload
      )
    );
  } catch (error) {
    fill(place2, problemBox(error));
  }
}
async function ninoPage({ params, signal }) {
  const id = params.id ?? "";
  const claim = await got(api.GET("/api/v1/landlords/{landlord_id}/connection/nino", { params: at3(id), signal }));
  const confirm = async () => {
    await got(api.POST("/api/v1/landlords/{landlord_id}/connection/nino/confirm", { params: at3(id) }));
    return to(`/landlords/${id}`, "The number is on file, and HMRC is asked once more.");
  };
  const refuse = async () => {
    await got(api.POST("/api/v1/landlords/{landlord_id}/connection/nino/refuse", { params: at3(id) }));
    return to(`/landlords/${id}`, "The permission was wiped.");
  };
  return {
    title: "Whose number is it?",
    body: [
      facts(["Typed by the landlord", claim.typed], ["On file", claim.on_file ?? "None"], ["Since", moment(claim.created_at)]),
      claim.status === "waiting" && h(
        "p",
        { class: "actions" },
        action("It is the landlord's", confirm, { confirm: "It goes on file in place of the other." }),
        action("It is somebody else's", refuse, { kind: "danger", confirm: "Their permission is wiped." })
      )
    ]
  };
}

// src/staff/figures.ts
var INCOME = [
  "income/periodAmount",
  "income/premiumsOfLeaseGrant",
  "income/reversePremiums",
  "income/otherIncome",
  "income/taxDeducted",
  "income/rentARoom/rentsReceived"
];
var CONSOLIDATED = ["expenses/consolidatedExpenses"];
var ITEMISED = [
  "expenses/premisesRunningCosts",
  "expenses/repairsAndMaintenance",
  "expenses/financialCosts",
  "expenses/professionalFees",
  "expenses/costOfServices",
  "expenses/travelCosts",
  "expenses/other"
];
var BESIDE = [
  "expenses/residentialFinancialCost",
  "expenses/residentialFinancialCostsCarriedForward",
  "expenses/rentARoom/amountClaimed"
];
var amountField = (place2) => ({
  name: place2,
  pointers: [`/figures/${place2}`],
  label: words(place2.split("/").pop()),
  more: { inputmode: "decimal", autocomplete: "off" }
});
function nested(filled) {
  const figures = {};
  for (const [place2, typed] of filled) {
    const amount2 = typed.replace(/[£,\s]/g, "");
    if (!amount2) continue;
    const names2 = place2.split("/");
    const last = names2.pop() ?? "";
    const inner = names2.reduce((outer, name) => outer[name] ??= {}, figures);
    inner[last] = amount2;
  }
  return figures;
}
function flat(figures, under = "") {
  if (typeof figures !== "object" || figures === null) return [];
  return Object.entries(figures).flatMap(
    ([name, value]) => typeof value === "object" && value !== null ? flat(value, `${under}${name}/`) : [[`${under}${name}`, value]]
  );
}
var figuresShown = (figures) => facts(...flat(figures).map(([place2, amount2]) => [words(place2.split("/").pop()), pounds(amount2)]));

// src/staff/submissions.ts
async function submissionsPage({ query, signal }) {
  const page = await got(
    api.GET("/api/v1/submissions", {
      params: {
        query: {
          status: oneOf(SUBMISSION_STATES, query.get("status")),
          landlord_id: query.get("landlord_id") ?? void 0,
          cursor: query.get("cursor") ?? void 0
        }
      },
      signal
    })
  );
  const name = await names(page.results.map((each) => each.landlord_id));
  return {
    title: "Submissions",
    body: [
      may("submissions:write") && h(
        "p",
        { class: "actions" },
        h("a", { href: "/submissions/new", class: "button" }, "Send figures"),
        h("a", { href: "/batches", class: "button" }, "Many at once, from a file")
      ),
      filters([{ name: "status", label: "Status", type: "select", options: choices(SUBMISSION_STATES) }], query, (asked2) => {
        const landlord = query.get("landlord_id");
        if (landlord) asked2.set("landlord_id", landlord);
        go(`/submissions?${asked2}`);
      }),
      listing(page, {
        caption: "Submissions",
        query,
        empty: "Nothing was sent that is like that.",
        columns: [
          {
            name: "Period",
            cell: (each) => h("a", { href: `/submissions/${each.id}` }, `${day(each.period_start)} to ${day(each.period_end)}`)
          },
          { name: "Landlord", cell: (each) => h("a", { href: `/landlords/${each.landlord_id}` }, name(each.landlord_id)) },
          { name: "Status", cell: (each) => state(each.status) },
          { name: "What to do", cell: (each) => each.user_action },
          { name: "Due", cell: (each) => h("span", {}, day(each.due_date), each.late && " (late)") },
          { name: "Asked for", cell: (each) => moment(each.created_at) }
        ]
      })
    ]
  };
}
async function submissionPage({ params, signal }) {
  const path = { submission_id: params.id ?? "" };
  const [submission, evidence] = await Promise.all([
    got(api.GET("/api/v1/submissions/{submission_id}", { params: { path }, signal })),
    got(api.GET("/api/v1/submissions/{submission_id}/evidence", { params: { path }, signal }))
  ]);
  const name = await names([submission.landlord_id]);
  const trouble = h("div", {});
  if (!submission.settled_at) {
    meanwhile(
      signal,
      async () => void (await moved(submission, signal), refresh("This is what became of it.")),
      (error) => trouble.append(problemBox(error))
    );
  }
  const left = wait(submission.estimated_start_at);
  return {
    title: `Update ${day(submission.period_start)} to ${day(submission.period_end)}`,
    body: [
      facts(
        ["Landlord", h("a", { href: `/landlords/${submission.landlord_id}` }, name(submission.landlord_id))],
        ["Status", state(submission.status)],
        ["Reason", submission.reason_code && words(submission.reason_code)],
        ["What to do", submission.hmrc_holds ? "Compare the figures below, and decide." : submission.user_action],
        ["Its turn", submission.queue_position && `number ${submission.queue_position}${left && `, in ${left}`}`],
        ["Tax year", submission.tax_year],
        ["Business", h("code", {}, submission.business_id)],
        ["Due", submission.due_date && `${day(submission.due_date)}${submission.late ? ", and late" : ""}`],
        ["HMRC took it", submission.settled_at && submission.status === "accepted" && moment(submission.settled_at)]
      ),
      trouble,
      await faultsOf(submission, signal),
      submission.hmrc_holds ? sideBySide(submission) : h("section", {}, h("h2", {}, "Figures"), figuresShown(submission.figures)),
      evidenceOf(evidence)
    ]
  };
}
async function moved({ id, operation, status }, signal) {
  for await (const { queue_position } of watch(operation, signal)) {
    if (queue_position) continue;
    const now = await got(api.GET("/api/v1/submissions/{submission_id}", { params: { path: { submission_id: id ?? "" } }, signal }));
    if (now.status !== status) return;
  }
}
async function faultsOf({ hmrc }, signal) {
  if (!hmrc?.errors.length) return null;
  const { results } = await got(api.GET("/api/v1/errors", { signal }));
  const told2 = hmrc.errors.map(({ code }) => {
    const known3 = results.find(({ hmrc_codes }) => hmrc_codes.includes(code));
    return h("li", {}, known3 && `${known3.title}. ${known3.user_action} `, h("code", {}, code));
  });
  return h("section", { class: "problem" }, h("h2", {}, "What HMRC refused"), h("ul", {}, ...told2));
}
function sideBySide(submission) {
  const held = submission.hmrc_holds;
  const theirs = new Map(flat(held?.figures));
  const ours = new Map(flat(submission.figures));
  const rows = [.../* @__PURE__ */ new Set([...ours.keys(), ...theirs.keys()])];
  const again_ = `/submissions/new?landlord=${submission.landlord_id}&from=${submission.id}`;
  return h(
    "section",
    {},
    h("h2", {}, "These figures, and those that HMRC holds"),
    h(
      "p",
      {},
      `Somebody else sent HMRC other figures for this business and tax year; they were read ${moment(held?.read_at)}. Sent all the same, yours would erase them.`
    ),
    table(
      "Figures side by side",
      [
        { name: "Figure", cell: (place2) => words(place2.split("/").pop()) },
        { name: "Yours", kind: "number", cell: (place2) => amount(ours.get(place2)) },
        { name: "HMRC holds", kind: "number", cell: (place2) => amount(theirs.get(place2)) }
      ],
      rows
    ),
    may("submissions:write") && held?.digest && h("p", { class: "actions" }, h("a", { href: again_, class: "button" }, "Replace what HMRC holds"))
  );
}
var amount = (value) => value === void 0 ? "–" : pounds(value);
function evidenceOf({ submission, calls }) {
  const declared = submission.declaration;
  return h(
    "section",
    {},
    h("h2", {}, "Evidence"),
    facts(
      ["Digest", h("code", {}, submission.digest)],
      ["Asked for by", words(submission.created_by_kind)],
      ["Asked for", moment(submission.created_at)],
      ["Declared by", declared && String(declared.name ?? "")],
      ["Wording", declared && String(declared.text_version ?? "")]
    ),
    table(
      "Calls to HMRC",
      [
        { name: "Call", cell: (each) => words(each.what) },
        { name: "Begun", cell: (each) => moment(each.begun_at) },
        { name: "Outcome", cell: (each) => words(each.outcome || "under way") },
        { name: "HMRC said", cell: (each) => [each.hmrc_status, each.hmrc_code].filter(Boolean).join(" ") },
        { name: "Correlation id", cell: (each) => each.correlation_id && h("code", {}, each.correlation_id) }
      ],
      calls,
      "HMRC was not called for it yet."
    )
  );
}

// src/staff/new_submission.ts
async function newSubmissionPage(visit) {
  const id = visit.query.get("landlord");
  if (!id) return choosePage(visit);
  const path = { landlord_id: id };
  const from = visit.query.get("from");
  const [landlord, mandates, wordings, stopped, obligations] = await Promise.all([
    got(api.GET("/api/v1/landlords/{landlord_id}", { params: { path } })),
    got(api.GET("/api/v1/landlords/{landlord_id}/mandates", { params: { path } })),
    got(api.GET("/api/v1/wordings")),
    from ? got(api.GET("/api/v1/submissions/{submission_id}", { params: { path: { submission_id: from } } })) : null,
    obligationsOf(id, visit.signal)
  ]);
  const wording = (subject) => wordings.results.find((each) => each.subject === subject);
  const choices2 = choicesOf(obligations);
  const mandate = mandates.results.some((each) => !each.ended_at) ? void 0 : wording("mandate_standing");
  return {
    title: `Send figures of ${landlord.full_name}`,
    body: [
      stopped?.hmrc_holds && sideBySide(stopped),
      choices2.length ? figuresForm({ id, choices: choices2, stopped, update: wording("update"), mandate }) : h("p", {}, "HMRC has told of no quarters of a UK property business for this landlord.")
    ]
  };
}
async function choosePage({ query, signal }) {
  const search = query.get("search") ?? void 0;
  const page = await got(api.GET("/api/v1/landlords", { params: { query: { search, cursor: query.get("cursor") ?? void 0 } }, signal }));
  return {
    title: "Send figures: whose?",
    body: [
      filters([{ name: "search", label: "Name, reference or e-mail" }], query, (asked2) => go(`/submissions/new?${asked2}`)),
      listing(page, {
        caption: "Landlords",
        query,
        columns: [
          { name: "Name", cell: (each) => h("a", { href: `/submissions/new?landlord=${each.id}` }, each.full_name) },
          { name: "Reference", cell: (each) => each.reference }
        ]
      })
    ]
  };
}
async function obligationsOf(id, signal) {
  const path = { landlord_id: id };
  const ask = async (query) => got(api.GET("/api/v1/landlords/{landlord_id}/obligations", { params: { path, query }, signal }));
  const first = await ask({ fraud_context_id: await fraudContext(id) });
  if ("results" in first) return first.results;
  const over2 = await settled(first.id ?? "", signal);
  if (over2.status === "failed") throw new Refused(String(over2.error?.detail ?? "HMRC could not be asked for the landlord's quarters."));
  const then = await ask({});
  return "results" in then ? then.results : [];
}
function choicesOf(obligations) {
  const quarters = obligations.filter((each) => each.type_of_business === "uk-property" && !each.final_declaration_of);
  return quarters.map(({ business_id, period_end, due_date }) => {
    const tax_year = taxYear(period_end);
    const starts = quarters.filter((each) => each.business_id === business_id && taxYear(each.period_end) === tax_year).map((each) => each.period_start);
    return { business_id, tax_year, period_start: starts.sort()[0] ?? "", period_end, due_date };
  }).sort((one, other) => one.period_end.localeCompare(other.period_end));
}
function taxYear(date) {
  const year = Number(date.slice(0, 4)) - (date.slice(5) < "04-06" ? 1 : 0);
  return `${year}-${String((year + 1) % 100).padStart(2, "0")}`;
}
function figuresForm({ id, choices: choices2, stopped, update, mandate }) {
  const before = new Map(flat(stopped?.figures).map(([place2, amount2]) => [place2, String(amount2)]));
  const fields = (places2) => places2.map((place2) => ({ ...amountField(place2), value: before.get(place2) ?? "" }));
  const itemised = ITEMISED.some((place2) => before.has(place2));
  const key = keys();
  let pressed = { content: "", fraud_context_id: "" };
  const element = form({
    fields: [
      {
        name: "period",
        label: "The tax year so far, up to",
        type: "select",
        pointers: ["/period_start", "/period_end", "/tax_year", "/business_id"],
        options: choices2.map((each, at5) => [String(at5), labelOf(each, choices2)]),
        value: String(presetOf(choices2, stopped))
      },
      { legend: "Income", fields: fields(INCOME) },
      {
        name: "way",
        label: "Expenses",
        type: "select",
        pointers: ["/figures/expenses", "/figures"],
        hint: "All together is for income up to £90,000 in the year.",
        options: [
          ["together", "All together"],
          ["itemised", "Item by item"]
        ],
        value: itemised ? "itemised" : "together"
      },
      { legend: "All expenses together", fields: fields(CONSOLIDATED) },
      { legend: "Expenses item by item", fields: fields(ITEMISED) },
      { legend: "Beside them", fields: fields(BESIDE) },
      {
        legend: "Declaration",
        fields: [
          ...mandate ? [{ name: "mandate", label: `The landlord has agreed to this: “${mandate.text}”`, type: "checkbox" }] : [],
          { name: "name", label: "Your name", required: true, pointers: ["/declaration/name"], more: { autocomplete: "name" } },
          {
            name: "accepted",
            label: update?.text ?? "The figures are correct and complete.",
            type: "checkbox",
            required: true,
            pointers: ["/declaration"]
          }
        ]
      }
    ],
    submit: "Send to HMRC",
    send: async (values) => {
      const asked2 = wanted(values, { id, choices: choices2, stopped, update, mandate });
      const content = JSON.stringify(asked2);
      if (content !== pressed.content) pressed = { content, fraud_context_id: await fraudContext(id) };
      const body = { ...asked2, fraud_context_id: pressed.fraud_context_id };
      const made2 = await got(api.POST("/api/v1/submissions", { params: { header: key(body) }, body }));
      return to(`/submissions/${made2.id}`, "The figures are in the queue for HMRC.");
    }
  });
  toggled(element);
  return element;
}
function labelOf({ business_id, period_start, period_end, due_date }, choices2) {
  const several = choices2.some((each) => each.business_id !== business_id);
  return `${day(period_end)}, due ${day(due_date)} (from ${day(period_start)}${several ? `, ${business_id}` : ""})`;
}
function presetOf(choices2, stopped, today = (/* @__PURE__ */ new Date()).toISOString().slice(0, 10)) {
  const same = choices2.findIndex((each) => each.period_end === stopped?.period_end && each.business_id === stopped.business_id);
  return same >= 0 ? same : Math.max(
    0,
    choices2.findLastIndex(({ period_end }) => period_end < today)
  );
}
function wanted(values, { id, choices: choices2, stopped, update, mandate }) {
  const chosen2 = choices2[Number(values.text("period"))];
  if (!chosen2) throw new Refused("Choose up to when the figures go.");
  const { due_date: _, ...period } = chosen2;
  const places2 = [...INCOME, ...values.text("way") === "itemised" ? ITEMISED : CONSOLIDATED, ...BESIDE];
  return {
    landlord_id: id,
    ...period,
    figures: nested(places2.map((place2) => [place2, values.text(place2)])),
    declaration: {
      accepted: values.yes("accepted"),
      covers_whole_business: values.yes("accepted"),
      name: values.text("name"),
      text_version: update?.version
    },
    ...mandate && values.yes("mandate") ? { mandate: { kind: "standing", text_version: mandate.version } } : {},
    ...stopped?.hmrc_holds?.digest ? { replaces: stopped.hmrc_holds.digest } : {}
  };
}
function toggled(element) {
  const way = element.querySelector("select[name=way]");
  const [, together, itemised] = element.querySelectorAll("fieldset");
  if (!way || !together || !itemised) return;
  const show = () => {
    together.hidden = way.value !== "together";
    itemised.hidden = way.value !== "itemised";
  };
  way.addEventListener("change", show);
  show();
}

// src/staff/shell.ts
var PLACES = [
  ["/deadlines", "Deadlines"],
  ["/landlords", "Landlords"],
  ["/imports", "Import"],
  ["/campaigns", "Campaigns"],
  ["/connections", "Connections"],
  ["/submissions", "Submissions"],
  ["/webhooks", "Webhooks"],
  ["/keys", "API keys"],
  ["/account", "Your sign-in"]
];
var UNDER = { "": "/deadlines", batches: "/submissions", invitations: "/campaigns", connected: "/landlords" };
function shell() {
  const main = h("main", { id: "main", tabindex: "-1" });
  const skip = h(
    "a",
    { href: "#main", class: "skip", onclick: (event) => (event.preventDefault(), main.querySelector("h1")?.focus()) },
    "Skip to the page"
  );
  const agency = h("span", { class: "agency" });
  const links = PLACES.map(([path, name]) => h("a", { href: path }, name));
  const menu = h(
    "button",
    { type: "button", class: "menu", "aria-expanded": "false", "aria-controls": "places", onclick: () => open2(!isOpen()) },
    "Menu"
  );
  const nav = h(
    "nav",
    { id: "places", "aria-label": "Main" },
    h(
      "ul",
      {},
      ...links.map((link2) => h("li", {}, link2)),
      h("li", {}, h("button", { type: "button", class: "quiet", onclick: () => void signOut() }, "Sign out"))
    )
  );
  const isOpen = () => menu.getAttribute("aria-expanded") === "true";
  const open2 = (now) => menu.setAttribute("aria-expanded", String(now));
  const header = h("header", {}, h("a", { href: "/", class: "brand" }, "Quarterday"), agency, menu, nav);
  async function after3(page) {
    open2(false);
    const signedIn = sessionToken() !== "";
    header.classList.toggle("anonymous", !signedIn);
    const name = signedIn ? await me().then(
      ({ agency_name }) => agency_name,
      () => ""
    ) : "";
    agency.textContent = name;
    document.title = [page.title, name, "Quarterday"].filter(Boolean).join(" – ");
    const [first = ""] = location.pathname.split("/").filter(Boolean);
    for (const link2 of links) link2.toggleAttribute("aria-current", false);
    const place2 = UNDER[first] ?? `/${first}`;
    links.find((link2) => link2.pathname === place2)?.setAttribute("aria-current", "page");
  }
  return { parts: [skip, header, main], main, after: (page) => void after3(page) };
}

// src/staff/webhooks.ts
var at4 = (id) => ({ path: { endpoint_id: id } });
var hears = ({ event_types }) => event_types.join(", ") || "Everything";
async function webhooksPage({ query, signal }) {
  const page = await got(api.GET("/api/v1/webhook-endpoints", { params: { query: { cursor: query.get("cursor") ?? void 0 } }, signal }));
  return {
    title: "Webhooks",
    body: [
      may("agency:admin") && h("p", { class: "actions" }, h("a", { href: "/webhooks/new", class: "button" }, "Add an endpoint")),
      listing(page, {
        caption: "Endpoints",
        query,
        empty: "No endpoint hears of anything yet.",
        columns: [
          { name: "Address", cell: (each) => h("a", { href: `/webhooks/${each.id}` }, each.url) },
          { name: "State", cell: (each) => h("span", {}, state(each.status), each.disabled_reason && ` ${words(each.disabled_reason)}`) },
          { name: "Hears of", cell: hears },
          { name: "Last delivered", cell: (each) => moment(each.delivered_at) }
        ]
      })
    ]
  };
}
function newWebhookPage() {
  const key = keys();
  const place2 = h("div", {});
  const add = form({
    fields: [
      { name: "url", label: "Address", type: "url", hint: "https, on the public internet.", required: true },
      { name: "description", label: "What it is for" },
      {
        name: "event_types",
        label: "Event types",
        type: "textarea",
        hint: "One a line, such as connection.connected; everything, if you name none."
      }
    ],
    submit: "Add the endpoint",
    send: async (values) => {
      const event_types = values.text("event_types").split(/[\s,]+/).filter(Boolean);
      const body = { url: values.text("url"), description: values.text("description"), event_types };
      const made2 = await got(api.POST("/api/v1/webhook-endpoints", { params: { header: key(body) }, body }));
      fill(place2, secretBox(made2.secret), h("p", {}, h("a", { href: `/webhooks/${made2.id}` }, "Go to the endpoint")));
    }
  });
  fill(place2, add);
  return { title: "Add an endpoint", body: [place2] };
}
var secretBox = (secret) => onceOnly("The secret, shown once", h("p", {}, "Verify what arrives by it. It can't be shown again."), copyable(secret));
async function webhookPage({ params, query, signal }) {
  const id = params.id ?? "";
  const [{ data: endpoint, response }, deliveries] = await Promise.all([
    api.GET("/api/v1/webhook-endpoints/{endpoint_id}", { params: at4(id), signal }),
    got(
      api.GET("/api/v1/deliveries", {
        params: {
          query: {
            endpoint_id: id,
            status: oneOf(DELIVERY_STATES, query.get("status")),
            type: query.get("type") ?? void 0,
            cursor: query.get("cursor") ?? void 0
          }
        },
        signal
      })
    )
  ]);
  if (!endpoint) throw new Error("no endpoint");
  const secret = h("div", {});
  return {
    title: "Endpoint",
    body: [
      facts(
        ["Address", endpoint.url],
        ["For", endpoint.description],
        ["State", h("span", {}, state(endpoint.status), endpoint.disabled_reason && ` ${words(endpoint.disabled_reason)}`)],
        ["Hears of", hears(endpoint)],
        ["Failing since", endpoint.failing_since && moment(endpoint.failing_since)],
        ["Old secret signs until", endpoint.old_secret_until && moment(endpoint.old_secret_until)]
      ),
      may("agency:admin") && steering2(endpoint, ifMatch(response), secret),
      secret,
      h("h2", {}, "Deliveries"),
      filters(
        [
          { name: "status", label: "Status", type: "select", options: choices(DELIVERY_STATES) },
          { name: "type", label: "Event type" }
        ],
        query,
        (asked2) => go(`/webhooks/${id}?${asked2}`)
      ),
      listing(deliveries, { caption: "Deliveries", query, columns: DELIVERIES, empty: "Nothing was sent that is like that." })
    ]
  };
}
function steering2(endpoint, match2, secret) {
  const id = endpoint.id ?? "";
  const test = async () => {
    await got(api.POST("/api/v1/webhook-endpoints/{endpoint_id}/test", { params: at4(id) }));
    return again("A test event is on its way. See the deliveries.");
  };
  const change = (status) => async () => {
    await got(api.PATCH("/api/v1/webhook-endpoints/{endpoint_id}", { params: at4(id), headers: match2, body: { status } }));
    return again(status === "active" ? "It hears of events again." : "It hears of nothing more.");
  };
  const remove = async () => {
    await got(api.DELETE("/api/v1/webhook-endpoints/{endpoint_id}", { params: at4(id), headers: match2 }));
    return to("/webhooks", "The endpoint is gone.");
  };
  return h(
    "p",
    { class: "actions" },
    action("Send a test event", test),
    h("button", { type: "button", class: "quiet", onclick: () => rotate(id, match2, secret) }, "New secret"),
    h("button", { type: "button", class: "quiet", onclick: () => replay(id) }, "Replay"),
    endpoint.status === "active" ? action("Disable", change("disabled"), { kind: "quiet" }) : action("Enable", change("active"), { kind: "quiet" }),
    action("Delete", remove, { kind: "danger", confirm: `${endpoint.url} hears of nothing more.` })
  );
}
function rotate(id, match2, place2) {
  inDialog({
    title: "New secret",
    words: ["For a while the old one signs beside it."],
    fields: [{ name: "overlap_hours", label: "For how many hours", value: "24", more: { inputmode: "numeric" } }],
    submit: "Make a new secret",
    send: async (values) => {
      const body = { overlap_hours: Number(values.text("overlap_hours")) };
      const made2 = await got(api.POST("/api/v1/webhook-endpoints/{endpoint_id}/rotate-secret", { params: at4(id), headers: match2, body }));
      fill(place2, secretBox(made2.secret));
    }
  });
}
function replay(id) {
  inDialog({
    title: "Replay",
    words: ["What was sent before is sent once more: one event, or everything since a day."],
    fields: [
      { name: "event_id", label: "Id of the event" },
      { name: "since", label: "Or everything since", type: "date" }
    ],
    submit: "Replay",
    send: async (values) => {
      const [event_id, since] = [values.text("event_id"), values.text("since")];
      if (!event_id && !since) throw new Refused("Name an event or a day.");
      const body = event_id ? { event_id } : { since: `${since}T00:00:00Z` };
      await got(api.POST("/api/v1/webhook-endpoints/{endpoint_id}/replay", { params: at4(id), body }));
      return again("It is sent once more.");
    }
  });
}
async function retry({ id }) {
  await got(api.POST("/api/v1/deliveries/{delivery_id}/retry", { params: { path: { delivery_id: id } } }));
  return again("It is tried again.");
}
var DELIVERIES = [
  { name: "Event", cell: (each) => h("span", {}, each.type, " ", h("code", {}, each.event_id)) },
  { name: "Status", cell: (each) => state(each.status) },
  { name: "Made", cell: (each) => moment(each.created_at) },
  {
    name: "Attempts",
    cell: (each) => each.attempts.length > 0 && h(
      "ul",
      {},
      ...each.attempts.map(
        ({ at: when, outcome, response_code, latency_ms }) => h("li", {}, `${moment(when)}: ${words(outcome)}${response_code ? ` (${response_code})` : ""}, ${latency_ms} ms`)
      )
    )
  },
  { name: "Next attempt", cell: (each) => moment(each.next_attempt_at) },
  {
    name: "Again",
    cell: (each) => may("agency:admin") && ["failed", "cancelled"].includes(each.status) && action("Try again", () => retry(each), { kind: "quiet" })
  }
];

// src/staff.ts
var OPEN = {
  "/sign-in": signInPage,
  "/forgotten": forgottenPage,
  "/staff/password/reset/:key": resetPage
};
var CLOSED = {
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
  "/account": accountPage
};
function signInAgain() {
  keepSession("");
  forget();
  go(`/sign-in?next=${encodeURIComponent(here())}`, { replace: true, said: "Your session is over. Sign in again." });
}
var known2 = Object.fromEntries(Object.entries(CLOSED).map(([path, show]) => [path, async (visit) => (await me(), show(visit))]));
async function begin() {
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
    routes: { ...OPEN, ...known2 },
    before: (path) => sessionToken() || match(OPEN, path) ? null : `/sign-in?next=${encodeURIComponent(here())}`,
    after: frame.after
  });
}
void begin();
