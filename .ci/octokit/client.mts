// The client: octokit with the oracle at its ear, and what the parts of the conversation share.
import { ok, strictEqual } from "node:assert/strict";
import { Octokit } from "@octokit/rest";

import { answer, routeOf } from "./oracle.mjs";

export const need = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};
export const baseUrl = need("GITHUB_URL");
export const blobUrl = need("BLOB_URL");
export const quiet = { debug() {}, info() {}, warn: console.warn, error() {} };

export type Refusal = { status: number; response?: { headers: Record<string, unknown>; data: unknown } };

// client is octokit with the oracle at its ear.
export function client(auth: string): Octokit {
  return listened(new Octokit({ auth, baseUrl, log: quiet }));
}

export function listened(octokit: Octokit): Octokit {
  octokit.hook.wrap("request", async (request, options) => {
    const route = options.url.startsWith(baseUrl) ? routeOf(new URL(options.url).pathname) : options.url;
    try {
      const response = await request(options);
      ok(response.url.startsWith(baseUrl) || response.url.startsWith(blobUrl), `${response.url} is not the simulator`);
      if (!response.url.startsWith(blobUrl) && route !== "/graphql") answer(options.method, route, response.status, response.headers, response.data);
      return response;
    } catch (e) {
      const { status, response } = e as Refusal;
      if (!response) throw e;
      answer(options.method, route, status, response.headers, response.data);
      throw e;
    }
  });
  return octokit;
}

export const octokit = client(need("GITHUB_TOKEN"));
export const penny = { owner: "penny", repo: "university" };

// refused waits for a call to fail with a status.
export async function refused(status: number, call: Promise<unknown>): Promise<void> {
  const got = await call.then((r) => (r as { status: number }).status, (e: unknown) => (e as Refusal).status);
  strictEqual(got, status);
}
