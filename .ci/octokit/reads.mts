// What is asked about the repository itself: what is in it, what was compared, written and deployed.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";

import { blobUrl, client, octokit, penny, refused } from "./client.mjs";

const { checks, git, repos } = octokit.rest;

export async function repository(): Promise<void> {
  const { data: repo } = await repos.get(penny);
  strictEqual(repo.full_name, "penny/university");
  strictEqual((await octokit.rest.users.getAuthenticated()).data.login, "alice");
  ok((await octokit.rest.rateLimit.get()).data.resources.core.remaining > 4000);
  const { data: branch } = await repos.getBranch({ ...penny, branch: repo.default_branch });
  const { data: commit } = await repos.getCommit({ ...penny, ref: "master" });
  strictEqual(commit.sha, branch.commit.sha);
  const all = await octokit.paginate(repos.listCommits, { ...penny, per_page: 1 });
  strictEqual(all[0]?.sha, commit.sha);
  strictEqual(all.length, 3);
  const { data: file } = await repos.getContent({ ...penny, path: "app/models.py" });
  ok(!Array.isArray(file) && file.type === "file" && "content" in file);
  strictEqual(Buffer.from(file.content, "base64").toString(), "a = 1\n");
  const { data: folder } = await repos.getContent({ ...penny, path: "app" });
  ok(Array.isArray(folder) && folder.some((f) => f.name === "views.py"));
  const { data: tree } = await git.getTree({ ...penny, tree_sha: "master", recursive: "1" });
  ok(tree.tree.some((t) => t.path === "app/models.py" && t.type === "blob") && !tree.truncated);
  const archive = await repos.downloadTarballArchive({ ...penny, ref: "master" });
  ok(archive.data instanceof ArrayBuffer && archive.url.startsWith(blobUrl));
  await refused(404, repos.get({ ...penny, repo: "elsewhere" }));
  await refused(401, client("ghp_nobody").rest.repos.get(penny));
  await refused(422, repos.getCommit({ ...penny, ref: "0".repeat(40) }));
}

export async function compares(): Promise<void> {
  const { data } = await repos.compareCommitsWithBasehead({ ...penny, basehead: "master...migrations" });
  deepStrictEqual([data.status, data.ahead_by, data.behind_by, data.total_commits], ["diverged", 2, 1, 2]);
  deepStrictEqual(data.files?.map((f) => `${f.status} ${f.filename}`), ["added app/migrations/0002.py", "modified app/models.py"]);
  for (const [i, commit] of data.commits.entries()) {
    const { data: page } = await repos.compareCommitsWithBasehead({ ...penny, basehead: "master...migrations", per_page: 1, page: i + 1 });
    deepStrictEqual([page.commits.map((c) => c.sha), page.total_commits], [[commit.sha], 2]);
  }
  const old = data.merge_base_commit.sha;
  for (const [basehead, status] of [[`master...${old}`, "behind"], [`${old}...master`, "ahead"], ["master...master", "identical"]] as const) {
    strictEqual((await repos.compareCommitsWithBasehead({ ...penny, basehead })).data.status, status);
  }
  await refused(404, repos.compareCommitsWithBasehead({ ...penny, basehead: "master...nowhere" }));
}

export async function statuses(): Promise<void> {
  const { sha } = (await repos.getBranch({ ...penny, branch: "readme/fix" })).data.commit;
  const { data: made } = await repos.createCommitStatus({ ...penny, sha, state: "pending", context: "slipway", description: "waiting", target_url: "https://example.com/7f3a" });
  strictEqual(made.creator?.login, "alice");
  const { data: waiting } = await repos.getCombinedStatusForRef({ ...penny, ref: sha });
  deepStrictEqual([waiting.state, waiting.total_count], ["pending", 1]);
  await repos.createCommitStatus({ ...penny, sha, state: "success", context: "slipway" });
  const { data: combined } = await repos.getCombinedStatusForRef({ ...penny, ref: sha });
  deepStrictEqual([combined.state, combined.statuses[0]?.state], ["success", "success"]);
  strictEqual((await octokit.paginate(repos.listCommitStatusesForRef, { ...penny, ref: sha, per_page: 1 })).length, 2);
  await refused(422, repos.createCommitStatus({ ...penny, sha, state: "success", description: "x".repeat(141) }));
  const { data: runs } = await checks.listForRef({ ...penny, ref: "master" });
  await checks.get({ ...penny, check_run_id: runs.check_runs[0]!.id });
  await checks.listAnnotations({ ...penny, check_run_id: runs.check_runs[0]!.id });
  await checks.listSuitesForRef({ ...penny, ref: "master" });
}

export async function deployments(): Promise<void> {
  const { data: made, status } = await repos.createDeployment({ ...penny, ref: "master", required_contexts: [] });
  ok(status === 201 && "id" in made);
  const deployment_id = made.id;
  await repos.createDeploymentStatus({ ...penny, deployment_id, state: "success" });
  await repos.getDeployment({ ...penny, deployment_id });
  strictEqual((await repos.listDeployments(penny)).data[0]?.id, deployment_id);
  strictEqual((await repos.listDeploymentStatuses({ ...penny, deployment_id })).data[0]?.state, "success");
}
