// The receiver takes webhooks as any server of anybody's would: it checks the signature over the bytes and lets the oracle
// judge what is in them.
import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

import { webhook } from "./oracle.mjs";

export interface Received {
  event: string;
  guid: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  payload: Record<string, any>;
}

export class Receiver {
  readonly got: Received[] = [];
  refusing = ""; // the event that is answered 500
  private readonly server = createServer();

  constructor(readonly secret: string) {
    this.server.on("request", async (req, res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk as Buffer);
      const status = this.take(req.headers, Buffer.concat(chunks));
      res.writeHead(status, { "Content-Type": "text/plain" }).end(status === 202 ? "taken" : "refused");
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private take(headers: IncomingHttpHeaders, body: Buffer): number {
    const want = Buffer.from(`sha256=${createHmac("sha256", this.secret).update(body).digest("hex")}`);
    const got = Buffer.from(String(headers["x-hub-signature-256"]));
    if (want.length !== got.length || !timingSafeEqual(want, got)) throw new Error(`${headers["x-github-event"]} is not signed with the secret`);
    const payload = JSON.parse(body.toString("utf8")) as Record<string, any>;
    webhook(headers, payload);
    const event = String(headers["x-github-event"]);
    this.got.push({ event, guid: String(headers["x-github-delivery"]), headers, body, payload });
    return event === this.refusing ? 500 : 202;
  }

  names(): string[] {
    return this.got.map((d) => `${d.event} ${d.payload["action"] ?? ""}`.trim());
  }

  // wait gives the first delivery of an event and action ("workflow_run completed"), for at most ten seconds.
  async wait(name: string, wanted: (d: Received) => boolean = () => true): Promise<Received> {
    return until(`webhook ${name}`, () => this.got.find((d, i) => this.names()[i] === name && wanted(d)));
  }
}

export const receiver = new Receiver("s3cret");

// until asks again and again, for at most ten seconds, for something that is not undefined.
export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((r) => setTimeout(r, 50))) {
    const got = await ask();
    if (got !== undefined) return got;
  }
  throw new Error(`no ${what} within ten seconds`);
}
