// Asking the server; every refusal becomes an Error that says what to do next.
import { signal } from "./base.js";

export const me = signal(null);

class Refusal extends Error {
  constructor(status, told) {
    super(told.detail || `the server answered ${status}`);
    this.status = status;
    this.next = told.next || "";
  }
}

async function ask(method, path, body) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json", "X-Hive-CSRF": me.value?.csrf || "" };
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refusal(0, { detail: "the server does not answer", next: "see whether hive serve still runs" });
  }
  const json = (answer.headers.get("content-type") || "").includes("json");
  const told = json ? await answer.json() : { detail: "", text: await answer.text() };
  if (!answer.ok) throw new Refusal(answer.status, told);
  return json ? told : told.text;
}

export const get = (path) => ask("GET", path);
export const post = (path, body = {}) => ask("POST", path, body);

const part = encodeURIComponent;
export const runPath = (run) => `/api/v1/runs/${part(run)}`;
export const servicePath = (run, service) => `${runPath(run)}/services/${part(service)}`;
export const diffPath = (run, service, old) => `${runPath(run)}/diff${service === null ? "" : `?service=${part(service)}${old ? `&old=${part(old)}` : ""}`}`;
export const changesetPath = (run) => `${runPath(run)}/changeset`;
export const contractPath = (path) => `/api/v1/contract?path=${part(path)}`;
export const proposalPath = (run, number) => `${runPath(run)}/proposals/${number}`;
export const outputPath = (run, name) => `${runPath(run)}/output?name=${part(name)}`;

export async function signIn() {
  me.value = await get("/api/v1/session");
}

const RANK = { viewer: 1, reviewer: 2, operator: 3 };
export const may = (role) => RANK[me.value?.role] >= RANK[role];
