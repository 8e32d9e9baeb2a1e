// What is asked about Actions: runs, attempts, jobs and logs are read, run again, started and cancelled.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { RestEndpointMethodTypes } from "@octokit/rest";

import { blobUrl, need, octokit, penny, refused, type Refusal } from "./client.mjs";
import { receiver, until } from "./receiver.mjs";

const { actions } = octokit.rest;

type Run = RestEndpointMethodTypes["actions"]["getWorkflowRun"]["response"]["data"];

// finished waits for an attempt to end.
async function finished(run_id: number, attempt: number): Promise<Run> {
  return until(`end of attempt ${attempt}`, async () => {
    const { data } = await actions.getWorkflowRun({ ...penny, run_id });
    return data.run_attempt === attempt && data.status === "completed" ? data : undefined;
  });
}

async function jobsOf(run_id: number, filter: "latest" | "all") {
  return octokit.paginate(actions.listJobsForWorkflowRun, { ...penny, run_id, filter, per_page: 2 });
}

// log fetches a job's log twice: looking at the redirect, and following it as octokit does by itself. The other host
// refuses whoever brings it our token.
async function log(job_id: number): Promise<string> {
  const first = await actions.downloadJobLogsForWorkflowRun({ ...penny, job_id, request: { redirect: "manual" } });
  strictEqual(first.status as number, 302);
  ok(first.headers.location?.startsWith(blobUrl), `the log is at ${first.headers.location}`);
  const withToken = await fetch(String(first.headers.location), { headers: { Authorization: `Bearer ${need("GITHUB_TOKEN")}` } });
  strictEqual(withToken.status, 400);
  const followed = await actions.downloadJobLogsForWorkflowRun({ ...penny, job_id });
  strictEqual(followed.status as number, 200);
  ok(followed.url.startsWith(blobUrl));
  return String(followed.data);
}

// reruns takes the failed run of the past and runs it again in all three ways.
export async function reruns(): Promise<void> {
  const { data: list } = await actions.listWorkflowRunsForRepo({ ...penny, branch: "master", event: "push", status: "failure" });
  strictEqual(list.total_count, 1);
  const run_id = list.workflow_runs[0]!.id;
  const { data: workflows } = await actions.listRepoWorkflows(penny);
  strictEqual(workflows.workflows[0]?.path, ".github/workflows/ci.yml");
  await actions.getWorkflow({ ...penny, workflow_id: "ci.yml" });
  const { data: ofFile } = await actions.listWorkflowRuns({ ...penny, workflow_id: "ci.yml", per_page: 1 });
  strictEqual(ofFile.workflow_runs[0]?.id, run_id);

  const before = await jobsOf(run_id, "latest");
  const broken = before.find((j) => j.conclusion === "failure")!;
  strictEqual(broken.steps?.find((s) => s.conclusion === "failure")?.name, "Test with pytest");
  ok((await log(broken.id)).includes("##[error]Process completed with exit code 1."));
  const zip = await actions.downloadWorkflowRunLogs({ ...penny, run_id });
  strictEqual(Buffer.from(zip.data as ArrayBuffer).toString("latin1", 0, 2), "PK");

  strictEqual((await actions.reRunWorkflowFailedJobs({ ...penny, run_id })).status, 201);
  const second = await finished(run_id, 2);
  deepStrictEqual([second.id, second.conclusion, second.triggering_actor?.login], [run_id, "success", "alice"]);
  const { data: own } = await actions.listJobsForWorkflowRunAttempt({ ...penny, run_id, attempt_number: 2 });
  const again = own.jobs.find((j) => j.name === broken.name)!;
  ok(again.id !== broken.id && again.run_id === run_id && again.run_attempt === 2);
  strictEqual((await jobsOf(run_id, "all")).length, before.length + own.jobs.length);
  const { data: first } = await actions.getWorkflowRunAttempt({ ...penny, run_id, attempt_number: 1 });
  strictEqual(first.conclusion, "failure");
  const unsealed = await actions.downloadJobLogsForWorkflowRun({ ...penny, job_id: again.id }).catch((e: Refusal) => e);
  ok(unsealed.status === 404 || (unsealed.status as number) === 200);

  strictEqual((await actions.reRunWorkflow({ ...penny, run_id, enable_debug_logging: true })).status, 201);
  await finished(run_id, 3);
  const { data: third } = await actions.listJobsForWorkflowRunAttempt({ ...penny, run_id, attempt_number: 3 });
  strictEqual(third.jobs.length, before.length);
  const text = await until("sealed log", () => log(third.jobs[0]!.id).catch((e: Refusal) => (e.status === 404 ? undefined : Promise.reject(e))));
  ok(text.includes("##[debug]"));

  const { data: job } = await actions.getJobForWorkflowRun({ ...penny, job_id: third.jobs[0]!.id });
  strictEqual((await actions.reRunJobForWorkflowRun({ ...penny, job_id: job.id })).status, 201);
  await finished(run_id, 4);
  await refused(409, actions.cancelWorkflowRun({ ...penny, run_id }));
}

export async function dispatches(): Promise<void> {
  const t0 = new Date(Date.now() - 1000).toISOString();
  strictEqual((await actions.createWorkflowDispatch({ ...penny, workflow_id: "backup.yml", ref: "master", inputs: { what: "data" } })).status, 204);
  const run = await until("dispatched run", async () => {
    const { data } = await actions.listWorkflowRuns({ ...penny, workflow_id: "backup.yml", event: "workflow_dispatch", created: `>=${t0}` });
    return data.workflow_runs[0];
  });
  await finished(run.id, 1);
  // octokit's types do not know yet that it can be asked for the run; the descriptions do.
  const asked: { status: number; data: unknown } = await actions.createWorkflowDispatch({ ...penny, workflow_id: "backup.yml", ref: "master", return_run_details: true });
  strictEqual(asked.status, 200);
  await finished((asked.data as { workflow_run_id: number }).workflow_run_id, 1);
  await refused(422, actions.createWorkflowDispatch({ ...penny, workflow_id: "backup.yml", ref: "nowhere" }));
}

// cancels ends a run that would take long.
export async function cancels(): Promise<void> {
  const asked: { data: unknown } = await actions.createWorkflowDispatch({ ...penny, workflow_id: "long.yml", ref: "master", return_run_details: true });
  const run_id = (asked.data as { workflow_run_id: number }).workflow_run_id;
  await refused(403, actions.reRunWorkflow({ ...penny, run_id }));
  strictEqual((await actions.cancelWorkflowRun({ ...penny, run_id })).status, 202);
  strictEqual((await finished(run_id, 1)).conclusion, "cancelled");
  await receiver.wait("workflow_run completed", (d) => d.payload["workflow_run"].id === run_id);
}
