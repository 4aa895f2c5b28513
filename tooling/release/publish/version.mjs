/* Gives pending changes a version, and writes them into the changelogs: what the version pull request consists of. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../processes.mjs";
import { install, root, toolEnvironment } from "../workspace.mjs";
import { withNewRanges } from "./example-ranges.mjs";
import { publishedPackages } from "./packages.mjs";

/** @param {string} command @param {readonly string[]} parameters */
async function run(command, parameters) {
  const { code } = await runProcess(command, parameters, {
    cwd: root,
    env: toolEnvironment,
    shell: process.platform === "win32",
  });
  if (code !== 0) process.exit(code);
}

if ((await install()) !== 0) process.exit(1);
await run("changeset", ["version"]);
const versions = new Map(publishedPackages().map(({ name, version }) => [name, version]));
const examples = join(root, "examples");
for (const file of readdirSync(examples).map((name) => join(examples, name, "package.json"))) {
  if (existsSync(file)) writeFileSync(file, withNewRanges(readFileSync(file, "utf8"), versions));
}
await run("oxfmt", []);
