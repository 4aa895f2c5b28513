/*
 * What users can import, as one readable report for each entry point: `npm run api` writes them to `packages/<name>/api`, and the check
 * `api` fails where a report and the built declarations differ, so that no change of the surface is overlooked in a review.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { runProcess } from "../../release/processes.mjs";
import { publishedPackages } from "../../release/publish/packages.mjs";
import { root } from "../../release/workspace.mjs";
import { extractReports } from "./extract.mjs";

const folders = publishedPackages().map(({ folder }) => folder);

/** Reports that are in the repository. @returns {string[]} */
function committedReports() {
  return folders
    .map((folder) => join(folder, "api"))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
}

/** @param {string} committed @param {string} report @returns {Promise<string>} What differs, line by line. */
async function differenceOf(committed, report) {
  const from = existsSync(committed) ? committed : devNull;
  const parameters = ["diff", "--no-index", "--no-color", "--unified=2", from, report];
  const { output } = await runProcess("git", parameters, { cwd: root, capture: true });
  const start = output.indexOf("\n@@");
  return start === -1 ? output : output.slice(start + 1);
}

const write = process.argv.includes("--write");
const reports = mkdtempSync(join(tmpdir(), "api-"));
/** @type {string[]} */
const problems = [];
try {
  const found = new Set();
  for (const { folder, name, report } of extractReports(folders, reports)) {
    const committed = join(folder, "api", `${name}.api.md`);
    found.add(committed);
    // A checkout on Windows may have changed the ends of lines.
    const before = existsSync(committed) ? readFileSync(committed, "utf8").replaceAll("\r\n", "\n") : undefined;
    if (before === readFileSync(report, "utf8")) continue;
    if (write) {
      mkdirSync(join(folder, "api"), { recursive: true });
      copyFileSync(report, committed);
      console.log(`Wrote ${relative(root, committed)}`);
    } else {
      const difference = await differenceOf(committed, report);
      problems.push(`${relative(root, committed)} is not what users can import:\n${difference}`);
    }
  }
  for (const stale of committedReports().filter((file) => !found.has(file))) {
    if (write) rmSync(stale);
    else problems.push(`${relative(root, stale)} belongs to no entry point.`);
  }
} finally {
  rmSync(reports, { recursive: true });
}
if (problems.length > 0) {
  console.log([...problems, "If this is meant, run `npm run api` and commit the reports."].join("\n"));
  process.exitCode = 1;
}
