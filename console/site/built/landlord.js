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
    baseUrl = "",
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
  baseUrl = removeTrailingSlash(baseUrl);
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
    let finalBaseUrl = baseUrl;
    if (localBaseUrl) {
      finalBaseUrl = removeTrailingSlash(localBaseUrl) ?? baseUrl;
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
function serializePrimitiveParam(name2, value, options) {
  if (value === void 0 || value === null) {
    return "";
  }
  if (typeof value === "object") {
    throw new Error(
      "Deeply-nested arrays/objects aren’t supported. Provide your own `querySerializer()` to handle these."
    );
  }
  return `${name2}=${options?.allowReserved === true ? value : encodeURIComponent(value)}`;
}
function serializeObjectParam(name2, value, options) {
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
        return `${name2}=${final2}`;
      }
      case "label": {
        return `.${final2}`;
      }
      case "matrix": {
        return `;${name2}=${final2}`;
      }
      default: {
        return final2;
      }
    }
  }
  for (const k in value) {
    const finalName = options.style === "deepObject" ? `${name2}[${k}]` : k;
    values.push(serializePrimitiveParam(finalName, value[k], options));
  }
  const final = values.join(joiner);
  return options.style === "label" || options.style === "matrix" ? `${joiner}${final}` : final;
}
function serializeArrayParam(name2, value, options) {
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
        return `;${name2}=${final}`;
      }
      // case "spaceDelimited":
      // case "pipeDelimited":
      default: {
        return `${name2}=${final}`;
      }
    }
  }
  const joiner = { simple: ",", label: ".", matrix: ";" }[options.style] || "&";
  const values = [];
  for (const v of value) {
    if (options.style === "simple" || options.style === "label") {
      values.push(options.allowReserved === true ? v : encodeURIComponent(v));
    } else {
      values.push(serializePrimitiveParam(name2, v, options));
    }
  }
  return options.style === "label" || options.style === "matrix" ? `${joiner}${values.join(joiner)}` : values.join(joiner);
}
function createQuerySerializer(options) {
  return function querySerializer(queryParams) {
    const search = [];
    if (queryParams && typeof queryParams === "object") {
      for (const name2 in queryParams) {
        const value = queryParams[name2];
        if (value === void 0 || value === null) {
          continue;
        }
        if (Array.isArray(value)) {
          if (value.length === 0) {
            continue;
          }
          search.push(
            serializeArrayParam(name2, value, {
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
            serializeObjectParam(name2, value, {
              style: "deepObject",
              explode: true,
              ...options?.object,
              allowReserved: options?.allowReserved || false
            })
          );
          continue;
        }
        search.push(serializePrimitiveParam(name2, value, options));
      }
    }
    return search.join("&");
  };
}
function defaultPathSerializer(pathname, pathParams) {
  let nextURL = pathname;
  for (const match of pathname.match(PATH_PARAM_RE) ?? []) {
    let name2 = match.substring(1, match.length - 1);
    let explode = false;
    let style = "simple";
    if (name2.endsWith("*")) {
      explode = true;
      name2 = name2.substring(0, name2.length - 1);
    }
    if (name2.startsWith(".")) {
      style = "label";
      name2 = name2.substring(1);
    } else if (name2.startsWith(";")) {
      style = "matrix";
      name2 = name2.substring(1);
    }
    if (!pathParams || pathParams[name2] === void 0 || pathParams[name2] === null) {
      continue;
    }
    const value = pathParams[name2];
    if (Array.isArray(value)) {
      nextURL = nextURL.replace(match, serializeArrayParam(name2, value, { style, explode }));
      continue;
    }
    if (typeof value === "object") {
      nextURL = nextURL.replace(match, serializeObjectParam(name2, value, { style, explode }));
      continue;
    }
    if (style === "matrix") {
      nextURL = nextURL.replace(match, `;${serializePrimitiveParam(name2, value)}`);
      continue;
    }
    nextURL = nextURL.replace(match, style === "label" ? `.${encodeURIComponent(value)}` : encodeURIComponent(value));
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
  for (const h3 of allHeaders) {
    if (!h3 || typeof h3 !== "object") {
      continue;
    }
    const iterator = h3 instanceof Headers ? h3.entries() : Object.entries(h3);
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

// ../schema/clients/typescript/src/snippet.js
function quarterdayFraudContext() {
  const KEY = "quarterday.device_id";
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
      const known = localStorage.getItem(KEY) || newId();
      localStorage.setItem(KEY, known);
      return known;
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

// src/ui/dom.ts
function h(tag, attributes = {}, ...children) {
  return dressed(document.createElement(tag), attributes, children);
}
function fill(element, ...children) {
  element.replaceChildren(...children.filter(isThere).map(asNode));
}
function dressed(element, attributes, children) {
  for (const [name2, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name2.slice(2), value);
    else if (value !== false && value !== null && value !== void 0) element.setAttribute(name2, value === true ? "" : String(value));
  }
  fill(element, ...children);
  return element;
}
var isThere = (child) => child !== false && child !== null && child !== void 0;
var asNode = (child) => child instanceof Node ? child : String(child);

// src/landlord/device.ts
async function device(api) {
  const said = { ...quarterdayFraudContext(), connection_method: "WEB_APP_VIA_SERVER" };
  const answer = await api.POST("/api/v1/fraud-contexts", { body: said });
  return { fraud_context_id: answer.data.id };
}
async function watch(read3, isOver, tell, isWanted) {
  for (let wait = 400; ; wait = Math.min(wait * 1.4, 3e3)) {
    const seen = await read3();
    if (isOver(seen) || !isWanted()) return seen;
    tell(seen);
    await new Promise((done) => setTimeout(done, wait));
  }
}

// src/ui/words.ts
var DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "Europe/London" });
var MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/London" });
var POUNDS = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" });
var NUMBER = new Intl.NumberFormat("en-GB");
var pounds = (amount) => Number.isFinite(Number(amount)) ? POUNDS.format(Number(amount)) : String(amount);

// src/landlord/figures.ts
var NAMES = {
  premiumsOfLeaseGrant: "Premiums for the grant of a lease",
  reversePremiums: "Reverse premiums",
  periodAmount: "Rent",
  taxDeducted: "Tax taken off already",
  otherIncome: "Other income from property",
  rentsReceived: "Rent-a-room: rents received",
  premisesRunningCosts: "Rent, rates, insurance and ground rents",
  repairsAndMaintenance: "Repairs and maintenance",
  financialCosts: "Loan interest and other financial costs",
  professionalFees: "Legal, management and other professional fees",
  costOfServices: "Costs of services, wages included",
  other: "Other allowable expenses",
  residentialFinancialCost: "Residential finance costs",
  travelCosts: "Travel",
  residentialFinancialCostsCarriedForward: "Residential finance costs carried forward",
  consolidatedExpenses: "All expenses in one sum",
  amountClaimed: "Rent-a-room: amount claimed"
};
var GROUPS = { income: "Income", expenses: "Expenses" };
function lines(given, group = "") {
  return Object.entries(given).flatMap(
    ([key, value]) => isGroup(value) ? lines(value, group || (GROUPS[key] ?? worded(key))) : [{ group, name: NAMES[key] ?? worded(key), amount: pounds(value) }]
  );
}
function figures(given) {
  const rows = lines(given);
  const groups = [...new Set(rows.map(({ group }) => group))];
  const body = groups.map(
    (group) => h(
      "tbody",
      {},
      h("tr", {}, h("th", { colspan: 2, scope: "rowgroup" }, group)),
      ...rows.filter((row) => row.group === group).map((row) => h("tr", {}, h("th", { scope: "row" }, row.name), h("td", {}, row.amount)))
    )
  );
  const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "What"), h("th", { scope: "col" }, "Amount for the year so far")));
  return h("table", {}, h("caption", {}, "The figures"), head, ...body);
}
var isGroup = (value) => typeof value === "object" && value !== null;
function worded(key) {
  const words = key.replace(/([A-Z])/g, " $1").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// src/ui/live.ts
var over;
var places = {};
function mountLive() {
  places.politely = h("div", { class: "hidden", role: "status", "aria-live": "polite" });
  places["at once"] = h("div", { class: "hidden", role: "alert", "aria-live": "assertive" });
  document.body.append(places.politely, places["at once"]);
}
function say(words, how = "politely") {
  const place = places[how];
  if (!place) return;
  place.textContent = "";
  requestAnimationFrame(() => place.textContent = words);
  clearTimeout(over);
  over = setTimeout(() => place.textContent = "", 1e4);
}

// src/landlord/store.ts
var memory = /* @__PURE__ */ new Map();
function keep(name2, what) {
  const text = JSON.stringify(what);
  memory.set(name2, text);
  tab((storage) => storage.setItem(`quarterday.${name2}`, text));
}
function kept(name2) {
  const text = tab((storage) => storage.getItem(`quarterday.${name2}`)) ?? memory.get(name2);
  return text ? JSON.parse(text) : null;
}
function drop(name2) {
  memory.delete(name2);
  tab((storage) => storage.removeItem(`quarterday.${name2}`));
}
function tab(use) {
  try {
    return use(sessionStorage);
  } catch {
    return void 0;
  }
}
function session() {
  const known = kept("session");
  return known && Date.parse(known.expires_at) > Date.now() ? known : null;
}
var SignedOut = class extends Error {
};
function own(site2) {
  const known = session();
  if (!known) throw new SignedOut();
  return { api: quarterday({ baseUrl: site2.apiUrl, bearer: known.token }), landlord_id: known.landlord_id };
}

// src/landlord/words.ts
var FAULTS = {
  "invitation.not_usable": "This link has been used, or your agency has withdrawn it. Ask for a fresh one.",
  "auth.credential_unknown": "This link doesn’t work any more: it is too old, or your agency has withdrawn it.",
  "auth.credential_malformed": "Part of the link is missing. Open it from your mail again, or copy the whole of it.",
  "auth.wrong_agency": "This link is from another agency. Open it from the mail in which it came.",
  "agency.suspended": "Your agency’s account is closed at the moment. Please ask your agency.",
  "agency.leaving": "Your agency no longer uses this service. Please ask your agency.",
  "hmrc.nino_missing": "We need your National Insurance number: HMRC knows you by it, and your agency has not got it yet.",
  "nino.conflict": "Your agency has this number for another landlord. Check what you typed; if it is right, tell your agency.",
  "hmrc.nino_mismatch": "HMRC has confirmed another number for you. If this one is right, tell your agency.",
  "connect.no_tries_left": "The number was changed three times already. Sign in at HMRC again to go on.",
  "connect.nothing_to_check": "There is nothing left to check. Connect to HMRC again.",
  "connect.other_principal": "Somebody else began this. Begin again with your own link.",
  "connect.return_url_not_listed": "This page is not set up to take you back from HMRC. Please tell your agency.",
  "fraud_context.incomplete": "Your browser keeps back what HMRC must be told by law, such as the size of its window. Try another browser.",
  "sign_in.wrong_code": "That is not the code, or its ten minutes are over. Use the newest mail, or ask for another code.",
  "request.slow_down": "You have asked often. Wait a while, then try again.",
  "request.too_often": "HMRC was asked a moment ago. Wait a minute, then try again.",
  "approval.other_digest": "Your agency has changed the figures since you saw them. Look at them once more.",
  "approval.not_awaited": "Nobody waits for your answer to these figures any more.",
  not_found: "We can’t find that."
};
function explain(error) {
  if (!isProblem(error)) return "That did not work: we can’t be reached from here. Check that you are online, and try again in a minute.";
  const ofFields = error.problem.errors.map((each) => each.detail).join(" ");
  return FAULTS[error.code] ?? (ofFields || `That did not work: ${lowered(error.problem.title)}. If it happens again, tell your agency this number: ${error.requestId}.`);
}
var AGAIN = "Nothing was changed. You can try again now.";
var NOT_CONNECTED = "You are not connected";
var OUTCOMES = {
  denied: {
    title: NOT_CONNECTED,
    body: [
      "Permission was not given at HMRC, so nothing can be sent for you.",
      "If you did not mean that, try again, and give permission when HMRC asks."
    ],
    again: true
  },
  expired: {
    title: "That took too long",
    body: ["HMRC’s answer is good for ten minutes, and those are over.", "Try again, and come straight back from HMRC."],
    again: true
  },
  code_refused: { title: NOT_CONNECTED, body: ["HMRC did not accept the way back to us.", AGAIN], again: true },
  lost: {
    title: NOT_CONNECTED,
    body: ["HMRC’s answer was lost on its way to us, and can’t be asked for twice.", AGAIN],
    again: true
  },
  refused: {
    title: "Your permission has ended",
    body: ["It was removed at HMRC, or its 18 months are over.", "Connect again, and everything that waits for you goes on."],
    again: true
  },
  revoked: {
    title: "Your permission has ended",
    body: ["It was removed at HMRC.", "Connect again, and everything that waits for you goes on."],
    again: true
  },
  grant_ended: {
    title: "Your permission has ended",
    body: ["HMRC’s 18 months are over.", "Connect again, and everything that waits for you goes on."],
    again: true
  },
  scope: {
    title: "HMRC needs a wider permission",
    body: ["Not everything that is needed was allowed at HMRC.", "Connect again, and allow all that is asked."],
    again: true
  },
  superseded: {
    title: "There was a newer attempt",
    body: ["You, or somebody for you, began again elsewhere. What counts is how that one ended."],
    again: true
  },
  disconnected: { title: "Disconnected", body: ["You were disconnected meanwhile."], again: true },
  unavailable: {
    title: NOT_CONNECTED,
    body: ["HMRC’s sign-in was out of service.", "Nothing was changed. Try again in an hour or so."],
    again: true
  },
  application_fault: {
    title: "HMRC can’t be reached properly",
    body: ["That is our fault and not yours; whoever runs this service has been told.", "Try again tomorrow."],
    again: true
  },
  nino_refused: {
    title: "Your agency did not confirm the number",
    body: [
      "Your agency has said that the National Insurance number typed here is not yours. What was given at HMRC has been deleted here.",
      "Ask your agency for a new link."
    ],
    again: false
  }
};
function outcome(reason, fallback) {
  return OUTCOMES[reason] ?? { title: NOT_CONNECTED, body: [fallback || AGAIN], again: true };
}
var DAY2 = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "Europe/London" });
function day(date) {
  return DAY2.format(new Date(date));
}
function lowered(sentence) {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

// src/landlord/form.ts
var onSignedOut = () => {
};
function whenSignedOut(go2) {
  onSignedOut = go2;
}
function field(name2, label, hint, attributes) {
  const input = h("input", { id: name2, name: name2, "aria-describedby": `${name2}-hint`, ...attributes });
  const wrong = h("div", { id: `${name2}-fault`, class: "fault", hidden: true });
  const fault = (words, ...more) => {
    fill(wrong, h("p", {}, words), ...more);
    wrong.hidden = !words;
    input.toggleAttribute("aria-invalid", false);
    if (words) input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", words ? `${name2}-hint ${name2}-fault` : `${name2}-hint`);
    if (!words) return;
    say(words, "at once");
    input.focus();
  };
  const root = h(
    "div",
    { class: "field" },
    h("label", { for: name2 }, label),
    h("p", { id: `${name2}-hint`, class: "hint" }, hint),
    wrong,
    input
  );
  return { root, input, fault };
}
function form(button, run, hear, ...content) {
  const press = h("button", {}, button);
  const told = h("p", { class: "fault", hidden: true });
  const submit = (event) => {
    event.preventDefault();
    void attempt2(press, told, run, hear);
  };
  return h("form", { novalidate: true, onsubmit: submit }, ...content, told, press);
}
var action = (text, run, kind = "") => {
  const made = form(text, run, () => false);
  made.className = kind;
  return made;
};
async function attempt2(press, told, run, hear) {
  if (press.getAttribute("aria-disabled") === "true") return;
  press.setAttribute("aria-disabled", "true");
  told.hidden = true;
  const slow = setTimeout(() => say("One moment, please."), 1e3);
  try {
    await run();
  } catch (error) {
    if (hear(error)) return;
    if (isSignedOut(error)) onSignedOut();
    else tellAt(told, explain(error));
  } finally {
    clearTimeout(slow);
    press.removeAttribute("aria-disabled");
  }
}
function tellAt(place, words) {
  place.textContent = words;
  place.hidden = false;
  say(words, "at once");
}
function isSignedOut(error) {
  return error instanceof SignedOut || isProblem(error) && error.status === 401;
}

// src/landlord/nino.ts
var ISSUED = /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]$/;
var DOCUMENTATION = /^QQ[0-9]{6}[A-D]$/;
var LOOK_ALIKES = ["0O", "1IL"];
function meant(typed) {
  const given = bare(typed);
  if (given.length !== 9 || isNino(given)) return null;
  const found = spellings(given).filter(isNino);
  return found.length === 1 && found[0] !== void 0 ? found[0] : null;
}
function isNino(given) {
  return ISSUED.test(given) || DOCUMENTATION.test(given);
}
function spaced(nino) {
  return nino.replace(/^(..)(..)(..)(..)(.)$/, "$1 $2 $3 $4 $5");
}
function bare(typed) {
  return typed.replace(/[\s.-]/g, "").toUpperCase();
}
function spellings(given) {
  let found = [""];
  for (const letter of given) {
    const alike = LOOK_ALIKES.find((group) => group.includes(letter)) ?? letter;
    found = found.flatMap((before) => [...alike].map((each) => before + each));
  }
  return found;
}

