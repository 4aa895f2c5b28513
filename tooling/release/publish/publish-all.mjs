import { setTimeout as delay } from "node:timers/promises";
import { runProcess } from "../processes.mjs";
import { distTagFor } from "./dist-tag.mjs";
import { readPublication, registry } from "./registry.mjs";

/**
 * @typedef {object} PackedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} file
 */

/** Whether GitHub vouches for who publishes; npm then needs no token, and signs where the package was built. */
const trusted = process.env["ACTIONS_ID_TOKEN_REQUEST_URL"] !== undefined;

/** @param {string} folder @param {PackedPackage} packed @param {string} tag */
async function publish(folder, { file }, tag) {
  const parameters = ["publish", `./${file}`, "--tag", tag, "--access", "public", "--registry", registry];
  // The packages ask for provenance, so that npm refuses to publish them without; only the first version may go by hand.
  const { code } = await runProcess("npm", [...parameters, `--provenance=${trusted}`], {
    cwd: folder,
    shell: process.platform === "win32",
  });
  if (code !== 0) throw new Error(`npm publish ${file} failed with ${code}.`);
}

/**
 * Waits until the registry shows a version under its tag, and `latest` is still a release.
 *
 * @param {PackedPackage} packed
 * @param {string} tag
 */
async function awaitVersion({ name, version }, tag) {
  for (let attempt = 0; attempt < 20; attempt++) {
    const publication = await readPublication(name);
    const latest = publication?.tags["latest"];
    if (latest?.includes("-") === true) throw new Error(`${name}: latest is ${latest}, a prerelease.`);
    if (publication?.tags[tag] === version) return;
    await delay(3000);
  }
  throw new Error(`${name}@${version} is published, but the registry does not show it as ${tag}.`);
}

/**
 * Publishes packages in the given order. What is there already is passed over, so that a run that failed in the middle can be repeated.
 * All tags are chosen before the first package is published.
 *
 * @param {string} folder
 * @param {readonly PackedPackage[]} packages
 * @returns {Promise<void>}
 */
export async function publishAll(folder, packages) {
  const wanted = [];
  for (const packed of packages) {
    const publication = await readPublication(packed.name);
    if (publication === undefined && trusted) {
      throw new Error(
        `${packed.name} was never published; docs/architecture/releasing.md says how its first version is.`,
      );
    }
    if (publication?.versions.includes(packed.version) === true)
      console.log(`${packed.name}@${packed.version} is there.`);
    else wanted.push({ packed, tag: distTagFor(packed.version, publication?.tags["latest"]) });
  }
  for (const { packed, tag } of wanted) {
    console.log(`${packed.name}@${packed.version} as ${tag}`);
    await publish(folder, packed, tag);
  }
  for (const { packed, tag } of wanted) await awaitVersion(packed, tag);
}
