/**
 * @typedef {object} Version
 * @property {readonly [number, number, number]} numbers
 * @property {string | undefined} prerelease What follows the hyphen.
 */

/** @param {string} version @returns {Version} */
function parseVersion(version) {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?$/.exec(version);
  if (match === null) throw new Error(`${version} is not a version.`);
  const [, major, minor, patch, prerelease] = match;
  return { numbers: [Number(major), Number(minor), Number(patch)], prerelease };
}

/** @param {Version} one @param {Version} other Whether the first is newer; a release is newer than its own prereleases. */
function isNewer(one, other) {
  for (const [place, number] of one.numbers.entries()) {
    const difference = number - (other.numbers[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return one.prerelease === undefined && other.prerelease !== undefined;
}

/**
 * The dist-tag under which a version is published. `npm install` without a version takes `latest`, so neither a prerelease nor a mend of
 * an older release may become that. It is chosen before publishing: trusted publishing allows `npm publish` and no `npm dist-tag`.
 *
 * The job that publishes installs nothing, so that no other package's code runs where a token can be had; hence no semver library.
 *
 * @param {string} version
 * @param {string | undefined} latest What `latest` is now.
 * @returns {string}
 * @throws {Error} A prerelease of a package without a release: a registry makes the first version `latest` whatever its tag.
 */
export function distTagFor(version, latest) {
  const parsed = parseVersion(version);
  if (parsed.prerelease !== undefined) {
    if (latest === undefined) throw new Error(`${version} would become latest: publish a release first.`);
    return /^[a-z]+/i.exec(parsed.prerelease)?.[0].toLowerCase() ?? "next";
  }
  if (latest === undefined || isNewer(parsed, parseVersion(latest))) return "latest";
  const [major, minor] = parsed.numbers;
  // npm takes no tag that could be a version or a range.
  return `release-${major}.${minor}`;
}