// src/landlord/page.ts
var main = h("main", { id: "main" });
var owner = h("p", { class: "owner" });
var foot = h("footer");
var shown = 0;
function mount(agency, ...footer2) {
  if (!main.isConnected) {
    document.body.append(h("header", {}, owner), main, foot);
    mountLive();
  }
  fill(owner, agency);
  fill(foot, ...footer2);
}
function show(title, ...content) {
  shown += 1;
  const heading = h("h1", { tabindex: "-1" }, title);
  fill(main, heading, ...content);
  document.title = [title, owner.textContent].filter(Boolean).join(" – ");
  scrollTo(0, 0);
  heading.focus();
}
function stays() {
  const then = shown;
  return () => then === shown;
}
function progress(words) {
  const line = h("p", { class: "progress" }, words);
  const tell = (next2) => {
    if (line.textContent === next2) return;
    line.textContent = next2;
    say(next2);
  };
  say(words);
  return { line, tell };
}
var p = (...content) => h("p", {}, ...content);
var h2 = (text) => h("h2", {}, text);
var list = (...items) => h("ul", {}, ...items.map((item) => h("li", {}, item)));
var link = (href, text) => h("a", { href }, text);

// src/landlord/start.ts
var SEE = {
  hmrc_account: "Set up an HMRC account, or find its user ID, on GOV.UK",
  mtd_enrolment: "Sign up for Making Tax Digital for Income Tax on GOV.UK",
  nino: "Find your National Insurance number on GOV.UK"
};
function startPage(site2, link2, next2) {
  const { agency, minutes, lasts_months, needs } = site2.start;
  const start = async () => {
    const answer = await site2.anyone.POST("/api/v1/landlord-sessions", { body: { invitation_token: link2.invitation } });
    drop("invitation");
    keep("session", answer.data);
    await next2();
  };
  const refused = (error) => isLinks(error) && (drop("invitation"), askForLink(site2, "This link can’t be used", explain(error)), true);
  const press = form("Start", start, refused);
  if (link2.submission) {
    show(
      "Approve your quarterly figures",
      p(`${agency} has prepared an update for HMRC. Nothing is sent before you have seen the figures and approved them.`),
      press
    );
    return;
  }
  show(
    "Connect to HMRC",
    p(
      `${agency} sends what you earn from letting to HMRC every quarter. HMRC needs your permission for that. It takes about ${minutes} minutes, and lasts ${lasts_months} months.`
    ),
    h2("What you need"),
    h("ul", { class: "needs" }, ...needs.map(need)),
    p("You sign in on HMRC’s own page. Neither your agency nor this service sees your password."),
    operator(site2),
    press
  );
}
function need({ code, title, text, url }) {
  return h("li", {}, h("strong", {}, title), h("br"), text, h("br"), link(url, SEE[code] ?? `${title} on GOV.UK`));
}
function operator(site2) {
  const { privacy_url, terms_url, security_contact, server_location } = site2.config.operator;
  return h(
    "section",
    { class: "operator" },
    h2("How your data is looked after"),
    server_location && p(`Your data is kept here: ${server_location}. Your National Insurance number is encrypted.`),
    h(
      "ul",
      {},
      privacy_url && h("li", {}, link(privacy_url, "Privacy notice")),
      terms_url && h("li", {}, link(terms_url, "Terms of use")),
      security_contact && h("li", {}, "To report a security problem, write to ", link(`mailto:${security_contact}`, security_contact))
    )
  );
}
function isLinks(error) {
  return isProblem(error) && [401, 404, 410].includes(error.status);
}
function askForLink(site2, title, ...why) {
  const address = field("email", "Your e-mail address", "The one at which your agency writes to you.", {
    type: "email",
    autocomplete: "email",
    spellcheck: "false"
  });
  const ask = async () => {
    address.fault("");
    const email = address.input.value.trim();
    if (!/^\S+@\S+$/.test(email)) return address.fault("Enter an e-mail address, such as name@example.com.");
    await site2.anyone.POST("/api/v1/landlord-sessions/link", { body: { email } });
    asked(site2);
  };
  const hear = (error) => {
    const fault = isProblem(error) && error.at("/email");
    if (fault) address.fault(fault.detail);
    return Boolean(fault);
  };
  show(
    title,
    ...why.map((words) => p(words)),
    h2("Get a fresh link"),
    p("We mail you a link that signs you in here. You need no account and no password for that."),
    form("Send me a fresh sign-in link", ask, hear, address.root),
    p(`If no mail comes, ask ${site2.start.agency} for a link: they may have another address for you, or none.`)
  );
}
function asked(site2) {
  show(
    "Look into your mail",
    p("If your agency has that address for you, a link is on its way. It works once, and for an hour."),
    p(`Nothing there after some minutes? Look into your spam folder, or ask ${site2.start.agency} for a link.`)
  );
}

