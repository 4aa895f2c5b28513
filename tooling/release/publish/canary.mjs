import { parseVersion } from "./dist-tag.mjs";

/**
 * The version of a commit after a release: `0.1.1-canary.20261130094500-79d6a98c12`. The time comes first, so that of two canaries the
 * newer has the higher version; with the hyphen both are one identifier, which may begin with a zero.
 *
 * @param {string} released
 * @param {Date} time When it was committed.
 * @param {string} commit
 */
export function canaryVersion(released, time, commit) {
  const [major, minor, patch] = parseVersion(released).numbers;
  const digits = time.toISOString().replace(/\D/g, "").slice(0, 14);
  return `${major}.${minor}.${patch + 1}-canary.${digits}-${commit}`;
}

/**
 * A manifest with that version. It asks for exactly the same canary of the other packages: a range would let npm mix those of several
 * commits.
 *
 * @param {string} manifest
 * @param {string} version
 */
export function withCanaryVersion(manifest, version) {
  return manifest
    .replace(/^ {2}"version": "[^"]*"/m, `  "version": "${version}"`)
    .replaceAll('"workspace:^"', '"workspace:*"');
}
