// What only an App may ask.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";

import { baseUrl, listened, need, penny, quiet, refused } from "./client.mjs";
import { receiver } from "./receiver.mjs";

// apps lets octokit sign in as an App, get its token for the installation and write a check run.
export async function apps(): Promise<void> {
  const appId = Number(need("APP_ID"));
  const privateKey = need("APP_KEY");
  const app = listened(new Octokit({ authStrategy: createAppAuth, auth: { appId, privateKey }, baseUrl, log: quiet }));
  strictEqual((await app.rest.apps.getAuthenticated()).data?.id, appId);
  const { data: found } = await app.rest.apps.getRepoInstallation(penny);
  strictEqual((await app.rest.apps.listInstallations()).data[0]?.id, found.id);
  strictEqual((await app.rest.apps.getInstallation({ installation_id: found.id })).data.app_id, appId);
  const { data: token } = await app.rest.apps.createInstallationAccessToken({ installation_id: found.id });
  ok(Date.parse(token.expires_at) > Date.now() + 3_500_000);

  const installed = listened(new Octokit({ authStrategy: createAppAuth, auth: { appId, privateKey, installationId: found.id }, baseUrl, log: quiet }));
  const { data: commit } = await installed.rest.repos.getCommit({ ...penny, ref: "master" });
  const { data: made } = await installed.rest.checks.create({ ...penny, name: "Deploy", head_sha: commit.sha, status: "in_progress" });
  const { data: done } = await installed.rest.checks.update({
    ...penny, check_run_id: made.id, status: "completed", conclusion: "success", output: { title: "Deployed", summary: "v124" },
  });
  deepStrictEqual([done.status, done.conclusion, done.app?.slug], ["completed", "success", "slipway"]);
  await refused(403, installed.rest.repos.createCommitStatus({ ...penny, sha: commit.sha, state: "success" }));
  await receiver.wait("check_run completed", (d) => d.payload["check_run"].id === made.id);
}