// src/landlord/connect.ts
function connectPage(site2, title = "Connect to HMRC", ...why) {
  const nino = ninoField();
  const place = h("div", {});
  const ask = () => nino.root.isConnected || place.append(operator(site2), nino.root);
  if (session()?.nino_on_file === false) ask();
  const leave2 = async () => {
    if (nino.root.isConnected && !mayBeSent(nino)) return;
    const { api, landlord_id } = own(site2);
    const typed = nino.root.isConnected ? { nino: nino.input.value } : {};
    const body = { return_url: `${location.origin}/return`, ...typed, ...await device(api) };
    const begun = await api.POST("/api/v1/landlords/{landlord_id}/connection/authorize", {
      params: { path: { landlord_id } },
      body
    });
    keep("left", { connect_session: begun.data.connect_session });
    say("You are taken to HMRC.");
    location.assign(begun.data.authorization_url);
  };
  const stuck = h("div", {});
  show(
    title,
    ...why,
    stuck,
    p(
      "You are taken to HMRC’s own page. Sign in there with your personal account, by Government Gateway or GOV.UK One Login, and not with that of a business or an agent. Then give permission, and you come back here."
    ),
    form("Connect to HMRC", leave2, (error) => isAboutNino(error) ? (ask(), hearNino(nino, error)) : false, place)
  );
  void unopened(site2, stuck).catch(() => {
  });
}
async function unopened(site2, place) {
  const left = kept("left");
  if (!left) return;
  const params = { path: { session_id: left.connect_session } };
  const { hmrc } = (await own(site2).api.GET("/api/v1/connect-sessions/{session_id}", { params })).data;
  if (!hmrc) return;
  const words = "You have not come back from HMRC yet. If its page did not open, HMRC may be out of service: ";
  place.append(p(words, link(hmrc.availability_page, "see what HMRC says of its services"), ". Nothing is lost; you can set out again at any time."));
  say(words);
}
function ninoField() {
  return field(
    "nino",
    "National Insurance number",
    "Two letters, six digits and a letter, such as QQ 12 34 56 C. It is on your payslip, your P60 and letters about tax or benefits.",
    {
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      maxlength: "20"
    }
  );
}
function mayBeSent(nino) {
  nino.fault("");
  const typed = nino.input.value.trim();
  const better = meant(typed);
  if (!typed) nino.fault("Enter your National Insurance number.");
  else if (better) suggest(nino, spaced(better));
  return Boolean(typed) && !better;
}
function suggest(nino, better) {
  const take2 = () => {
    nino.input.value = better;
    nino.fault("");
    nino.input.focus();
    say("The number was changed. Check it, then go on.");
  };
  nino.fault(
    `Did you mean ${better}? The letters O, I and L are easily taken for the digits 0 and 1.`,
    h("button", { type: "button", class: "second", onclick: take2 }, `Use ${better}`)
  );
}
var NINO_CODES = ["hmrc.nino_missing", "nino.conflict", "hmrc.nino_mismatch"];
function isAboutNino(error) {
  return NINO_CODES.some((code) => isProblem(error, code)) || isProblem(error) && error.at("/nino") !== void 0;
}
function hearNino(nino, error) {
  if (!isAboutNino(error) || !isProblem(error)) return false;
  if (isProblem(error, "hmrc.nino_missing")) forgetOnFile();
  nino.fault(error.at("/nino")?.detail ?? explain(error));
  return true;
}
function forgetOnFile() {
  const known = session();
  if (known) keep("session", { ...known, nino_on_file: false });
}

