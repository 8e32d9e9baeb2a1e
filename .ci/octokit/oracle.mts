// The oracle: GitHub's own OpenAPI descriptions say what every answer and every webhook must look like. It is apart from
// the conversation, because it knows nothing of what is asked: it only judges what came.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { ErrorObject, ValidateFunction } from "ajv";

import { differences } from "./differences.mjs";

const require = createRequire(import.meta.url);
const { default: Ajv2020 } = require("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js");
const { default: addFormats } = require("ajv-formats") as typeof import("ajv-formats");

type Schema = { [keyword: string]: unknown };
type Media = { schema?: Schema };
type Answer = { $ref?: string; content?: { [type: string]: Media }; headers?: { [name: string]: unknown } };
type Parameter = { name: string; in: string; required?: boolean };
type Operation = { responses: { [status: string]: Answer } };
type Sent = { parameters?: Parameter[]; requestBody: { content: { [type: string]: Media } } };

const isObject = (o: unknown): o is Schema => typeof o === "object" && o !== null && !Array.isArray(o);

// today turns the dialect of OpenAPI 3.0 into JSON Schema: there "nullable" stands beside a type.
function today(o: unknown): unknown {
  if (Array.isArray(o)) return o.map(today);
  if (!isObject(o)) return o;
  const out: Schema = {};
  for (const [key, value] of Object.entries(o)) {
    if (!["nullable", "example", "examples", "discriminator", "xml", "externalDocs"].includes(key) || isObject(value)) out[key] = today(value);
  }
  return o["nullable"] === true ? { anyOf: [{ type: "null" }, out] } : out;
}

// Spec is one OpenAPI description.
class Spec {
  readonly root: Schema;
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true, verbose: true });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(private readonly name: string, file: string) {
    this.root = today(JSON.parse(readFileSync(require.resolve(file), "utf8"))) as Schema;
    addFormats(this.ajv);
    // "uri" is meant loosely there: addresses with templates in them are called so too.
    for (const lenient of ["uri", "uri-template", "int64"]) this.ajv.addFormat(lenient, true);
    this.ajv.addSchema({ $id: name, components: this.root["components"], paths: this.root["paths"] ?? this.root["webhooks"] }, name);
  }

  // at finds what a reference or a path of keys points to.
  at(keys: string[]): unknown {
    return keys.reduce<unknown>((o, key) => (isObject(o) ? o[key] : undefined), this.root);
  }

  resolve(o: Schema): Schema {
    while (typeof o["$ref"] === "string") {
      const to = this.at(o["$ref"].slice(2).split("/").map((k) => k.replaceAll("~1", "/").replaceAll("~0", "~")));
      if (!isObject(to)) throw new Error(`${this.name} has no ${o["$ref"]}`);
      o = to;
    }
    return o;
  }

  // faults lists what is wrong with data: what the schema forbids, and what it does not know.
  faults(key: string, schema: Schema, data: unknown): string[] {
    let check = this.compiled.get(key);
    if (!check) {
      check = this.ajv.compile(this.based(schema) as Schema);
      this.compiled.set(key, check);
    }
    const list = check(data) ? [] : sharpest(check.errors ?? []).map((e) => `${plain(e.instancePath)} ${told(e)}`);
    return [...new Set([...list, ...this.unknown([schema], data, "")])];
  }

  // based lets references point into this description from outside.
  private based(o: unknown): unknown {
    if (Array.isArray(o)) return o.map((one) => this.based(one));
    if (!isObject(o)) return o;
    return Object.fromEntries(Object.entries(o).map(([k, v]) => [k, k === "$ref" && typeof v === "string" ? this.name + v : this.based(v)]));
  }

  // unknown lists the fields that no branch of the schemas names: GitHub does not send them, or does not say that it does.
  private unknown(schemas: Schema[], data: unknown, path: string): string[] {
    const all = schemas.flatMap((s) => this.branches(s));
    if (Array.isArray(data)) {
      const items = all.map((s) => s["items"]).filter(isObject);
      return items.length === 0 ? [] : [...new Set(data.flatMap((one) => this.unknown(items, one, `${path}/*`)))];
    }
    const named = all.map((s) => s["properties"]).filter(isObject);
    if (!isObject(data) || named.length === 0) return [];
    const open = all.some((s) => s["additionalProperties"] === true || isObject(s["additionalProperties"]));
    return Object.entries(data).flatMap(([key, value]) => {
      const next = named.map((p) => p[key]).filter(isObject);
      if (next.length > 0) return this.unknown(next, value, `${path}/${key}`);
      return open ? [] : [`${path}/${key} is not in the schema`];
    });
  }

  private branches(o: Schema): Schema[] {
    const s = this.resolve(o);
    const inner = ["allOf", "anyOf", "oneOf"].flatMap((k) => (Array.isArray(s[k]) ? (s[k] as Schema[]) : []));
    return [s, ...inner.flatMap((one) => this.branches(one))];
  }
}

// sharpest leaves out what ajv says of the branches that were not meant: "must be null" beside the real fault.
function sharpest(errors: ErrorObject[]): ErrorObject[] {
  const real = errors.filter((e) => !(e.keyword === "type" && e.params["type"] === "null") && e.keyword !== "anyOf");
  return real.length > 0 ? real : errors;
}

