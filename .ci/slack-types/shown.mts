// What slipway shows, in the words of Slack's types.
import type { HomeView, KnownBlock, MessageAttachment, ModalView } from "@slack/types";

export type Message = { text: string; blocks?: KnownBlock[]; attachments?: MessageAttachment[] };
export type View = HomeView | ModalView;
