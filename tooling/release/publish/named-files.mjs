/** @param {unknown} target Of `exports`, `imports` or `bin`. @returns {string[]} Every file that it leads to. */
function filesOf(target) {
  if (typeof target === "string") return [target];
  return typeof target === "object" && target !== null ? Object.values(target).flatMap(filesOf) : [];
}

/** @param {string} pattern As `dist/contract/*.js`. @param {readonly string[]} files */
function isThere(pattern, files) {
  const [start = "", end] = pattern.split("*", 2);
  if (end === undefined) return files.includes(pattern);
  return files.some((file) => file.startsWith(start) && file.endsWith(end) && file.length > start.length + end.length);
}

/**
 * What a package promises and does not hold, as one that was packed before it was built.
 *
 * @param {import("./tarball.mjs").PackedManifest} manifest
 * @param {readonly string[]} files
 * @returns {string[]}
 */
export function missingFiles({ exports, imports, bin }, files) {
  // An import may also lead to another package.
  const named = [...filesOf(exports), ...filesOf(imports).filter((target) => target.startsWith("./")), ...filesOf(bin)];
  const paths = new Set(named.map((target) => target.replace(/^\.\//, "")));
  return [...paths].filter((path) => !isThere(path, files));
}
