import { ReleaseError } from "./failures.mjs";

/**
 * @typedef {object} Version
 * @property {readonly [number, number, number]} numbers
 * @property {string | undefined} prerelease What follows the hyphen.
 */

/** @param {string} version @returns {Version} @throws {ReleaseError} It is no version. */
export function parseVersion(version) {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?$/.exec(version);
  if (match === null) throw new ReleaseError(`${version} is not a version.`);
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
 * The name of a prerelease, as `beta` of `beta.1`.
 *
 * @param {string} version
 * @param {string} prerelease
 * @returns {string}
 * @throws {ReleaseError} It cannot be a dist-tag.
 */
function prereleaseTag(version, prerelease) {
  const tag = /^[a-z]+/i.exec(prerelease)?.[0].toLowerCase();
  // npm takes `x`, `v1` and `1` for ranges of versions, and refuses them only when some packages are already published.
  if (tag === undefined || tag === "x" || /^v+x?$/.test(tag)) {
    throw new ReleaseError(`${version}: name the prerelease, as in 1.0.0-beta.1; ${prerelease} can be no dist-tag.`);
  }
  if (tag === "latest") {
    throw new ReleaseError(`${version}: a prerelease cannot be named latest, which is what npm installs by default.`);
  }
  return tag;
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
 * @throws {ReleaseError} A prerelease of a package without a release: a registry makes the first version `latest` whatever its tag. Or
 *   the prerelease has no name, or one that cannot be a tag.
 */
export function distTagFor(version, latest) {
  const parsed = parseVersion(version);
  if (parsed.prerelease !== undefined) {
    if (latest === undefined) throw new ReleaseError(`${version} would become latest: publish a release first.`);
    return prereleaseTag(version, parsed.prerelease);
  }
  if (latest === undefined || isNewer(parsed, parseVersion(latest))) return "latest";
  const [major, minor] = parsed.numbers;
  // npm takes no tag that could be a version or a range.
  return `release-${major}.${minor}`;
}
