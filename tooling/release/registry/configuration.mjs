import { join } from "node:path";

/** Names that are ours alone. They are never looked up elsewhere: a rehearsal must not see an earlier release. */
const ownPackages = ["@featuremap/*", "featuremap"];

/**
 * What npm says about the way to the registry that this machine uses.
 *
 * @typedef {object} NpmSettings
 * @property {string} registry
 * @property {string | null} [proxy]
 * @property {string | null} [https-proxy]
 * @property {string | readonly string[] | null} [noproxy]
 * @property {boolean} [strict-ssl]
 */

/** @typedef {ReturnType<typeof registryConfiguration>} RegistryConfiguration */

/**
 * What Verdaccio is started with. Everyone may read and publish; what is not ours comes from npm's registry.
 *
 * @param {string} folder where it keeps everything
 * @param {NpmSettings} npm
 */
export function registryConfiguration(folder, npm) {
  const way = {
    http_proxy: npm.proxy,
    https_proxy: npm["https-proxy"],
    no_proxy: [npm.noproxy ?? ""].flat().join(","),
    strict_ssl: npm["strict-ssl"],
  };
  const given = Object.fromEntries(Object.entries(way).filter(([, value]) => (value ?? "") !== ""));
  const own = { access: "$all", publish: "$all" };
  return {
    // Verdaccio puts what it is not told to put elsewhere beside this file, which need not exist.
    configPath: join(folder, "config.yaml"),
    storage: join(folder, "storage"),
    auth: { htpasswd: { file: join(folder, "htpasswd") } },
    // One lost answer must not close the way for all that follow.
    uplinks: { npm: { url: npm.registry, timeout: "60s", max_fails: 50, fail_timeout: "1s", maxage: "1h", ...given } },
    packages: {
      ...Object.fromEntries(ownPackages.map((name) => [name, own])),
      "**": { access: "$all", proxy: "npm" },
    },
    max_body_size: "200mb",
    middlewares: {},
    web: { enable: false },
    log: { type: "file", path: join(folder, "log"), level: "warn" },
  };
}
