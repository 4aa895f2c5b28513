import { median, ratios } from "../statistics.mjs";
import { aimFor } from "../works/works.mjs";

/** @import { Machine } from "../machine.mjs" */
/** @import { Comparison } from "../measure.mjs" */
/** @import { OwnFigure } from "../works/own-works.mjs" */
/** @import { Allocator, Peer } from "../peers/peers.mjs" */

/**
 * A peer as it was found.
 *
 * @typedef {object} Participant
 * @property {string} name
 * @property {string} title
 * @property {Allocator} [allocator]
 * @property {string} [remark]
 * @property {Readonly<Record<string, string>>} [versions] Absent where the peer is.
 * @property {number} [threads]
 * @property {string} [absence] Why it is not there.
 */

/**
 * A work in a peer: medians of images a second, and ours over the peer's, pair by pair.
 *
 * @typedef {object} Row
 * @property {string} work
 * @property {string} title
 * @property {number} batchSize
 * @property {string} peer
 * @property {number} [ours]
 * @property {number} [theirs]
 * @property {{ readonly median: number, readonly lowest: number, readonly highest: number }} [ratio]
 * @property {number} [aim] What the ratio is to reach on a processor with such vectors.
 * @property {string} [failure]
 */

/**
 * What one run of the bench found, as it is stored.
 *
 * @typedef {object} Results
 * @property {string} date
 * @property {Machine} machine
 * @property {number} busy Most of the cores' time, in [0, 1], that other programs took before one of the works.
 * @property {string} [remark] What else a reader must know, as a sentence; written by hand.
 * @property {number} rounds
 * @property {number} seconds
 * @property {readonly Participant[]} participants Ours first.
 * @property {readonly Row[]} rows
 * @property {readonly { name: string, title: string, unit: string, below: number, figure?: number, failure?: string }[]} own
 *   What was measured of ours alone.
 */

/** @param {Comparison} comparison @param {string} vectors @returns {Row} */
export function rowOf({ work, peer, pairs, failure }, vectors) {
  const aim = aimFor(work.aims[peer], vectors);
  return {
    work: work.name,
    title: work.title,
    batchSize: work.batchSize,
    peer,
    ...(pairs.length > 0 && {
      ours: median(pairs.map(({ ours }) => ours)),
      theirs: median(pairs.map((pair) => pair.peer)),
      ratio: ratios(pairs),
    }),
    ...(aim !== undefined && { aim }),
    ...(failure !== undefined && { failure }),
  };
}

/** What a report needs of a peer. @param {Peer} peer @returns {Participant} */
export function participantOf({ name, title, allocator, remark }) {
  return { name, title, ...(allocator && { allocator }), ...(remark !== undefined && { remark }) };
}

/** @param {OwnFigure} own @returns {Results["own"][number]} */
export function ownRowOf({ name, title, unit, below, figure, failure }) {
  return {
    name,
    title,
    unit,
    below,
    ...(figure !== undefined && { figure }),
    ...(failure !== undefined && { failure }),
  };
}
