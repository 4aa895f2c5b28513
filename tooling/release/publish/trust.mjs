/*
 * Names the release workflow as trusted publisher of every package: once, by a maintainer who has run `npm login`. Repeated after a
 * break, it goes on with those that are left.
 */
import { setTimeout as pause } from "node:timers/promises";
import { runProcess } from "../processes.mjs";
import { publishedPackages } from "./packages.mjs";
import { publisher, trustedPublisher } from "./trusted.mjs";

const shell = process.platform === "win32";
const { repository, file, environment } = publisher;
const options = ["--repo", repository, "--file", file, "--env", environment, "--allow-publish", "--yes"];
// What npm's help recommends, so as not to be refused for too many requests.
const milliseconds = 2000;
const failed = [];
for (const [index, { name }] of publishedPackages().entries()) {
  if (index > 0) await pause(milliseconds);
  const set = await runProcess("npm", ["trust", "github", name, ...options], { shell });
  if (set.code === 0) continue;
  await pause(milliseconds);
  const listed = await runProcess("npm", ["trust", "list", name, "--json"], { shell, capture: true });
  // Captured, npm cannot ask for the second factor.
  const found = listed.code === 0 ? trustedPublisher(listed.output) : "unknown";
  if (found === "set") console.log(`${name}: already set.`);
  else if (found === "unknown") failed.push(`${name} (or set before: its list could not be read)`);
  else failed.push(found === "other" ? `${name} (trusts another publisher)` : name);
}
if (failed.length > 0) {
  console.error(`Not set: ${failed.join(", ")}. "npm trust list NAME" shows what is; "npm trust revoke" undoes it.`);
}
process.exitCode = failed.length === 0 ? 0 : 1;
