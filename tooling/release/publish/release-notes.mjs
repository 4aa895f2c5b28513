/* Prints what a release brings, from the changelogs of all packages: the text of its page on GitHub. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { changesOf } from "./changes.mjs";
import { publishedPackages } from "./packages.mjs";

const sections = publishedPackages().flatMap(({ name, version, folder }) => {
  const changes = changesOf(readFileSync(join(folder, "CHANGELOG.md"), "utf8"), version);
  return changes === "" ? [] : [`## ${name}\n\n${changes}\n`];
});
process.stdout.write(sections.join("\n"));
