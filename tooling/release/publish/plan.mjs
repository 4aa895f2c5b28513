/* What a commit on main calls for: a version pull request, a release, a canary. Written to GITHUB_OUTPUT, one line each. */
import { appendFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.mjs";
import { runStep } from "./failures.mjs";
import { publishedPackages } from "./packages.mjs";
import { planRelease } from "./plan-release.mjs";
import { readPublication } from "./registry.mjs";

await runStep(async () => {
  const changesets = readdirSync(join(root, ".changeset")).filter(
    (name) => name.endsWith(".md") && name !== "README.md",
  );
  const packages = await Promise.all(
    publishedPackages().map(async ({ name, version }) => ({ name, version, publication: await readPublication(name) })),
  );
  const { reason, ...plan } = planRelease(changesets.length, packages);
  console.log(reason);
  const lines = Object.entries(plan).map(([name, value]) => `${name}=${value}\n`);
  const file = process.env["GITHUB_OUTPUT"];
  if (file !== undefined) appendFileSync(file, lines.join(""));
  else process.stdout.write(lines.join(""));
});
