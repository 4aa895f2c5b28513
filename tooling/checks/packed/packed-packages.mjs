/*
 * Packs every published package as `pnpm publish` would, and checks what a user would get. `--write-notices`, which is
 * `npm run notices`, writes the licences of what is bundled instead.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { runProcess } from "../../release/processes.mjs";
import { packageFolders, root, toolEnvironment } from "../../release/workspace.mjs";
import { bareHeadings, noticeOf, unnoticedPackages } from "./notices.mjs";
import { declarationMapProblems, sourceMapProblems } from "./source-maps.mjs";

const attw = join(import.meta.dirname, "..", "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {{ readonly node?: string }} [engines]
 * @property {unknown} [exports]
 * @property {{ readonly directory?: string, readonly url?: string }} [repository]
 * @property {string} [homepage]
 * @property {{ readonly url?: string }} [bugs]
 * @property {readonly string[]} [keywords]
 */

/** KiB that a package may take packed, which is what a user downloads. @type {Readonly<Record<string, number>>} */
const sizeLimits = JSON.parse(readFileSync(join(import.meta.dirname, "packed-sizes.json"), "utf8"));

/** @type {{ readonly engines: { readonly node: string } }} */
const { engines: rootEngines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Where the repository is to be found, for every package alike. */
const address = "https://github.com/featuremap/featuremap";

/** @param {string} folder @returns {Promise<Manifest>} */
async function readManifest(folder) {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}

/**
 * What a registry shows beside a package's name.
 *
 * @param {string} folder
 * @param {Manifest} manifest
 * @returns {string[]} What is wrong with it.
 */
function missingFacts(folder, { repository, homepage, bugs, engines, keywords = [] }) {
  const directory = relative(root, folder).replaceAll("\\", "/");
  const facts = [
    { name: "repository.url", value: repository?.url, expected: `git+${address}.git` },
    { name: "repository.directory", value: repository?.directory, expected: directory },
    { name: "homepage", value: homepage, expected: `${address}/tree/main/${directory}#readme` },
    { name: "engines.node", value: engines?.node, expected: rootEngines.node },
    { name: "bugs.url", value: bugs?.url, expected: `${address}/issues` },
    { name: "keywords", value: keywords.includes("featuremap") && keywords.length > 3, expected: true },
  ];
  return facts
    .filter(({ value, expected }) => value !== expected)
    .map(({ name, value, expected }) => `package.json: ${name} must be ${expected}, found ${value}.`);
}

/**
 * @param {string} folder
 * @param {Manifest} manifest
 * @returns {Promise<string[]>} What is wrong with its changelog.
 */
async function missingChanges(folder, { version }) {
  const file = join(folder, "CHANGELOG.md");
  const text = existsSync(file) ? await readFile(file, "utf8") : "";
  return text.split(/\r?\n/).includes(`## ${version}`) ? [] : [`CHANGELOG.md has no section "## ${version}".`];
}

/** @param {string} folder @returns {string[]} What is wrong with the licences of what it bundles. */
function noticeProblems(folder) {
  const file = join(folder, "NOTICE.md");
  const before = existsSync(file) ? readFileSync(file, "utf8").replaceAll("\r\n", "\n") : undefined;
  const problems = unnoticedPackages(folder).map((source) => `dist holds code of others: ${source}.`);
  const notice = noticeOf(folder);
  for (const name of bareHeadings(notice ?? "")) problems.push(`NOTICE.md has no licence of ${name}.`);
  if (before !== notice) problems.push("NOTICE.md is not what the package bundles: run `npm run notices`.");
  return problems;
}

/** @param {string} name @param {string} tarball @returns {Promise<string[]>} */
async function sizeProblems(name, tarball) {
  const limit = sizeLimits[name];
  if (limit === undefined) return ["packed-sizes.json has no limit for it."];
  const size = Math.ceil((await stat(tarball)).size / 1024);
  return size <= limit ? [] : [`It takes ${size} KiB packed; packed-sizes.json allows ${limit}.`];
}

/**
 * @param {string} folder
 * @param {Manifest} manifest
 * @returns {Promise<string[]>} What is wrong with the package.
 */
async function problemsOf(folder, manifest) {
  const destination = await mkdtemp(join(tmpdir(), "packed-"));
  try {
    const packed = await runProcess("pnpm", ["pack", "--pack-destination", destination], {
      cwd: folder,
      env: toolEnvironment,
      capture: true,
      shell: process.platform === "win32",
    });
    const [file] = await readdir(destination);
    if (packed.code !== 0 || file === undefined) return [packed.output];
    const tarball = join(destination, file);
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(await readFile(tarball)).buffer } });
    const problems = messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
    // pnpm adds the repository's own, unless a file anywhere in the package has "license" in its name.
    const listed = await runProcess("tar", ["-tzf", tarball], { capture: true });
    const files = listed.output.split(/\r?\n/).map((path) => path.replace(/^package\//, ""));
    for (const name of ["LICENSE", "CHANGELOG.md", ...(existsSync(join(folder, "NOTICE.md")) ? ["NOTICE.md"] : [])]) {
      if (!files.includes(name)) problems.push(`The package has no ${name}.`);
    }
    problems.push(
      ...(await sizeProblems(manifest.name, tarball)),
      ...sourceMapProblems(folder, files),
      ...declarationMapProblems(folder, files),
    );
    // A package that is only a command has no types to check.
    if (manifest.exports === undefined) return problems;
    // Every package is ESM, which Node can require() too; the resolution of Node 10 is not served.
    const types = await runProcess(
      process.execPath,
      [attw, tarball, "--profile", "esm-only", "--format", "ascii", "--no-emoji", "--no-color"],
      { env: toolEnvironment, capture: true },
    );
    return types.code === 0 ? problems : [...problems, types.output];
  } finally {
    await rm(destination, { recursive: true });
  }
}

/** @param {string} folder @param {Manifest} manifest */
async function check(folder, manifest) {
  const problems = [
    ...missingFacts(folder, manifest),
    ...(await missingChanges(folder, manifest)),
    ...noticeProblems(folder),
    ...(await problemsOf(folder, manifest)),
  ];
  if (problems.length === 0) console.log(`${manifest.name}: good`);
  else {
    console.error(`${manifest.name}:\n${problems.join("\n")}`);
    process.exitCode = 1;
  }
}

/** @param {string} folder */
async function writeNotice(folder) {
  const notice = noticeOf(folder);
  for (const name of bareHeadings(notice ?? ""))
    throw new Error(`${folder}: nothing bundled tells the licence of ${name}.`);
  if (notice === undefined) await rm(join(folder, "NOTICE.md"), { force: true });
  else writeFileSync(join(folder, "NOTICE.md"), notice);
}

/** Packages whose turn has not come. */
const waiting = packageFolders();

async function work() {
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const manifest = await readManifest(folder);
    if (manifest.private === true) continue;
    await (process.argv.includes("--write-notices") ? writeNotice(folder) : check(folder, manifest));
  }
}

// Each package waits for two other programs, one after the other.
await Promise.all([work(), work()]);
