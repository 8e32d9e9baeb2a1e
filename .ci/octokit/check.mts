// The conversation: octokit asks the simulator for all that it can be asked, as a program written for the real GitHub
// does. tsc has checked the program against octokit's types, so what it reads of an answer is what GitHub promises; the
// oracle judges each whole answer when it comes. It ends with status 1 when anything is amiss.
import { cancels, dispatches, reruns } from "./actions.mjs";
import { apps } from "./apps.mjs";
import { hooks, redeliveries } from "./hooks.mjs";
import { proveOracle, verdict } from "./oracle.mjs";
import { merges, mergesOthers, reverts } from "./pulls.mjs";
import { compares, deployments, repository, statuses } from "./reads.mjs";
import { receiver } from "./receiver.mjs";

let broken = 0;

// part plays a part of the conversation; one that fails does not keep the next from being played.
async function part<T>(name: string, play: Promise<T>): Promise<T | undefined> {
  try {
    return await play;
  } catch (e) {
    broken++;
    console.error(`FAULT ${name}: ${e instanceof Error ? e.stack : JSON.stringify(e)}`);
    return undefined;
  }
}

proveOracle();
await part("repository", repository());
await part("compare", compares());
const hook = await part("hooks", hooks());
await part("re-runs", reruns());
await part("dispatch", dispatches());
await part("cancel", cancels());
await part("statuses", statuses());
await part("deployments", deployments());
await part("merge", merges());
await part("revert", reverts());
await part("other merges", mergesOthers());
await part("app", apps());
if (hook) await part("redelivery", redeliveries(hook));
receiver.close();
console.log(`${receiver.got.length} webhooks came`);
process.exitCode = verdict() + broken > 0 ? 1 : 0;