const plain = (path: string): string => path.replaceAll(/\/\d+(?=\/|$)/g, "/*");

function told(e: ErrorObject): string {
  const got = e.keyword === "required" ? "" : `, is ${(JSON.stringify(e.data) ?? "absent").slice(0, 80)}`;
  const one = e.keyword === "enum" ? ` ${JSON.stringify(e.params["allowedValues"])}` : "";
  return (e.message ?? e.keyword) + one + got;
}

const rest = new Spec("rest", "@octokit/openapi/generated/api.github.com.json");
const hooks = new Spec("hooks", "@octokit/openapi-webhooks/generated/api.github.com.json");

const judged = new Map<string, number>();
const faults = new Map<string, number>();
const used = new Set<number>();

function judge(what: string, found: string[]): void {
  judged.set(what, (judged.get(what) ?? 0) + 1);
  for (const fault of found) {
    const i = differences.findIndex((d) => d.of.test(what) && d.at.test(fault));
    if (i >= 0) used.add(i);
    else faults.set(`${what}: ${fault}`, (faults.get(`${what}: ${fault}`) ?? 0) + 1);
  }
}

// refusals are what every endpoint may answer without its description saying so.
const refusals: { [status: number]: string } = { 401: "requires_authentication", 403: "forbidden", 404: "not_found", 422: "validation_failed" };

// routeOf finds the route of a path: that with the same number of elements and the fewest names in braces.
export function routeOf(path: string): string {
  const elements = path.split("/");
  const fits = Object.keys(rest.at(["paths"]) as Schema).filter((route) => {
    const names = route.split("/");
    return names.length === elements.length && names.every((n, i) => n.startsWith("{") || n === elements[i]);
  });
  const names = (route: string): number => route.split("{").length;
  return fits.sort((a, b) => names(a) - names(b))[0] ?? path;
}

// answer judges an answer of the REST API; route is the path with its names in braces, as the description has it.
export function answer(method: string, route: string, status: number, headers: { [name: string]: unknown }, body: unknown): void {
  const what = `${method} ${route} ${status}`;
  const operation = rest.at(["paths", route, method.toLowerCase()]) as Operation | undefined;
  if (!operation) return judge(what, ["GitHub has no such endpoint"]);
  let said = operation.responses[status];
  if (!said && refusals[status]) said = { $ref: `#/components/responses/${refusals[status]}` };
  if (!said) return judge(what, [`only ${Object.keys(operation.responses).join(", ")} are described`]);
  said = rest.resolve(said as Schema) as Answer;
  const found = Object.keys(said.headers ?? {}).filter((h) => h !== "Link" && !(h.toLowerCase() in headers)).map((h) => `no header ${h}`);
  const schema = said.content?.["application/json"]?.schema ?? Object.values(said.content ?? {})[0]?.schema;
  const empty = body === undefined || body === "" || (body instanceof ArrayBuffer && body.byteLength === 0);
  if (schema) found.push(...rest.faults(what, schema, body));
  else if (!empty) found.push(`no body is described, and there is ${JSON.stringify(body)?.slice(0, 80)}`);
  judge(what, found);
}

// webhook judges a delivery.
export function webhook(headers: { [name: string]: unknown }, payload: unknown): void {
  const event = String(headers["x-github-event"]);
  const action = isObject(payload) && typeof payload["action"] === "string" ? payload["action"] : "";
  const what = `webhook ${event} ${action}`.trim();
  const name = [event, action].filter((s) => s !== "").join("-").replaceAll("_", "-");
  const described = hooks.at(["webhooks", name, "post"]) as Sent | undefined;
  if (!described) return judge(what, ["GitHub has no such webhook"]);
  const found = (described.parameters ?? []).filter((p) => p.in === "header" && p.required && !(p.name.toLowerCase() in headers)).map((p) => `no header ${p.name}`);
  const schema = described.requestBody.content["application/json"]?.schema;
  if (schema) found.push(...hooks.faults(what, schema, payload));
  judge(what, found);
}

// proveOracle makes sure that the oracle sees at all: what is wrong on purpose must be found.
export function proveOracle(): void {
  const schema = { $ref: "#/components/schemas/workflow-run" };
  const found = rest.faults("proof", schema, { id: "1", head_commit: { author: { name: 2 } }, pull_requests: [{ id: null }], invented: 1 });
  const wanted = [
    "must have required property 'node_id'", "/id must be integer", "/head_commit/author/name must be string", "/pull_requests/* must have required property 'number'",
    "/pull_requests/*/id must be integer", "/invented is not in the schema",
  ];
  for (const fault of wanted) {
    if (!found.some((f) => f.trim().startsWith(fault))) throw new Error(`the oracle does not see that "${fault}": ${found.join("; ")}`);
  }
}

// verdict prints what was judged and gives the number of faults. A difference that no longer is one is a fault too.
export function verdict(): number {
  for (const [what, times] of [...judged].sort()) console.log(`judged ${what}: ${times}`);
  const list = [...faults].map(([fault, times]) => `${fault} (${times})`);
  differences.forEach((d, i) => {
    if (!used.has(i)) list.push(`differences.mts: ${d.of} ${d.at} is no longer met, take it out`);
  });
  for (const fault of list.sort()) console.error(`FAULT ${fault}`);
  return list.length;
}
