// Each line below an @ts-expect-error is wrong, and the check fails when the types do not refuse it: they would be no judge.
import type { Message, View } from "./shown.mjs";

export const right: Message = { text: "x", blocks: [{ type: "divider" }, { type: "section", text: { type: "mrkdwn", text: "x" } }] };
// @ts-expect-error a block of no type
export const w1: Message = { text: "x", blocks: [{ type: "nonsense" }] };
// @ts-expect-error a header takes plain text only
export const w2: Message = { text: "x", blocks: [{ type: "header", text: { type: "mrkdwn", text: "x" } }] };
// @ts-expect-error a context without its elements
export const w3: Message = { text: "x", blocks: [{ type: "context" }] };
// @ts-expect-error a property that a section does not have
export const w4: Message = { text: "x", blocks: [{ type: "section", text: { type: "mrkdwn", text: "x" }, color: "red" }] };
// @ts-expect-error a button's text is no string
export const w5: Message = { text: "x", blocks: [{ type: "actions", elements: [{ type: "button", text: "x", action_id: "a" }] }] };
// @ts-expect-error a message without its fallback
export const w6: Message = { blocks: [{ type: "divider" }] };
// @ts-expect-error a modal without a title
export const w7: View = { type: "modal", blocks: [] };
