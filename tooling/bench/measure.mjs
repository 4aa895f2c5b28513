import { verify } from "./verification.mjs";

/** @import { PeerProcess } from "./peer-process.mjs" */
/** @import { Work } from "./works.mjs" */

/** Images a second, ours and the peer's, one right after the other. @typedef {{ ours: number, peer: number }} Pair */

/**
 * How a peer did in a work.
 *
 * @typedef {object} Comparison
 * @property {Work} work
 * @property {string} peer
 * @property {readonly Pair[]} pairs One a round.
 * @property {string} [failure] Why there are no pairs, or why they end.
 */

/**
 * Measures a work in turns: ours, a peer, ours, the next peer, and so on round by round. So whatever else the machine
 * does, and however its clock changes, falls on both sides of each pair.
 *
 * @param {Work} work
 * @param {PeerProcess} ours
 * @param {readonly PeerProcess[]} peers
 * @param {{ rounds: number, seconds: number, say: (text: string) => void }} options
 * @returns {Promise<Comparison[]>}
 */
export async function compare(work, ours, peers, { rounds, seconds, say }) {
  const reference = await ours.prepare(work);
  verify(work, reference);
  /** @type {{ process: PeerProcess, pairs: Pair[], failure?: string }[]} */
  const sides = [];
  for (const process of peers) {
    /** @type {typeof sides[number]} */
    const side = { process, pairs: [] };
    sides.push(side);
    await attempt(side, async () => verify(work, await process.prepare(work), reference));
  }
  for (let round = 1; round <= rounds; round++) {
    for (const side of sides) {
      if (side.failure !== undefined) continue;
      const own = rate(await ours.measure(work, seconds));
      await attempt(side, async () => {
        const pair = { ours: own, peer: rate(await side.process.measure(work, seconds)) };
        side.pairs.push(pair);
        const figures = `${Math.round(pair.ours)} against ${Math.round(pair.peer)} images/s`;
        say(`${work.title}, round ${round} of ${rounds}: ${side.process.peer.name} ${figures}`);
      });
    }
  }
  return sides.map(({ process, pairs, failure }) => ({
    work,
    peer: process.peer.name,
    pairs,
    ...(failure === undefined ? {} : { failure }),
  }));
}

/** @param {import("./peer-process.mjs").Measurement} measurement */
function rate({ images, seconds }) {
  return images / seconds;
}

/** @param {{ failure?: string }} side @param {() => Promise<void>} act */
async function attempt(side, act) {
  try {
    await act();
  } catch (error) {
    side.failure = error instanceof Error ? error.message : String(error);
  }
}