// src/landlord/mandate.ts
var SHORT = {
  standing: "Every update is sent without asking you first",
  per_quarter: "You see and approve each update before it is sent"
};
async function mandate(site2) {
  const { api, landlord_id } = own(site2);
  const [given, words] = await Promise.all([
    api.GET("/api/v1/landlords/{landlord_id}/mandates", { params: { path: { landlord_id } } }),
    site2.anyone.GET("/api/v1/wordings")
  ]);
  const wordings = words.data.results;
  const current = given.data.results.find((each) => each.ended_at === null || each.ended_at === void 0);
  const section = h("section", {}, h2("How your updates are sent"));
  if (!current) {
    section.append(
      p(
        `${site2.start.agency} may send updates only with your leave. If you have not given it on paper, you can give it here, in one of two ways.`
      ),
      choose(site2, wordings)
    );
    return section;
  }
  section.append(
    p(`${SHORT[current.kind]}. You agreed to that on ${day(current.given_at)}.`),
    action("Change or take back", () => change(site2, wordings, current), "quiet")
  );
  return section;
}
function choose(site2, wordings) {
  const kinds = Object.keys(SHORT);
  const wording = (kind) => wordings.find(({ subject }) => subject === `mandate_${kind}`);
  const fault = h("p", { id: "kind-fault", class: "fault", hidden: true, role: "alert" });
  const radios = kinds.map(
    (kind) => h("input", { type: "radio", name: "kind", id: kind, value: kind, "aria-describedby": `${kind}-words` })
  );
  const options = kinds.map(
    (kind, place) => h(
      "div",
      { class: "option" },
      radios[place],
      h("label", { for: kind }, SHORT[kind]),
      h("p", { id: `${kind}-words`, class: "hint" }, wording(kind)?.text)
    )
  );
  const give = async () => {
    const kind = radios.find((radio) => radio.checked)?.value;
    fault.hidden = Boolean(kind);
    fill(fault, kind ? "" : "Choose one of the two.");
    if (!kind) return radios[0]?.focus();
    const { api, landlord_id } = own(site2);
    const version = wording(kind)?.version;
    await api.POST("/api/v1/landlords/{landlord_id}/mandates", {
      params: { path: { landlord_id } },
      body: { kind, ...version ? { text_version: version } : {} }
    });
    await home(site2);
  };
  return form(
    "I agree",
    give,
    () => false,
    h("fieldset", { "aria-describedby": "kind-fault" }, h("legend", {}, "What you agree to"), fault, ...options)
  );
}
function change(site2, wordings, current) {
  const revoke = async () => {
    const { api, landlord_id } = own(site2);
    await api.DELETE("/api/v1/landlords/{landlord_id}/mandates/{mandate_id}", {
      params: { path: { landlord_id, mandate_id: current.id } }
    });
    await home(site2);
  };
  show(
    "How your updates are sent",
    p(`Now: ${SHORT[current.kind]}.`),
    choose(site2, wordings),
    h2("Take it back"),
    p("If you take it back:"),
    list(
      "Updates that were not sent yet are cancelled.",
      "Nothing more is sent until you agree again. Deadlines go on, and missing them is on you.",
      "You stay connected to HMRC."
    ),
    action("Take it back", revoke, "danger"),
    action("Leave it as it is", () => home(site2), "quiet")
  );
}

