/** Who may publish, as `release.yml` of the repository does. */
export const publisher = { repository: "featuremap/featuremap", file: "release.yml", environment: "npm" };

/**
 * Whether a package trusts the workflow already: the registry takes one publisher for each, and refuses a second, even the same.
 *
 * @param {string} output What `npm trust list --json` prints: an object for each publisher, or nothing.
 * @returns {"set" | "other" | "none"}
 */
export function trustedPublisher(output) {
  /** @type {Record<string, unknown>[]} */
  const found = [...output.matchAll(/^\{[\s\S]*?^\}/gm)].map(([object]) => JSON.parse(object));
  if (found.length === 0) return "none";
  const isOurs = found.some((each) =>
    Object.entries({ type: "github", ...publisher }).every(([key, value]) => each[key] === value),
  );
  return isOurs ? "set" : "other";
}
