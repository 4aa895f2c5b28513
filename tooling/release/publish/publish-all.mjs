import { setTimeout as delay } from "node:timers/promises";
import { runProcess, stopSignal } from "../processes.mjs";
import { distTagFor } from "./dist-tag.mjs";
import { ReleaseError } from "./failures.mjs";
import { readPacked } from "./packed.mjs";
import { readPublication, registryAddress } from "./registry.mjs";

/** @typedef {import("./packed.mjs").PackedPackage} PackedPackage */

/** Whether GitHub vouches for who publishes; npm then needs no token, and signs where the package was built. */
const trusted = process.env["ACTIONS_ID_TOKEN_REQUEST_URL"] !== undefined;

/** @param {PackedPackage} packed @param {import("./registry.mjs").Publication | undefined} publication */
function stateOf({ version, integrity }, publication) {
  if (publication?.versions.includes(version) !== true) return "absent";
  return publication.integrities[version] === integrity ? "published" : "different";
}

/** @param {readonly PackedPackage[]} packages */
function differenceFrom(packages) {
  const names = packages.map(({ name, version }) => `${name}@${version}`).join(", ");
  return new ReleaseError(
    `${registryAddress()} already has other files as ${names}; a published version cannot be replaced, so give these a new one.`,
  );
}

/**
 * Whether a package that npm did not publish is in the registry all the same: another run may have been quicker, or the registry may
 * have answered with what was there a moment before.
 *
 * @param {PackedPackage} packed
 */
async function isPublishedAfterAll(packed) {
  for (let attempt = 0; attempt < 4; attempt++) {
    if (attempt > 0) await delay(2000);
    if (stopSignal() !== undefined) return false;
    const state = stateOf(packed, await readPublication(packed.name));
    if (state === "different") throw differenceFrom([packed]);
    if (state === "published") return true;
  }
  return false;
}

/** @param {string} folder @param {PackedPackage} packed @param {string} tag */
async function publish(folder, packed, tag) {
  const { name, version, file } = packed;
  const parameters = ["publish", `./${file}`, "--tag", tag, "--access", "public", "--registry", registryAddress()];
  // The packages ask for provenance, so that npm refuses to publish them without; only the first version may go by hand.
  const { code } = await runProcess("npm", [...parameters, `--provenance=${trusted}`], {
    cwd: folder,
    shell: process.platform === "win32",
  });
  if (code === 0) return;
  if (!(await isPublishedAfterAll(packed))) throw new ReleaseError(`npm publish ${file} failed with ${code}.`);
  console.log(`${name}@${version} is there: another run has published it.`);
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
    if (latest?.includes("-") === true) throw new ReleaseError(`${name}: latest is ${latest}, a prerelease.`);
    if (publication?.tags[tag] === version) return;
    await delay(3000);
  }
  throw new ReleaseError(`${name}@${version} is published, but the registry does not show it as ${tag}.`);
}

/**
 * Publishes packages in the given order. What is there already is passed over, so that a run that failed in the middle can be repeated.
 * Every package is looked at, and all tags are chosen, before the first is published.
 *
 * @param {string} folder
 * @param {readonly string[]} names Of all published packages, in the order in which they are published.
 * @returns {Promise<void>}
 */
export async function publishAll(folder, names) {
  const packages = await readPacked(folder, names);
  const wanted = [];
  const different = [];
  const published = [];
  for (const packed of packages) {
    const publication = await readPublication(packed.name);
    if (publication === undefined && trusted) {
      throw new ReleaseError(
        `${packed.name} was never published; docs/architecture/releasing.md says how its first version is.`,
      );
    }
    const state = stateOf(packed, publication);
    if (state === "published") published.push(packed);
    else if (state === "different") different.push(packed);
    else wanted.push({ packed, tag: distTagFor(packed.version, publication?.tags["latest"]) });
  }
  if (different.length > 0) throw differenceFrom(different);
  for (const { name, version } of published) console.log(`${name}@${version} is there.`);
  for (const { packed, tag } of wanted) {
    console.log(`${packed.name}@${packed.version} as ${tag}`);
    await publish(folder, packed, tag);
    if (stopSignal() !== undefined) return;
  }
  for (const { packed, tag } of wanted) await awaitVersion(packed, tag);
}
