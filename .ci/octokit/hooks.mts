// What is asked about webhooks: they are made, changed, listed, and a delivery that was refused is sent again.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";

import { octokit, penny, refused } from "./client.mjs";
import { receiver, until } from "./receiver.mjs";

const { repos } = octokit.rest;

// hooks makes a hook for all events and gives its id.
export async function hooks(): Promise<number> {
  const url = await receiver.listen();
  const config = { url, content_type: "json", secret: receiver.secret };
  const { data: made } = await repos.createWebhook({ ...penny, config, events: ["push"] });
  const hook_id = made.id;
  strictEqual(made.config.secret, "********");
  strictEqual((await receiver.wait("ping")).payload["hook_id"], hook_id);
  await refused(422, repos.createWebhook({ ...penny, config, events: ["push"] }));
  const { data: changed } = await repos.updateWebhook({ ...penny, hook_id, events: ["*"], active: true });
  deepStrictEqual(changed.events, ["*"]);
  strictEqual((await repos.listWebhooks(penny)).data[0]?.id, hook_id);
  const { data: shown } = await until("answered ping", async () => {
    const got = await repos.getWebhook({ ...penny, hook_id });
    return got.data.last_response.code === 202 ? got : undefined;
  });
  strictEqual(shown.config.url, url);
  strictEqual((await repos.getWebhookConfigForRepo({ ...penny, hook_id })).data.content_type, "json");
  await repos.updateWebhookConfigForRepo({ ...penny, hook_id, content_type: "json" });
  strictEqual((await repos.pingWebhook({ ...penny, hook_id })).status, 204);
  return hook_id;
}

// redeliveries finds the delivery that was refused, and has it sent once more.
export async function redeliveries(hook_id: number): Promise<void> {
  const failures = await octokit.paginate(repos.listWebhookDeliveries, { ...penny, hook_id, status: "failure" as const, per_page: 1 });
  deepStrictEqual(failures.map((d) => [d.event, d.status_code]), [["push", 500]]);
  const failed = failures[0]!;
  const { data: whole } = await repos.getWebhookDelivery({ ...penny, hook_id, delivery_id: failed.id });
  strictEqual(whole.response.payload, "refused");
  ok((await octokit.paginate(repos.listWebhookDeliveries, { ...penny, hook_id, per_page: 5 })).length > 10);

  strictEqual((await repos.redeliverWebhookDelivery({ ...penny, hook_id, delivery_id: failed.id })).status, 202);
  const sent = await until("redelivery", () => {
    const both = receiver.got.filter((d) => d.guid === failed.guid);
    return both.length === 2 ? both : undefined;
  });
  ok(sent[0]!.body.equals(sent[1]!.body), "the bytes differ");
  const again = await until("redelivery in the list", async () => {
    const { data } = await repos.listWebhookDeliveries({ ...penny, hook_id });
    return data.find((d) => d.guid === failed.guid && d.redelivery);
  });
  deepStrictEqual([again.status_code, again.id === failed.id], [202, false]);
  strictEqual((await repos.deleteWebhook({ ...penny, hook_id })).status, 204);
  await refused(404, repos.getWebhook({ ...penny, hook_id }));
}