// src/landlord/refused.ts
var SIGN_UP = "https://www.gov.uk/guidance/sign-up-for-making-tax-digital-for-income-tax";
function turnedAway(site2, now) {
  const reason = now.reason_code ?? "";
  if (reason === "nino_unconfirmed") return waitsForStaff(site2);
  if (reason === "not_enrolled") return notEnrolled(site2);
  if (reason === "nino_mismatch" || !reason) return mismatch(site2, now);
  const { title, body } = outcome(reason, now.user_action);
  connectPage(site2, title, ...body.map((words) => p(words)));
}
function waitsForStaff(site2) {
  show(
    "Your agency must confirm your number",
    h("p", { class: "care" }, "You have done your part: HMRC has accepted your sign-in and the National Insurance number you typed."),
    p(
      `The number is new to ${site2.start.agency}. Before anything is sent, somebody there must say that it is yours, so that nobody else can connect in your name.`
    ),
    p(
      "You need not sign in at HMRC again. If you hear nothing within a week, ask your agency. After 30 days you would have to begin again."
    ),
    action("See whether it is confirmed", () => home(site2))
  );
}
function notEnrolled(site2) {
  show(
    "You are not signed up for Making Tax Digital yet",
    p("HMRC knows you, but you are not signed up for Making Tax Digital for Income Tax. Only you, or an accountant of yours, can do that."),
    p(link(SIGN_UP, "Sign up for Making Tax Digital for Income Tax on GOV.UK")),
    p(
      "Come back when HMRC has confirmed it, which may take some days. Within a week of your sign-in here you need not give permission again."
    ),
    action("I have signed up: check again", () => checkAgain(site2, {})),
    otherAccount(site2)
  );
}
function mismatch(site2, now) {
  const nino = ninoField();
  const check = async () => {
    if (nino.input.value.trim() && !mayBeSent(nino)) return;
    nino.fault("");
    const typed = nino.input.value.trim();
    await checkAgain(site2, typed ? { nino: typed } : {});
  };
  show(
    "Your HMRC account and your number do not match",
    p(
      "You gave permission, but HMRC does not let the account you signed in with act for your National Insurance number. HMRC does not say which of these it is:"
    ),
    list(
      "The number is wrong. If you know yours, type it below.",
      "You signed in with another account: somebody else’s, or that of a business or an agent. Sign in again with your own, personal one.",
      h(
        "span",
        {},
        "You are not signed up for Making Tax Digital for Income Tax. ",
        link(SIGN_UP, "Sign up on GOV.UK"),
        ", then check again."
      )
    ),
    operator(site2),
    form("Check again", check, (error) => hearNino(nino, error), nino.root),
    p("Leave the number empty to check with the one that your agency has."),
    otherAccount(site2),
    now.possible_causes.length === 0 && p("If you are sure of all three, ask your agency.")
  );
}
function otherAccount(site2) {
  return action("Sign in at HMRC with another account", () => connectPage(site2), "quiet");
}
async function checkAgain(site2, typed) {
  const { api, landlord_id } = own(site2);
  const body = { ...typed, ...await device(api) };
  const begun = await api.POST("/api/v1/landlords/{landlord_id}/connection/check", {
    params: { path: { landlord_id } },
    body
  });
  const { line, tell } = progress("HMRC is being asked. This takes some seconds.");
  show("Checking with HMRC", line);
  const isHere = stays();
  const params = { path: { operation_id: begun.data.id } };
  const read3 = async () => (await api.GET("/api/v1/operations/{operation_id}", { params })).data;
  const place = (seen) => seen.queue_position && tell(`HMRC is being asked. You are number ${seen.queue_position} in the queue.`);
  const ended = await watch(read3, (seen) => Boolean(seen.finished_at), place, isHere);
  if (!isHere()) return;
  await home(site2);
  if (ended.status === "failed") say("HMRC still says no.", "at once");
}

