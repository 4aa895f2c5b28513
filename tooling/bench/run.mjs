/* Our packages against their peers on this machine: `node tooling/bench/run.mjs`, after `npx pnpm@10 build`. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareData } from "./data.mjs";
import { busyShare, describeMachine } from "./machine.mjs";
import { compare } from "./measure.mjs";
import { measureOwn } from "./own-works.mjs";
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

/** @param {string} text */
const say = (text) => console.error(text);

/** @param {Options} options @returns {Promise<{ table: string, complete: boolean }>} Complete if nothing that is there failed. */
async function measureAll(options) {
  const busy = [await busyShare()];
  const own = await measureOwn(options.ownWorks, { ...options, say });
  /** @type {Participant[]} */
  const participants = [];
  const comparisons = [];
  if (options.works.length > 0) {
    await prepareData(options.cache);
    const { ourProcess, present } = await startAll(options, participants);
    for (const work of options.works) {
      const able = present.filter(({ peer }) => peer.works.includes(work.name));
      if (able.length === 0) continue;
      busy.push(await busyShare());
      comparisons.push(...(await compare(work, ourProcess, able, { ...options, say })));
    }
  }
  const { rounds, seconds } = options;
  const settings = { machine: describeMachine(), date: new Date().toISOString().slice(0, 10), rounds, seconds };
  return {
    table: formatReport({ ...settings, busy: Math.max(...busy), participants, comparisons, own }),
    complete: [...comparisons, ...own].every(({ failure }) => failure === undefined),
  };
}

/**
 * Starts ours and every peer that has something to do.
 *
 * @param {Options} options
 * @param {Participant[]} participants Gets all of them, also those that are absent.
 */
async function startAll(options, participants) {
  const ourProcess = await start(ours, options);
  participants.push({ ...ours, versions: ourProcess.versions, threads: ourProcess.threads });
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
      say(`${peer.title} is absent: ${absence}`);
      participants.push({ ...peer, absence });
    }
  }
  return { ourProcess, present };
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
