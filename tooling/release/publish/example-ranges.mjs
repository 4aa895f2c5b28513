/**
 * An example's manifest that asks for the new versions: a copied example installs what its code was written for.
 *
 * @param {string} manifest
 * @param {ReadonlyMap<string, string>} versions Of the published packages, by name.
 */
export function withNewRanges(manifest, versions) {
  return manifest.replaceAll(/"(@?[\w/-]+)": "\^[^"]*"/g, (whole, /** @type {string} */ name) => {
    const version = versions.get(name);
    return version === undefined ? whole : `"${name}": "^${version}"`;
  });
}
