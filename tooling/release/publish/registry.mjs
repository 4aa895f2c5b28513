/** Where packages are published. */
export const registry = process.env["npm_config_registry"] ?? "https://registry.npmjs.org/";

/**
 * @typedef {object} Publication
 * @property {readonly string[]} versions
 * @property {Readonly<Record<string, string>>} tags
 */

/**
 * What the registry has of a package.
 *
 * @param {string} name
 * @returns {Promise<Publication | undefined>} `undefined` for a name that was never published.
 */
export async function readPublication(name) {
  const response = await fetch(new URL(name.replace("/", "%2f"), registry), {
    headers: { accept: "application/vnd.npm.install-v1+json", "cache-control": "no-cache" },
    signal: AbortSignal.timeout(30_000),
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${registry} answered ${response.status} when asked for ${name}.`);
  const answer = /** @type {{ versions?: object, "dist-tags"?: Record<string, string> }} */ (await response.json());
  return { versions: Object.keys(answer.versions ?? {}), tags: answer["dist-tags"] ?? {} };
}
