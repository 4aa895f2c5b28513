import { ReleaseError } from "./failures.mjs";

/**
 * A version's section of a changelog, without its heading.
 *
 * @param {string} changelog
 * @param {string} version
 * @param {string} [file] What the changelog is called where it lacks the section.
 * @returns {string} Empty if the package only followed the others.
 */
export function changesOf(changelog, version, file = "The changelog") {
  const lines = changelog.split(/\r?\n/);
  const start = lines.indexOf(`## ${version}`);
  if (start === -1) throw new ReleaseError(`${file} has no section "## ${version}".`);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  return lines
    .slice(start + 1, length === -1 ? undefined : start + 1 + length)
    .join("\n")
    .trim();
}
