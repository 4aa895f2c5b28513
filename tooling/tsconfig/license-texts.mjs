import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What begins the section of a package: `## seedrandom - 3.0.5 (MIT)`. */
const heading = /^## (?<name>\S+) - (?<version>\S+?)(?: \(.*\))?$/;

const installed = fileURLToPath(new URL("../../node_modules/.pnpm/", import.meta.url));

/**
 * A package's folder, of which the lockfile may have several alike.
 *
 * @param {string} name
 * @param {string} version
 * @returns {string}
 */
function folderOf(name, version) {
  const start = `${name.replace("/", "+")}@${version}`;
  const found = readdirSync(installed).find((each) => each === start || each.startsWith(`${start}_`));
  if (found === undefined) throw new Error(`${name} ${version} is bundled, but not installed.`);
  return join(installed, found, "node_modules", name);
}

/** @param {string} text @returns {string | undefined} What a README says under its heading of a licence. */
export function licenseInReadme(text) {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const isRule = (/** @type {string | undefined} */ line) => line !== undefined && /^(-{3,}|={3,})\s*$/.test(line);
  const isHeading = (/** @type {number} */ place) => /^#+ /.test(lines[place] ?? "") || isRule(lines[place + 1]);
  const start = lines.findIndex((line, place) => /^[#\s]*licen[cs]e\b/i.test(line) && isHeading(place));
  if (start === -1) return undefined;
  const first = isRule(lines[start + 1]) ? start + 2 : start + 1;
  const next = lines.findIndex((_, place) => place >= first && isHeading(place));
  const section = lines
    .slice(first, next === -1 ? undefined : next)
    .join("\n")
    .trim();
  // A name or a link is no licence.
  return /copyright/i.test(section) && section.length > 500 ? section : undefined;
}

/** @param {string} code @returns {string | undefined} The notice that begins a module, without the marks of a comment. */
export function licenseInCode(code) {
  const comment = /^\s*\/\*\*?([\s\S]*?)\*\//.exec(code)?.[1];
  if (comment === undefined || !/copyright/i.test(comment) || !/licen[cs]ed? /i.test(comment)) return undefined;
  return comment
    .replace(/^\s*\* ?/gm, "")
    .replace(/@license\s*/, "")
    .replace(/^={10,}$/gm, "")
    .trim();
}

/** @param {string} folder @returns {string | undefined} */
function licenseOf(folder) {
  const readme = readdirSync(folder).find((name) => /^readme(\.md)?$/i.test(name));
  const told = readme && licenseInReadme(readFileSync(join(folder, readme), "utf8"));
  if (told) return told;
  const { module, main = "index.js" } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return licenseInCode(readFileSync(join(folder, module ?? main), "utf8"));
}

/**
 * The licences of what Vite has bundled, also of packages that have no file of it: those tell it in their README or code.
 *
 * @param {string} text As Vite writes it.
 * @param {(name: string, version: string) => string | undefined} find The licence of a package that has no file.
 * @returns {string}
 */
export function withLicenses(text, find = (name, version) => licenseOf(folderOf(name, version))) {
  const sections = text.replaceAll("\r\n", "\n").split(/^(?=## )/m);
  const written = sections.map((section) => {
    const [title = "", ...rest] = section.split("\n");
    const { name = "", version = "" } = heading.exec(title)?.groups ?? {};
    if (name === "" || rest.join("").trim() !== "") return section;
    const found = find(name, version);
    if (found === undefined) throw new Error(`${name} ${version} is bundled, and has no licence's text.`);
    // A notice that only refers to its licence needs it beside.
    if (/Apache License/.test(found) && !/TERMS AND CONDITIONS FOR USE/.test(text)) {
      throw new Error(`${name} ${version} is bundled, and refers to a licence that nothing bundled holds.`);
    }
    return `${title}\n\n${found}\n\n`;
  });
  return `${written.join("").trimEnd()}\n`;
}

/**
 * A plugin of Vite that completes the licences beside what it has built.
 *
 * @param {string} fileName As in `build.license`.
 */
export function completeLicenses(fileName) {
  return {
    name: "featuremap-complete-licenses",
    /** @param {{ readonly dir?: string }} options */
    writeBundle({ dir = "" }) {
      const file = join(dir, fileName);
      writeFileSync(file, withLicenses(readFileSync(file, "utf8")));
    },
  };
}
