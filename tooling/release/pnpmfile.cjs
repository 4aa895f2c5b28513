/** Where tests and types find a package's sources: no other reader of its exports and imports has them. */
const sourceCondition = "@featuremap/source";

/**
 * Exports or imports without what leads to sources; one that leads nowhere else is dropped.
 *
 * @param {object} targets
 * @returns {object}
 */
function withoutSources(targets) {
  const kept = Object.entries(targets)
    .filter(([key]) => key !== sourceCondition)
    .map(([key, target]) => [key, typeof target === "object" ? withoutSources(target) : target])
    .filter(([, target]) => typeof target === "string" || Object.keys(target).length > 0);
  return Object.fromEntries(kept);
}

/**
 * pnpm puts packages of the workspace behind the others in the order in which it happens to read them, which would make a package
 * that is packed again differ from what is published.
 *
 * @param {object} dependencies
 * @returns {object}
 */
function sorted(dependencies) {
  return Object.fromEntries(Object.entries(dependencies).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

const lists = new Set(["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"]);

module.exports = {
  hooks: {
    /**
     * The manifest that `pnpm pack` and `pnpm publish` write: it promises only files that are in the package, and is the same each time.
     *
     * @param {object} manifest
     */
    beforePacking: (manifest) =>
      Object.fromEntries(
        Object.entries(manifest).map(([key, value]) => {
          if (key === "exports" || key === "imports") return [key, withoutSources(value)];
          return [key, lists.has(key) ? sorted(value) : value];
        }),
      ),
  },
};
