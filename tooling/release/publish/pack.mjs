/*
 * Builds what is published and packs it into a folder: `node tooling/release/publish/pack.mjs FOLDER`. With `--built` behind it, it packs
 * what the rehearsal has built, while other tests read that.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runProcess, stopSignal } from "../processes.mjs";
import { UsageError } from "../rehearsal/options.mjs";
import { build, install, packageFolders, root, toolEnvironment } from "../workspace.mjs";
import { ReleaseError, runStep } from "./failures.mjs";
import { missingFiles } from "./named-files.mjs";
import { publishedPackages } from "./packages.mjs";
import { readTarball } from "./tarball.mjs";

/** @param {readonly string[]} parameters @returns {string} The folder to pack into, which holds nothing yet. */
function chosenFolder([target, ...more]) {
  if (target === undefined || target.startsWith("-") || more.length > 0) {
    throw new UsageError("npm run release:pack -- FOLDER: say into which folder.");
  }
  const folder = resolve(target);
  if (!existsSync(folder)) return folder;
  if (!statSync(folder).isDirectory()) throw new ReleaseError(`${folder} is no folder.`);
  if (readdirSync(folder).length > 0) throw new ReleaseError(`${folder} is not empty.`);
  return folder;
}

/** @param {readonly import("./packages.mjs").PublishedPackage[]} packages */
async function prepare(packages) {
  // A canary's manifests no longer agree with the lockfile, from which its machine has installed everything before.
  const isCanary = packages.some(({ version }) => version.includes("-canary."));
  if (!isCanary) await requireCommitted();
  // A build leaves what earlier ones made under other names, which would be published too.
  for (const folder of packageFolders()) rmSync(join(folder, "dist"), { recursive: true, force: true });
  for (const [name, step] of Object.entries(isCanary ? { build } : { install, build })) {
    const code = await step();
    if (code !== 0 || stopSignal() !== undefined)
      throw new ReleaseError(`Nothing is packed: ${name} ended with ${code}.`);
  }
}

/** @throws {ReleaseError} Files differ from the commit that the packages would say they were built from. */
async function requireCommitted() {
  const { code, output } = await runProcess("git", ["status", "--porcelain"], { cwd: root, capture: true });
  if (code !== 0) throw new ReleaseError(`Nothing is packed. git status: ${output.trim()}`);
  const changed = output.split("\n").flatMap((line) => (line === "" ? [] : [line.slice(3)]));
  if (changed.length === 0) return;
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
  throw new ReleaseError(`Nothing is packed: commit first ${changed.slice(0, 3).join(", ")}${more}.`);
}

/** @param {readonly import("./packages.mjs").PublishedPackage[]} packages @param {string} folder */
async function pack(packages, folder) {
  const filters = packages.flatMap(({ name }) => ["--filter", name]);
  const { code, output } = await runProcess("pnpm", ["--recursive", ...filters, "pack", "--pack-destination", folder], {
    cwd: root,
    env: toolEnvironment,
    capture: true,
    shell: process.platform === "win32",
  });
  if (code !== 0) throw new ReleaseError(`pnpm pack ended with ${code}: ${output.trim()}`);
  const list = [];
  for (const { name, version } of packages) {
    const file = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
    const { manifest, files, integrity } = await readTarball(folder, file);
    const missing = missingFiles(manifest, files);
    if (missing.length > 0) throw new ReleaseError(`${name} lacks what its package.json names: ${missing.join(", ")}.`);
    list.push({ name, version, file, integrity });
  }
  if (stopSignal() !== undefined) throw new ReleaseError("Stopped.");
  writeFileSync(join(folder, "packed.json"), `${JSON.stringify(list, null, 2)}\n`);
  for (const { name, version, file } of list) console.log(`${name}@${version}: ${file}`);
}

await runStep(async () => {
  const parameters = process.argv.slice(2);
  const folder = chosenFolder(parameters.filter((parameter) => parameter !== "--built"));
  const packages = publishedPackages();
  if (!parameters.includes("--built")) await prepare(packages);
  mkdirSync(folder, { recursive: true });
  try {
    await pack(packages, folder);
  } catch (error) {
    // Half a release is of no use, and the next attempt wants an empty folder.
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    throw error;
  }
});