// src/landlord/home.ts
var WORKING = ["active", "refreshing", "uncertain"];
async function connection(site2) {
  const { api, landlord_id } = own(site2);
  return (await api.GET("/api/v1/landlords/{landlord_id}/connection", { params: { path: { landlord_id } } })).data;
}
async function home(site2) {
  const now = await connection(site2);
  if (WORKING.includes(now.state)) return connected(site2, now);
  if (now.state === "not_authorised") return turnedAway(site2, now);
  const { title, body, again } = outcome(now.reason_code ?? "", now.user_action);
  const why = body.map((words) => p(words));
  if (!again) return show(title, ...why);
  if (now.state === "reconnect_required") return connectPage(site2, title, ...why);
  if (now.state === "disconnected") return connectPage(site2, "Connect to HMRC again", p("You are disconnected at the moment."));
  connectPage(site2);
}
async function connected(site2, now, isNew = false) {
  const [waiting2, leaves] = await Promise.all([approvals(site2).catch(() => null), mandate(site2).catch(() => null)]);
  const until = now.grant_expires_at ? ` Your permission lasts until ${day(now.grant_expires_at)}.` : "";
  const first = isNew ? `That’s it for ${site2.start.lasts_months} months.` : waiting2 ? "Your connection is in order." : "There is nothing to do now.";
  const said = h("div", {});
  show(
    "You are connected to HMRC",
    h("p", { class: "good" }, first + until),
    waiting2,
    h2("What happens next"),
    said,
    list(
      `${site2.start.agency} sends HMRC an update every quarter.`,
      "Before your permission ends you get a link to renew it.",
      "You may close this page. To see how things stand, ask for a fresh link at any time."
    ),
    leaves,
    leave(site2)
  );
  void follow2(site2, now, said, stays());
}
async function follow2(site2, first, place, isHere) {
  const told = ({ readiness }) => Boolean(readiness && readiness.status !== "checking");
  const patience = Date.now() + 3e4;
  if (told(first)) return place.replaceChildren(ready(site2, first.readiness));
  place.replaceChildren(p("HMRC is being asked when your first update is due."));
  const isEnough = (seen2) => told(seen2) || Date.now() > patience;
  const seen = await watch(
    () => connection(site2),
    isEnough,
    () => {
    },
    isHere
  ).catch(() => first);
  if (!isHere()) return;
  place.replaceChildren(ready(site2, seen.readiness));
  say(place.textContent ?? "");
}
function ready(site2, readiness) {
  if (readiness?.status === "ready") return p(`HMRC takes your quarterly updates. ${due(site2, readiness.next_due_date)}`);
  if (readiness?.waiting_on === "landlord")
    return h("div", { class: "care" }, h("strong", {}, "One thing is left for you: "), readiness.action);
  return p("HMRC has not said yet when your next update is due. You need not wait for that.");
}
function due(site2, date) {
  if (!date) return "";
  const isOver = date < site2.config.now.slice(0, 10);
  return isOver ? `One has been due since ${day(date)}: ${site2.start.agency} sees that, and must send it.` : `The next is due by ${day(date)}.`;
}
function leave(site2) {
  return h(
    "section",
    {},
    h2("Disconnect"),
    p(`Stop ${site2.start.agency} from dealing with HMRC for you.`),
    action("Disconnect from HMRC", () => confirmLeaving(site2), "quiet")
  );
}
function still(told) {
  const [where] = /https?:\/\/[^\s;,]*[^\s;,.]/.exec(told) ?? [];
  if (!where) return p(told);
  return p(
    "HMRC goes on listing this service among those who may act for you. Take it off that list there: ",
    link(where, "Manage who can deal with HMRC for you"),
    "."
  );
}
function confirmLeaving(site2) {
  const end = async () => {
    const { api, landlord_id } = own(site2);
    const params = { path: { landlord_id } };
    await api.DELETE("/api/v1/landlords/{landlord_id}/connection", { params });
    const now = await connection(site2);
    show(
      "You are disconnected",
      still(now.user_action),
      p("You can connect again whenever you like."),
      action("Connect again", () => home(site2))
    );
  };
  show(
    "Disconnect from HMRC?",
    p("If you go on:"),
    list(
      `${site2.start.agency} can send nothing more to HMRC for you, from this moment on.`,
      "Updates that were not sent yet wait until you connect again. Their deadlines go on, and missing them is on you.",
      "What HMRC holds already stays there.",
      "HMRC’s own list of who may act for you still names this service until you remove it there. You are told where."
    ),
    action("Yes, disconnect", end, "danger"),
    action("No, stay connected", () => home(site2), "quiet")
  );
}

