/* Our packages against their peers on this machine: `node tooling/bench/run.mjs`, after `npx pnpm@10.34.8 build`. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { publish } from "./report/claims.mjs";
import { prepareData } from "./works/data.mjs";
import { busyShare, describeMachine } from "./machine.mjs";
import { compare } from "./measure.mjs";
import { measureOwn } from "./works/own-works.mjs";
import { parseOptions, usage } from "./options.mjs";
import { PeerProcess } from "./peers/peer-process.mjs";
import { ours } from "./peers/peers.mjs";
import { formatReport } from "./report/report.mjs";
import { ownRowOf, participantOf, rowOf } from "./report/results.mjs";

/** @import { Options } from "./options.mjs" */
/** @import { Peer } from "./peers/peers.mjs" */
/** @import { Participant, Results, Row } from "./report/results.mjs" */

/** @type {PeerProcess[]} */
const running = [];

const root = fileURLToPath(new URL("../../", import.meta.url));

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

/**
 * @param {Options} options
 * @returns {Promise<Results>}
 */
async function measureAll(options) {
  const machine = describeMachine();
  const busy = [await busyShare()];
  const own = (await measureOwn(options.ownWorks, { ...options, say })).map(ownRowOf);
  /** @type {Participant[]} */
  const participants = [];
  /** @type {Row[]} */
  const rows = [];
  const results = () => ({
    date: new Date().toISOString().slice(0, 10),
    machine,
    busy: Math.max(...busy),
    rounds: options.rounds,
    seconds: options.seconds,
    participants,
    rows,
    own,
  });
  if (options.works.length === 0) return results();
  await prepareData(options.cache);
  const { ourProcess, present } = await startAll(options, participants);
  for (const work of options.works) {
    const able = present.filter(({ peer }) => peer.does(work));
    if (able.length === 0) continue;
    busy.push(await busyShare());
    const comparisons = await compare(work, ourProcess, able, { ...options, say });
    rows.push(...comparisons.map((comparison) => rowOf(comparison, machine.vectors)));
    // A run that is broken off leaves what it has.
    await save(results(), options.out);
  }
  return results();
}

/**
 * Starts ours and every peer that has something to do.
 *
 * @param {Options} options
 * @param {Participant[]} participants Gets all of them, also those that are absent.
 */
async function startAll(options, participants) {
  const ourProcess = await start(ours, options);
  const { versions, threads } = ourProcess;
  participants.push({ ...participantOf(ours), versions, threads });
  /** @type {PeerProcess[]} */
  const present = [];
  for (const peer of options.peers) {
    if (!options.works.some((work) => peer.does(work))) continue;
    try {
      const process = await start(peer, options);
      present.push(process);
      participants.push({ ...participantOf(peer), versions: process.versions, threads: process.threads });
    } catch (error) {
      const absence = error instanceof Error ? error.message : String(error);
      say(`${peer.title} is absent: ${absence}`);
      participants.push({ ...participantOf(peer), absence });
    }
  }
  return { ourProcess, present };
}

/** @param {Results} results @param {string} path Without extension. */
async function save(results, path) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.json`, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(`${path}.md`, formatReport(results));
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
    options = parseOptions(parameters, process.env, root);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  try {
    const results = await measureAll(options);
    await save(results, options.out);
    console.log(formatReport(results));
    console.error(`Written to ${options.out}.json and .md`);
    if (options.publish) for (const file of await publish(results, root)) console.error(`Rewritten: ${file}`);
    return [...results.rows, ...results.own].every(({ failure }) => failure === undefined) ? 0 : 1;
  } finally {
    await Promise.all(running.map((each) => each.stop()));
  }
}

process.exitCode = await main();
