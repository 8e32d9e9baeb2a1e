// probot with an app that does nothing: it verifies what comes, stores nothing, and answers.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createNodeMiddleware, createProbot } from "probot";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const probot = createProbot({
  overrides: { appId: 1, privateKey, secret: process.env.WEBHOOK_SECRET, logLevel: "fatal" },
});
const app = (app) => {
  app.on("workflow_run", () => {});
};
const middleware = await createNodeMiddleware(app, { probot, webhooksPath: "/webhooks/github" });
const server = createServer((request, response) => {
  middleware(request, response, () => response.writeHead(404).end());
});
server.listen(0, "127.0.0.1", () => console.log(`listens 127.0.0.1:${server.address().port}`));

const end = () => process.exit(0);
process.on("SIGTERM", end);
process.stdin.on("end", end).resume(); // whoever started it is gone