// src/landlord/approve.ts
var ENDS = {
  accepted: "HMRC has accepted these figures.",
  rejected: "HMRC did not accept these figures. Your agency sees why, and must correct them.",
  superseded: "Newer figures have taken the place of these.",
  cancelled: "These figures are not sent.",
  stopped: "Something else stands at HMRC than was expected, so these figures were not sent. Your agency must look at it.",
  waiting_for_connection: "These figures wait until you have connected to HMRC."
};
var name = ({ period_start, period_end }) => `${day(period_start)} to ${day(period_end)}`;
async function approvals(site2) {
  const { api } = own(site2);
  const found = (await api.GET("/api/v1/submissions", { params: { query: { status: "waiting_for_approval" } } })).data.results;
  if (found.length === 0) return null;
  const look = (each) => action(`See the figures for ${name(each)}`, () => approvePage(site2, each.id));
  return h("section", { class: "care" }, h2("Waiting for your approval"), ...found.map(look));
}
async function approvePage(site2, id) {
  const seen = await read2(site2, id);
  if (seen.status !== "waiting_for_approval") return settled(site2, seen);
  const approve = async () => {
    const { api } = own(site2);
    await api.POST("/api/v1/submissions/{submission_id}/approve", {
      params: { path: { submission_id: id } },
      body: { digest: seen.digest, ...await device(api) }
    });
    await sending(site2, id);
  };
  const changed = (error) => {
    const isOther = isProblem(error, "approval.other_digest") || isProblem(error, "approval.not_awaited");
    if (isOther) void approvePage(site2, id);
    return isOther;
  };
  show(
    "Approve your quarterly figures",
    p(
      `${site2.start.agency} has prepared this update for HMRC. It covers ${name(seen)}, and takes the place of what HMRC holds of your UK property income for the tax year ${seen.tax_year} so far.`
    ),
    seen.due_date && p(`HMRC wants it by ${day(seen.due_date)}.`),
    figures(seen.figures ?? {}),
    p(
      "By approving you say that, as far as you know, these figures are right, complete, and cover all of your UK property, whoever lets it."
    ),
    form("Approve and send to HMRC", approve, changed),
    action("These figures are not right", () => decline(site2, seen), "quiet")
  );
}
async function read2(site2, submission_id) {
  return (await own(site2).api.GET("/api/v1/submissions/{submission_id}", { params: { path: { submission_id } } })).data;
}
async function sending(site2, id) {
  const { line, tell } = progress("Your approval is kept. The figures are on their way to HMRC.");
  show("Approved", line, p("You may close this page."));
  const isHere = stays();
  const place = ({ queue_position }) => queue_position && tell(`Your approval is kept. The figures are number ${queue_position} in the queue for HMRC.`);
  const ended = await watch(
    () => read2(site2, id),
    ({ status }) => Boolean(ENDS[status]),
    place,
    isHere
  );
  if (isHere()) settled(site2, ended);
}
function settled(site2, seen) {
  const title = seen.status === "accepted" ? "HMRC has your figures" : "These figures do not wait for you";
  show(
    title,
    p(`For ${name(seen)}: ${ENDS[seen.status] ?? "they are on their way to HMRC."}`),
    action("See your connection", () => home(site2), "quiet")
  );
}
function decline(site2, seen) {
  const reason = h("textarea", { id: "reason", rows: 3, maxlength: 200, "aria-describedby": "reason-hint" });
  const send = async () => {
    await own(site2).api.POST("/api/v1/submissions/{submission_id}/decline", {
      params: { path: { submission_id: seen.id } },
      body: { reason: reason.value.trim() }
    });
    show(
      "Your agency has been told",
      p("These figures are not sent. Your agency corrects them, and asks you again."),
      action("See your connection", () => home(site2), "quiet")
    );
  };
  show(
    "What is not right?",
    form(
      "Send this to your agency",
      send,
      () => false,
      h(
        "div",
        { class: "field" },
        h("label", { for: "reason" }, "What your agency should correct"),
        h("p", { id: "reason-hint", class: "hint" }, "You may leave it empty. At most 200 characters."),
        reason
      )
    ),
    action("Back to the figures", () => approvePage(site2, seen.id), "quiet")
  );
}

