import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../../release/workspace.mjs";

const images = join(root, "packages", "images");

/** A part of libjpeg-turbo's binary as packages hold it, wherever a bundler has put it. */
function decoderSample() {
  return readFileSync(join(images, "embedded", "jpeg-turbo.js"), "utf8").slice(1000, 1100);
}

/** @param {string} file */
function read(file) {
  return readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim();
}

/** The library whose code the AssemblyScript compiler puts into kernels. */
function assemblyScript() {
  const manifest = createRequire(join(images, "package.json")).resolve("assemblyscript/package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  const texts = ["LICENSE", "NOTICE"].map((name) => read(join(manifest, "..", name)));
  return `## AssemblyScript's standard library - ${version} (Apache-2.0)\n\n${texts.join("\n\n")}`;
}

/** What Vite wrote about the packages in a bundle. @param {string} file */
function bundledPackages(file) {
  const text = read(file);
  return text.slice(text.indexOf("\n## ") + 1);
}

/** @param {string} folder @returns {string[]} The files in a folder and below. */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * The licences of all code of others in a built package, found by what its files hold.
 *
 * @param {string} folder
 * @returns {string | undefined} Its NOTICE.md; `undefined` where all is our own.
 */
export function noticeOf(folder) {
  const files = ["dist", "embedded", "worker"].flatMap((name) => filesIn(join(folder, name)));
  const texts = files.filter((file) => /\.(js|html)$/.test(file)).map((file) => readFileSync(file, "utf8"));
  const sample = decoderSample();
  /** @type {string[]} */
  const sections = [];
  for (const file of files.filter((name) => name.endsWith("third-party.md"))) sections.push(bundledPackages(file));
  for (const file of files.filter((name) => name.endsWith("typefaces.txt")))
    sections.push(`## Typefaces\n\n${read(file)}`);
  if (texts.some((text) => text.includes(sample))) sections.push(read(join(images, "jpeg-turbo", "notice.md")));
  // The magic number of WebAssembly, as it is, and compressed and written as base64.
  if (texts.some((text) => /["'`](AGFzbQ|H4sI)/.test(text))) sections.push(assemblyScript());
  if (sections.length === 0) return undefined;
  return `# Software of others in this package\n\n${sections.join("\n\n")}\n`;
}

/**
 * Software that a notice names without its licence.
 *
 * @param {string} notice
 * @returns {string[]}
 */
export function bareHeadings(notice) {
  return notice
    .split(/^(?=## )/m)
    .filter((section) => /^## .*\s*$/.test(section))
    .map((section) => section.replace(/^## /, "").trim());
}

/**
 * Packages of others that a bundler has put among a package's own modules, as source maps tell.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function unnoticedPackages(folder) {
  const maps = filesIn(join(folder, "dist")).filter((file) => file.endsWith(".js.map"));
  const sources = maps.flatMap((file) => JSON.parse(readFileSync(file, "utf8")).sources);
  return sources.filter((source) => String(source).includes("node_modules"));
}
