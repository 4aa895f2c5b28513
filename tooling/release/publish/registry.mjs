import { ReleaseError } from "./failures.mjs";

/**
 * Where packages are published, with a closing slash: without it, the last folder of its path would be replaced by a package's name.
 *
 * @returns {string}
 */
export function registryAddress() {
  // npm takes an empty setting for none.
  const address = process.env["npm_config_registry"] || "https://registry.npmjs.org/";
  if (!URL.canParse(address) || !/^https?:/.test(address)) {
    throw new ReleaseError(`npm_config_registry is ${address}, which is no address of a registry.`);
  }
  return address.endsWith("/") ? address : `${address}/`;
}

/**
 * @typedef {object} Publication
 * @property {readonly string[]} versions
 * @property {Readonly<Record<string, string>>} tags
 * @property {Readonly<Record<string, string | undefined>>} integrities Of the versions' tarballs.
 */

/**
 * @typedef {object} RegistryAnswer
 * @property {Readonly<Record<string, { readonly dist?: { readonly integrity?: string } }>>} [versions]
 * @property {Readonly<Record<string, string>>} [dist-tags]
 */

/** @param {unknown} error @returns {string} */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in 30 seconds";
  // `fetch failed` says nothing, and the error of several addresses has a code alone.
  const cause = /** @type {NodeJS.ErrnoException | undefined} */ (error.cause);
  return cause?.message || cause?.code || error.message;
}

/**
 * What the registry has of a package.
 *
 * @param {string} name
 * @returns {Promise<Publication | undefined>} `undefined` for a name that was never published.
 * @throws {ReleaseError} The registry cannot be reached, or its answer is not one of a registry.
 */
export async function readPublication(name) {
  const registry = registryAddress();
  const response = await fetch(new URL(name.replace("/", "%2f"), registry), {
    headers: { accept: "application/vnd.npm.install-v1+json", "cache-control": "no-cache" },
    signal: AbortSignal.timeout(30_000),
  }).catch((error) => {
    throw new ReleaseError(`${registry} cannot be reached: ${reasonOf(error)}.`);
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new ReleaseError(`${registry} answered ${response.status} when asked for ${name}.`);
  const answer = /** @type {RegistryAnswer | null} */ (
    await response.json().catch((error) => {
      throw new ReleaseError(`${registry} gave no readable answer when asked for ${name}: ${reasonOf(error)}.`);
    })
  );
  if (answer === null || typeof answer !== "object") {
    throw new ReleaseError(`${registry} answered ${JSON.stringify(answer)} when asked for ${name}.`);
  }
  const versions = Object.entries(answer.versions ?? {});
  return {
    versions: versions.map(([version]) => version),
    tags: answer["dist-tags"] ?? {},
    integrities: Object.fromEntries(versions.map(([version, { dist }]) => [version, dist?.integrity])),
  };
}
