import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ownWorks } from "./own-works.mjs";
import { peers } from "./peers.mjs";
import { works } from "./works.mjs";

/** @import { OwnWork } from "./own-works.mjs" */
/** @import { Peer } from "./peers.mjs" */
/** @import { Work } from "./works.mjs" */

/**
 * @typedef {object} Options
 * @property {readonly Peer[]} peers
 * @property {readonly Work[]} works
 * @property {readonly OwnWork[]} ownWorks
 * @property {number} rounds
 * @property {number} seconds
 * @property {number} threads
 * @property {string} out File for the table.
 * @property {string} cache Folder for the installed peers and the data.
 */

const everyWork = [...works, ...ownWorks];

export const usage = `node tooling/bench/run.mjs [options]
  --only <peer,...>     ${peers.map(({ name }) => name).join(", ")} (default: all)
  --works <work,...>    ${everyWork.map(({ name }) => name).join(", ")} (default: all)
  --rounds <n>          times that each pair is measured (default: 7)
  --seconds <n>         length of one measurement (default: 2)
  --threads <n>         threads of each peer (default: 2)
  --out <file>          where the table goes (default: runs/bench.md)
The peers are installed into FEATUREMAP_BENCH_CACHE (default: featuremap-bench in the system's temporary folder).`;

/**
 * @param {readonly string[]} parameters
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {string} root Folder of the repository.
 * @returns {Options}
 * @throws {Error} an option is unknown or its value is none.
 */
export function parseOptions(parameters, environment, root) {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      only: { type: "string" },
      works: { type: "string" },
      rounds: { type: "string", default: "7" },
      seconds: { type: "string", default: "2" },
      threads: { type: "string", default: "2" },
      out: { type: "string", default: join(root, "runs", "bench.md") },
    },
  });
  const chosen = new Set(select("works", values.works, everyWork).map(({ name }) => name));
  return {
    peers: select("only", values.only, peers),
    works: works.filter(({ name }) => chosen.has(name)),
    ownWorks: ownWorks.filter(({ name }) => chosen.has(name)),
    rounds: wholeNumber("rounds", values.rounds),
    seconds: positive("seconds", values.seconds),
    threads: wholeNumber("threads", values.threads),
    out: resolve(values.out),
    cache: resolve(environment["FEATUREMAP_BENCH_CACHE"] ?? join(tmpdir(), "featuremap-bench")),
  };
}

/**
 * @template {{ readonly name: string }} Entry
 * @param {string} option
 * @param {string | undefined} names
 * @param {readonly Entry[]} entries
 * @returns {readonly Entry[]}
 */
function select(option, names, entries) {
  if (names === undefined) return entries;
  const wanted = names.split(",").map((name) => name.trim());
  const unknown = wanted.find((name) => entries.every((entry) => entry.name !== name));
  if (unknown !== undefined) {
    throw new Error(`--${option}: ${unknown} is none of ${entries.map(({ name }) => name).join(", ")}`);
  }
  return entries.filter(({ name }) => wanted.includes(name));
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
