import { verify } from "./peers/verification.mjs";

/** @import { PeerProcess } from "./peers/peer-process.mjs" */
/** @import { Work } from "./works/works.mjs" */

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
  /** @type {{ process: PeerProcess, pairs: Pair[], failure?: string }[]} */
  const sides = peers.map((process) => ({ process, pairs: [] }));
  /** @type {import("./peers/peer-process.mjs").Check | undefined} */
  let reference;
  for (const side of sides) {
    await attempt(side, async () => {
      reference ??= await own(async () => {
        const check = await ours.prepare(work);
        verify(work, check);
        return check;
      });
      verify(work, await side.process.prepare(work), reference);
    });
  }
  for (let round = 1; round <= rounds; round++) {
    for (const side of sides) {
      if (side.failure !== undefined) continue;
      await attempt(side, async () => {
        const rateOfOurs = rate(await own(() => ours.measure(work, seconds)));
        const pair = { ours: rateOfOurs, peer: rate(await side.process.measure(work, seconds)) };
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

/** @param {import("./peers/peer-process.mjs").Measurement} measurement */
function rate({ images, seconds }) {
  return images / seconds;
}

/**
 * Tells a failure of ours from one of the peer's.
 *
 * @template Result
 * @param {() => Promise<Result>} act
 */
async function own(act) {
  try {
    return await act();
  } catch (error) {
    throw new Error(`ours: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** @param {{ failure?: string }} side @param {() => Promise<void>} act */
async function attempt(side, act) {
  try {
    await act();
  } catch (error) {
    side.failure = error instanceof Error ? error.message : String(error);
  }
}
