// What is asked about pull requests: each form of merge, with the webhooks that tell of it, and the revert.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";

import { octokit, penny, refused } from "./client.mjs";
import { receiver } from "./receiver.mjs";

const { git, pulls, repos } = octokit.rest;

// merges squashes a pull request, after what must be refused was; the push that tells of it is refused by the receiver.
export async function merges(): Promise<void> {
  const { data: open } = await pulls.list({ ...penny, state: "open", sort: "created", direction: "asc" });
  deepStrictEqual(open.map((p) => p.number), [45, 46]);
  const { data: pull } = await pulls.get({ ...penny, pull_number: 45 });
  ok(!pull.merged && pull.head.ref === "migrations");
  strictEqual((await octokit.paginate(pulls.listCommits, { ...penny, pull_number: 45, per_page: 1 })).length, 2);
  strictEqual((await octokit.paginate(pulls.listFiles, { ...penny, pull_number: 45, per_page: 1 })).length, 2);
  await refused(404, pulls.checkIfMerged({ ...penny, pull_number: 45 }));
  await refused(409, pulls.merge({ ...penny, pull_number: 45, sha: "f".repeat(40) }));

  receiver.refusing = "push";
  const { data: merged } = await pulls.merge({ ...penny, pull_number: 45, sha: pull.head.sha, merge_method: "squash", commit_title: "Add a field (#45)" });
  ok(merged.merged);
  strictEqual((await pulls.checkIfMerged({ ...penny, pull_number: 45 })).status, 204);
  const { data: after } = await pulls.get({ ...penny, pull_number: 45 });
  deepStrictEqual([after.merged, after.merge_commit_sha, after.merged_by?.login], [true, merged.sha, "alice"]);
  await refused(405, pulls.merge({ ...penny, pull_number: 45 }));
  const { data: of } = await repos.listPullRequestsAssociatedWithCommit({ ...penny, commit_sha: merged.sha });
  deepStrictEqual(of.map((p) => p.number), [45]);

  const closed = await receiver.wait("pull_request closed");
  strictEqual(closed.payload["pull_request"].merge_commit_sha, merged.sha);
  const push = await receiver.wait("push");
  receiver.refusing = "";
  deepStrictEqual([push.payload["after"], push.payload["ref"]], [merged.sha, "refs/heads/master"]);
  await receiver.wait("workflow_run completed", (d) => d.payload["workflow_run"].head_sha === merged.sha);
  await receiver.wait("check_suite completed", (d) => d.payload["check_suite"].head_sha === merged.sha);
}

// mergesOthers merges in the two other forms, and tidies up: the branch goes, which is told with a push too.
export async function mergesOthers(): Promise<void> {
  const { data: rest } = await pulls.list({ ...penny, state: "open" });
  const methods = ["merge", "rebase"] as const;
  strictEqual(rest.length, methods.length);
  for (const [i, { number: pull_number, head: { ref } }] of rest.entries()) {
    const { data: merged } = await pulls.merge({ ...penny, pull_number, merge_method: methods[i]! });
    const push = await receiver.wait("push", (d) => d.payload["after"] === merged.sha);
    strictEqual(push.payload["commits"].at(-1).id, merged.sha);
    strictEqual((await git.deleteRef({ ...penny, ref: `heads/${ref}` })).status, 204);
    const gone = await receiver.wait("push", (d) => d.payload["ref"] === `refs/heads/${ref}` && d.payload["deleted"]);
    strictEqual(gone.payload["head_commit"], null);
  }
  await refused(404, repos.getBranch({ ...penny, branch: rest[0]!.head.ref }));
}

// reverts has GitHub make the pull request that takes the merged one back; only GraphQL can.
export async function reverts(): Promise<void> {
  const { data: merged } = await pulls.get({ ...penny, pull_number: 45 });
  const query = `mutation($id: ID!) { revertPullRequest(input: {pullRequestId: $id}) { revertPullRequest { number title state } } }`;
  type Reverted = { revertPullRequest: { revertPullRequest: { number: number; title: string; state: string } } };
  const { revertPullRequest: made } = (await octokit.graphql<Reverted>(query, { id: merged.node_id })).revertPullRequest;
  deepStrictEqual([made.title, made.state], ['Revert "Add a field"', "OPEN"]);
  strictEqual((await pulls.get({ ...penny, pull_number: made.number })).data.base.ref, "master");
  await receiver.wait("pull_request opened", (d) => d.payload["number"] === made.number);
  await refused(200, octokit.graphql(query, { id: "PR_nothing" }).catch((e: { errors?: unknown[] }) => ({ status: e.errors?.length ? 200 : 0 })));
}
