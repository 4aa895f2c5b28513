import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ownWorks } from "./works/own-works.mjs";
import { libraries, peers } from "./peers/peers.mjs";
import { networkNames, works } from "./works/works.mjs";

/** @import { OwnWork } from "./works/own-works.mjs" */
/** @import { Peer } from "./peers/peers.mjs" */
/** @import { Work } from "./works/works.mjs" */

/**
 * @typedef {object} Options
 * @property {readonly Peer[]} peers
 * @property {readonly Work[]} works
 * @property {readonly OwnWork[]} ownWorks
 * @property {number} rounds
 * @property {number} seconds
 * @property {number} threads
 * @property {string} out Path of the results, without extension.
 * @property {boolean} publish Whether the results become those that the repository's texts quote.
 * @property {string} cache Folder for the installed peers and the data.
 */

const everyWork = [...works, ...ownWorks];

export const usage = `node tooling/bench/run.mjs [options]
  --peers <peer,...>      ${libraries.join(", ")} (default: all)
  --networks <name,...>   ${networkNames.join(", ")} (default: all)
  --works <work,...>      ${everyWork.map(({ name }) => name).join(", ")} (default: all)
  --rounds <n>            times that each pair is measured (default: 5)
  --seconds <n>           length of one measurement (default: 0.4)
  --threads <n>           threads of each peer (default: 2)
  --out <path>            where the results go, as .json and .md (default: runs/bench)
  --publish               keep the results in tooling/bench/results, and rewrite what the READMEs and docs quote of them
The peers are installed into FEATUREMAP_BENCH_CACHE (default: featuremap-bench in the system's temporary folder).`;

/**
 * @param {readonly string[]} parameters
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {string} root Folder of the repository.
 * @returns {Options}
 * @throws {Error} an option is unknown, its value is not one that it takes, or a part of the works would be published.
 */
export function parseOptions(parameters, environment, root) {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      peers: { type: "string" },
      networks: { type: "string" },
      works: { type: "string" },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "0.4" },
      threads: { type: "string", default: "2" },
      out: { type: "string", default: join(root, "runs", "bench") },
      publish: { type: "boolean", default: false },
    },
  });
  const names = everyWork.map(({ name }) => name);
  const chosen = select("works", values.works, names);
  const networks = select("networks", values.networks, networkNames);
  const chosenPeers = select("peers", values.peers, libraries);
  if (values.publish && (values.works ?? values.networks ?? values.peers) !== undefined) {
    throw new Error("--publish takes everything: leave out --works, --networks and --peers");
  }
  return {
    peers: peers.filter(({ library }) => chosenPeers.includes(library)),
    works: works.filter(({ name, network }) => chosen.includes(name) && networks.includes(network)),
    ownWorks: ownWorks.filter(({ name }) => chosen.includes(name)),
    rounds: wholeNumber("rounds", values.rounds),
    seconds: positive("seconds", values.seconds),
    threads: wholeNumber("threads", values.threads),
    out: resolve(values.out),
    publish: values.publish,
    cache: resolve(environment["FEATUREMAP_BENCH_CACHE"] ?? join(tmpdir(), "featuremap-bench")),
  };
}

/**
 * @param {string} option
 * @param {string | undefined} text
 * @param {readonly string[]} known
 * @returns {readonly string[]}
 */
function select(option, text, known) {
  if (text === undefined) return known;
  const wanted = text.split(",").map((name) => name.trim());
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--${option}: ${unknown} is none of ${known.join(", ")}`);
  return wanted;
}

/** @param {string} option @param {string} text */
function wholeNumber(option, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${option} must be an integer of at least 1, received ${text}`);
  return value;
}

/** @param {string} option @param {string} text */
function positive(option, text) {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new Error(`--${option} must be a positive number, received ${text}`);
  return value;
}
