/** Where tests and types find a package's sources: no other reader of its exports has them. */
const sourceCondition = "@featuremap/source";

/**
 * Exports without what leads to sources; an export that leads nowhere else is dropped.
 *
 * @param {object} exports
 * @returns {object}
 */
function withoutSources(exports) {
  const kept = Object.entries(exports)
    .filter(([key]) => key !== sourceCondition)
    .map(([key, target]) => [key, typeof target === "object" ? withoutSources(target) : target])
    .filter(([, target]) => typeof target === "string" || Object.keys(target).length > 0);
  return Object.fromEntries(kept);
}

module.exports = {
  hooks: {
    /**
     * The manifest that `pnpm pack` and `pnpm publish` write: it promises only files that are in the package.
     *
     * @param {{ readonly exports?: object }} manifest
     */
    beforePacking: (manifest) =>
      manifest.exports === undefined ? manifest : { ...manifest, exports: withoutSources(manifest.exports) },
  },
};
