// A landlord's two pages: the one their link leads to, and the one HMRC's return leads to.
// The landlord's token lives in this tab's sessionStorage, and nowhere else.
"use strict";

const api = document.querySelector('meta[name="quarterday-api"]').content + "/api/v1/";
const find = (selector) => document.querySelector(selector);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** A refusal, as the API words it. */
class Refused extends Error {
  constructor(problem) {
    super(problem.title);
    this.problem = problem;
  }
}

async function call(method, path, body) {
  const token = sessionStorage.getItem("token");
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(api + path, { method, headers, body: body && JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Refused(said);
  return said;
}

/** Run what a person asked for, with the button out of reach meanwhile, and say what went wrong if it does. */
async function attempt(work, button) {
  find("#problem").textContent = "";
  if (button) button.disabled = true;
  try {
    await work();
  } catch (error) {
    find("#status").textContent = "";
    find("#problem").textContent = explain(error);
  } finally {
    if (button) button.disabled = false;
  }
}

/** What a person should do: about the fields they filled in, if it is about those. */
function explain(error) {
  if (!(error instanceof Refused)) return "That did not work. Please try again in a minute.";
  const ofFields = error.problem.errors.map((one) => one.detail).join(" ");
  return ofFields || error.problem.user_action;
}

/** Make it the page's heading and title, and put the reader there. */
function head(text) {
  find("h1").textContent = text;
  document.title = `${text} – Demo Lettings`;
  find("h1").focus();
}

// The page that the link leads to. Nothing is sent before a person presses Start: mail programs open links too.

let invitation = new URLSearchParams(location.hash.slice(1)).get("invitation");

async function start() {
  if (invitation) {
    const session = await call("POST", "landlord-sessions", { invitation_token: invitation });
    sessionStorage.setItem("token", session.token);
    sessionStorage.setItem("landlord", session.landlord_id);
    invitation = null;
    history.replaceState(null, "", location.pathname); // a bookmark or a shoulder need not keep it
  }
  const connection = await call("GET", `landlords/${sessionStorage.getItem("landlord")}/connection`);
  find("#start").hidden = true;
  if (connection.state === "active") {
    head("You are connected to HMRC");
    return;
  }
  find("#connect").hidden = false;
  find("#status").textContent = connection.user_action;
  find("#connect button").focus();
}

async function leaveForHmrc() {
  const wanted = { return_url: `${location.origin}/return` };
  if (find("#nino").value) wanted.nino = find("#nino").value;
  try {
    const path = `landlords/${sessionStorage.getItem("landlord")}/connection/authorize`;
    location.assign((await call("POST", path, wanted)).authorization_url);
  } catch (error) {
    if (error instanceof Refused) showNino(error.problem);
    throw error;
  }
}

/** Asked for only if the agency has none on file. */
function showNino(problem) {
  const isAboutIt = problem.code === "hmrc.nino_missing" || problem.errors.some((one) => one.pointer === "/nino");
  if (!isAboutIt) return;
  find("#nino-field").hidden = false;
  find("#nino").toggleAttribute("aria-invalid", find("#nino").value !== "");
  find("#nino").setAttribute("aria-describedby", "nino-hint problem");
  find("#nino").focus();
}

function onSubmit(form, work) {
  find(form).addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(work, find(`${form} button`));
  });
}

// The page that HMRC's return leads to.

const OVER = ["connected", "denied", "expired", "failed"];

async function comeBack() {
  const said = Object.fromEntries(new URLSearchParams(location.search));
  history.replaceState(null, "", location.pathname);
  const path = `connect-sessions/${said.connect_session}`;
  if (said.completion_code) {
    await call("POST", `${path}/complete`, { completion_code: said.completion_code });
    find("#status").textContent = "Thank you. We are finishing the connection with HMRC.";
  }
  let session = await call("GET", path);
  while (!OVER.includes(session.status)) {
    await wait(300);
    session = await call("GET", path);
  }
  session.status === "connected" ? connected() : notConnected(session);
}

function connected() {
  head("Connected");
  find("#status").textContent = "You are connected to HMRC. There is nothing more to do; you may close this page.";
}

function notConnected(session) {
  head("Not connected");
  find("#status").textContent = "";
  find("#problem").textContent = session.user_action;
  find("#again").hidden = false;
}

if (document.body.dataset.page === "connect") {
  onSubmit("#start", start);
  onSubmit("#connect", leaveForHmrc);
} else {
  attempt(comeBack);
}
