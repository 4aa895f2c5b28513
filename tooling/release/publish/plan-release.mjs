/**
 * @typedef {object} Plan
 * @property {boolean} version Whether a pull request should give changes a version.
 * @property {boolean} release Whether versions in the manifests wait to be published.
 * @property {boolean} canary Whether the commit is published as it is, for those who want to try it.
 * @property {string} reason
 */

/**
 * @param {number} changesets How many changes wait for a version.
 * @param {readonly { readonly name: string, readonly version: string,
 *   readonly publication: Pick<import("./registry.mjs").Publication, "versions"> | undefined }[]} packages
 * @returns {Plan}
 */
export function planRelease(changesets, packages) {
  const unknown = packages.filter(({ publication }) => publication === undefined).map(({ name }) => name);
  const version = changesets > 0;
  if (unknown.length > 0) {
    // A trusted publisher can be named only for a package that exists.
    const reason = `Not published yet: ${unknown.join(", ")}. docs/architecture/releasing.md says how the first version is published.`;
    return { version, release: false, canary: false, reason };
  }
  const waiting = packages.filter(({ version: wanted, publication }) => !publication?.versions.includes(wanted));
  if (version) return { version, release: false, canary: true, reason: `${changesets} changesets wait for a version.` };
  if (waiting.length > 0) {
    const names = waiting.map(({ name, version: wanted }) => `${name}@${wanted}`);
    return { version, release: true, canary: false, reason: `To be published: ${names.join(", ")}.` };
  }
  return { version, release: false, canary: true, reason: "Every version is published." };
}
