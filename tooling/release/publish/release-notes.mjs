/* Prints what a release brings, from the changelogs of all packages: the text of its page on GitHub. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { changesOf } from "./changes.mjs";
import { ReleaseError, runStep } from "./failures.mjs";
import { publishedPackages } from "./packages.mjs";

await runStep(async () => {
  const sections = publishedPackages().flatMap(({ name, version, folder }) => {
    const file = join(folder, "CHANGELOG.md");
    if (!existsSync(file)) throw new ReleaseError(`${name} has no CHANGELOG.md.`);
    const changes = changesOf(readFileSync(file, "utf8"), version, file);
    return changes === "" ? [] : [`## ${name}\n\n${changes}\n`];
  });
  process.stdout.write(sections.join("\n"));
});
