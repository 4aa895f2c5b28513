/* Gives every published package the version of a canary, in the checkout of a build machine: nothing is committed. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../processes.mjs";
import { root } from "../workspace.mjs";
import { canaryVersion, withCanaryVersion } from "./canary.mjs";
import { ReleaseError, runStep } from "./failures.mjs";
import { publishedPackages } from "./packages.mjs";

await runStep(async () => {
  const { code, output } = await runProcess("git", ["log", "-1", "--format=%ct %h", "--abbrev=10"], {
    cwd: root,
    capture: true,
  });
  const [seconds, commit] = output.trim().split(" ");
  if (code !== 0 || seconds === undefined || commit === undefined) throw new ReleaseError(`git log: ${output.trim()}`);
  const packages = publishedPackages();
  for (const { folder, version } of packages) {
    const file = join(folder, "package.json");
    const next = canaryVersion(version, new Date(Number(seconds) * 1000), commit);
    writeFileSync(file, withCanaryVersion(readFileSync(file, "utf8"), next));
    console.log(`${file}: ${next}`);
  }
});
