/* Our packages against their peers on this machine: `node tooling/bench/run.mjs`, after `npx pnpm@10 build`. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareData } from "./data.mjs";
import { describeMachine, machineLoad } from "./machine.mjs";
import { compare } from "./measure.mjs";
import { parseOptions, usage } from "./options.mjs";
import { PeerProcess } from "./peer-process.mjs";
import { ours } from "./peers.mjs";
import { formatReport } from "./report.mjs";

/** @import { Options } from "./options.mjs" */
/** @import { Peer } from "./peers.mjs" */
/** @import { Participant } from "./report.mjs" */

/** @type {PeerProcess[]} */
const running = [];

/** @param {Peer} peer @param {Options} options */
async function start(peer, { cache, threads }) {
  const program = await peer.install(cache);
  const process = new PeerProcess(peer, program, cache, peer.threads ?? threads);
  running.push(process);
  await process.start();
  return process;
}

/** @param {Options} options @returns {Promise<{ table: string, complete: boolean }>} Complete if no peer that is there failed. */
async function measureAll(options) {
  const load = machineLoad();
  await prepareData(options.cache);
  const own = await start(ours, options);
  /** @type {Participant[]} */
  const participants = [{ ...ours, versions: own.versions, threads: own.threads }];
  /** @type {PeerProcess[]} */
  const present = [];
  for (const peer of options.peers) {
    if (!options.works.some(({ name }) => peer.works.includes(name))) continue;
    try {
      const process = await start(peer, options);
      present.push(process);
      participants.push({ ...peer, versions: process.versions, threads: process.threads });
    } catch (error) {
      const absence = error instanceof Error ? error.message : String(error);
      console.error(`${peer.title} is absent: ${absence}`);
      participants.push({ ...peer, absence });
    }
  }
  const comparisons = [];
  for (const work of options.works) {
    const able = present.filter(({ peer }) => peer.works.includes(work.name));
    if (able.length === 0) continue;
    comparisons.push(...(await compare(work, own, able, { ...options, say: (text) => console.error(text) })));
  }
  const { rounds, seconds } = options;
  const date = new Date().toISOString().slice(0, 10);
  return {
    table: formatReport({ machine: describeMachine(), load, date, rounds, seconds, participants, comparisons }),
    complete: comparisons.every(({ failure }) => failure === undefined),
  };
}

/** @returns {Promise<number>} Exit code. */
async function main() {
  const parameters = process.argv.slice(2);
  if (parameters.includes("--help")) {
    console.log(usage);
    return 0;
  }
  /** @type {Options} */
  let options;
  try {
    options = parseOptions(parameters, process.env, fileURLToPath(new URL("../../", import.meta.url)));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  try {
    const { table, complete } = await measureAll(options);
    await mkdir(dirname(options.out), { recursive: true });
    await writeFile(options.out, table);
    console.log(table);
    console.error(`Written to ${options.out}`);
    return complete ? 0 : 1;
  } finally {
    await Promise.all(running.map((each) => each.stop()));
  }
}

process.exitCode = await main();
