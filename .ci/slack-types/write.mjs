// Writes a program that assigns each message and view of a folder to its type, and fails when there are too few.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const least = 50; // of so many conversations there are more; fewer means that they were not written down

const [folder, out] = process.argv.slice(2);
const names = readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
if (names.length < least) {
  console.error(`slack-types: the conversations wrote ${names.length} messages and views; there must be ${least} at least`);
  process.exit(1);
}
const lines = ['import type { Message, View } from "../../shown.mjs";'];
for (const [i, name] of names.entries()) {
  const type = name.startsWith("view-") ? "View" : "Message";
  const json = JSON.stringify(JSON.parse(readFileSync(`${folder}/${name}`, "utf8")));
  lines.push(`export const m${i + 1}: ${type} = ${json};`);
}
mkdirSync(out.slice(0, out.lastIndexOf("/")), { recursive: true });
writeFileSync(out, lines.join("\n") + "\n");
console.log(`${names.length} messages and views`);
