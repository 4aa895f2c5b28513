/* Packs every published package as `pnpm publish` would, and checks what a user would get. */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { runProcess } from "../release/processes.mjs";
import { packageFolders, root, toolEnvironment } from "../release/workspace.mjs";

const attw = join(import.meta.dirname, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {unknown} [exports]
 * @property {{ readonly directory?: string, readonly url?: string }} [repository]
 * @property {string} [homepage]
 * @property {{ readonly url?: string }} [bugs]
 * @property {readonly string[]} [keywords]
 */

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
function missingFacts(folder, { repository, homepage, bugs, keywords = [] }) {
  const directory = relative(root, folder).replaceAll("\\", "/");
  const facts = [
    { name: "repository.url", value: repository?.url, expected: `git+${address}.git` },
    { name: "repository.directory", value: repository?.directory, expected: directory },
    { name: "homepage", value: homepage, expected: `${address}/tree/main/${directory}#readme` },
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
    const files = listed.output.split(/\r?\n/);
    for (const name of ["LICENSE", "CHANGELOG.md"]) {
      if (!files.includes(`package/${name}`)) problems.push(`The package has no ${name}.`);
    }
    // A package that is only a command has no types to check.
    if (manifest.exports === undefined) return problems;
    // Every package is ESM: CommonJS and the resolution of Node 10 are not served.
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

let failures = 0;
for (const folder of packageFolders()) {
  const manifest = await readManifest(folder);
  if (manifest.private === true) continue;
  const problems = [
    ...missingFacts(folder, manifest),
    ...(await missingChanges(folder, manifest)),
    ...(await problemsOf(folder, manifest)),
  ];
  if (problems.length === 0) console.log(`${manifest.name}: good`);
  else {
    failures++;
    console.error(`${manifest.name}:\n${problems.join("\n")}`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;