// src/landlord/back.ts
var OVER = ["connected", "denied", "expired", "failed"];
var OTHERS = ["connect.other_principal", "not_found"];
var SETTLED = ["connect.already_completed", "connect.session_expired", "connect.wrong_completion_code", "connect.not_returned"];
async function comeBack(site2, back) {
  const { line, tell } = progress("We are finishing the connection with HMRC. This takes some seconds.");
  show("Back from HMRC", line);
  const isHere = stays();
  try {
    const { api } = own(site2);
    await complete(site2, back);
    const params = { path: { session_id: back.connect_session } };
    const read3 = async () => (await api.GET("/api/v1/connect-sessions/{session_id}", { params })).data;
    const isOver = ({ status }) => OVER.includes(status) || status === "returned" && !back.completion_code || status === "waiting_at_hmrc";
    const ended = await watch(read3, isOver, (seen) => tell(waiting(seen)), isHere);
    if (!isHere()) return;
    drop("returned");
    await over2(site2, ended);
  } catch (error) {
    await notFinished(site2, back, error);
  }
}
async function complete(site2, back) {
  if (!back.completion_code) return;
  const body = { completion_code: back.completion_code };
  try {
    await own(site2).api.POST("/api/v1/connect-sessions/{session_id}/complete", {
      params: { path: { session_id: back.connect_session } },
      body
    });
  } catch (error) {
    if (!SETTLED.some((code) => isProblem(error, code))) throw error;
  }
}
function waiting(seen) {
  return seen.queue_position && seen.queue_position > 1 ? `HMRC answers one question after another. Yours is number ${seen.queue_position} in the queue; please leave this page open.` : "We are finishing the connection with HMRC. This takes some seconds.";
}
async function over2(site2, ended) {
  const now = await connection(site2);
  const isAboutUs = ended.status === "connected" || ended.status === "failed";
  if (isAboutUs && now.state === "not_authorised") return turnedAway(site2, now);
  if (ended.status === "connected") return connected(site2, now, true);
  notConnected(site2, reasonOf(ended), ended.user_action, now.state === "active");
}
function reasonOf({ status, reason_code }) {
  return reason_code || (status === "denied" ? "denied" : "expired");
}
function notConnected(site2, reason, fallback, isActive) {
  const { title, body, again } = outcome(reason, fallback);
  show(
    title,
    ...body.map((words) => p(words)),
    isActive && p("The connection that you had goes on working."),
    again && action("Try again", () => home(site2))
  );
}
async function notFinished(site2, back, error) {
  const isLost = isSignedOut(error) || OTHERS.some((code) => isProblem(error, code));
  if (isLost && back.status === "pending") return askForCode(site2, back);
  if (isLost) {
    const { title, body } = outcome(back.status === "denied" ? "denied" : "expired", "");
    return askForLink(site2, title, ...body);
  }
  show(
    "That did not work",
    p(explain(error)),
    action("Try again", () => comeBack(site2, back))
  );
}
function askForCode(site2, back) {
  const send = async () => {
    await site2.anyone.POST("/api/v1/landlord-sessions/code", { body: { connect_session: back.connect_session } });
    enterCode(site2, back);
  };
  show(
    "Go on where you were",
    p("You have come back from HMRC, but this tab no longer knows who you are: perhaps HMRC opened in another one, or it took a while."),
    p("We can mail you six digits, to the address that your agency has for you. Don’t wait long: HMRC’s answer is good for ten minutes."),
    action("Mail me a code", send)
  );
}
function enterCode(site2, back) {
  const code = field("code", "Six-digit code", "It is in the mail we have just sent, and is good for ten minutes.", {
    inputmode: "numeric",
    autocomplete: "one-time-code",
    maxlength: "10"
  });
  const resume = async () => {
    code.fault("");
    const digits = code.input.value.replace(/\D/g, "");
    if (digits.length !== 6) return code.fault("Enter the six digits from the mail.");
    const answer = await site2.anyone.POST("/api/v1/landlord-sessions/resume", {
      body: { connect_session: back.connect_session, code: digits }
    });
    keep("session", answer.data);
    await comeBack(site2, back);
  };
  const hear = (error) => isProblem(error) && error.status === 422 && (code.fault(explain(error)), true);
  show(
    "Enter the code from your mail",
    form("Go on", resume, hear, code.root),
    p(`No mail after some minutes? Ask ${site2.start.agency} for a new link, and begin again.`),
    action("Mail me another code", () => askForCode(site2, back), "quiet")
  );
}

// src/landlord/optout.ts
function optOutPage(site2, token) {
  const { agency } = site2.start;
  const stop = async () => {
    await site2.anyone.POST("/api/v1/mail-opt-outs", { body: { invitation_token: token } });
    drop("invitation");
    show(
      "No more mails",
      p(`${agency} sends you no more mails through this service. To get them again, ask your agency.`),
      p("Your connection to HMRC, if you have one, stays as it is.")
    );
  };
  const refused = (error) => isProblem(error) && error.status === 401 && (show("This link can’t be used", p(explain(error)), p(`Ask ${agency} to stop their mails.`)), true);
  show(
    `Stop mails from ${agency}?`,
    p("If you stop them, you get no links to connect or to approve, and no warning before your permission ends. Your agency is told."),
    form("Stop these mails", stop, refused)
  );
}

// src/ui/settings.ts
async function settings() {
  const answer = await fetch("/config.json");
  if (!answer.ok) throw new Error(`/config.json: ${answer.status}`);
  return await answer.json();
}

// src/landlord/site.ts
async function site() {
  const { api_url: apiUrl } = await settings();
  const anyone = quarterday({ baseUrl: apiUrl, patience: { tries: 2 } });
  const [config, start] = await Promise.all([anyone.GET("/api/v1/config"), anyone.GET("/api/v1/start-page")]);
  return { apiUrl, anyone, config: config.data, start: start.data };
}

// src/landlord.ts
function take() {
  const hash = new URLSearchParams(location.hash.slice(1));
  const query = new URLSearchParams(location.search);
  const invitation = hash.get("invitation");
  const submission = hash.get("submission");
  if (invitation) keep("invitation", { invitation, ...submission ? { submission } : {} });
  const [connect_session, status, completion_code] = ["connect_session", "status", "completion_code"].map((name2) => query.get(name2));
  if (connect_session) keep("returned", { connect_session, status: status ?? "", ...completion_code ? { completion_code } : {} });
  history.replaceState(null, "", location.pathname);
}
async function begin() {
  take();
  mount("");
  try {
    const here = await site();
    mount(here.start.agency, footer(here));
    whenSignedOut(() => signedOut(here));
    await go(here).catch((error) => isSignedOut(error) ? signedOut(here) : Promise.reject(error));
  } catch (error) {
    show("This page can’t be shown now", p(explain(error)), action("Try again", begin));
  }
}
function signedOut(here) {
  drop("session");
  const why = "You were away for a while, or your agency has ended this. Open the link in your mail again, or ask for a fresh one.";
  askForLink(here, "You are signed out", why);
}
async function go(here) {
  const invitation = kept("invitation");
  const returned = kept("returned");
  if (location.pathname === "/opt-out" && invitation) return optOutPage(here, invitation.invitation);
  if (location.pathname === "/return" && returned) return comeBack(here, returned);
  if (invitation) return startPage(here, invitation, () => next(here, invitation));
  if (session()) return home(here);
  askForLink(here, "Connect to HMRC", "To go on, you need the link that your agency sent you.");
}
function next(here, { submission }) {
  return submission ? approvePage(here, submission) : home(here);
}
function footer({ config }) {
  const { privacy_url, terms_url } = config.operator;
  return h(
    "ul",
    {},
    privacy_url && h("li", {}, link(privacy_url, "Privacy notice")),
    terms_url && h("li", {}, link(terms_url, "Terms of use"))
  );
}
addEventListener("hashchange", () => void begin());
addEventListener("pageshow", (event) => event.persisted && location.reload());
void begin();
