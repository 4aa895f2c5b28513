/**
 * A version's section of a changelog, without its heading.
 *
 * @param {string} changelog
 * @param {string} version
 * @returns {string} Empty if the package only followed the others.
 */
export function changesOf(changelog, version) {
  const lines = changelog.split(/\r?\n/);
  const start = lines.indexOf(`## ${version}`);
  if (start === -1) throw new Error(`The changelog has no section "## ${version}".`);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  return lines
    .slice(start + 1, length === -1 ? undefined : start + 1 + length)
    .join("\n")
    .trim();
}
