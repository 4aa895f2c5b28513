import { classCount, networks } from "./networks.mjs";

/** @import { Check } from "./peer-process.mjs" */
/** @import { Work } from "./works.mjs" */

/** Rounding apart, the same weights give the same probabilities. */
const probabilityTolerance = 1e-4;

/** And the same first loss, relative to it. */
const lossTolerance = 1e-3;

/** What is left of the first loss once the network has learned from 64 batches, at most. */
const learned = 0.9;

/**
 * Whether a peer does the work that is asked of it, and the same as ours.
 *
 * @param {Work} work
 * @param {Check} check
 * @param {Check} [reference] Ours.
 * @throws {Error} it does not; the message says in what.
 */
export function verify({ kind, network, batchSize }, check, reference) {
  const expected = networks[network].parameters;
  if (check.parameters !== expected) throw new Error(`it has ${check.parameters} weights instead of ${expected}`);
  if (kind === "train") verifyTraining(check, reference);
  else verifyPrediction(check, batchSize, reference);
}

/** @param {Check} check @param {Check} [reference] */
function verifyTraining({ firstLoss = Number.NaN, lastLoss = Number.NaN }, reference) {
  if (!(lastLoss < learned * firstLoss))
    throw new Error(`it does not learn: its loss goes from ${firstLoss} to ${lastLoss}`);
  const wanted = reference?.firstLoss ?? firstLoss;
  if (!(Math.abs(firstLoss - wanted) <= lossTolerance * wanted)) {
    throw new Error(`its first loss is ${firstLoss}, ours is ${wanted}`);
  }
}

/** @param {Check} check @param {number} batchSize @param {Check} [reference] */
function verifyPrediction({ probabilities = [] }, batchSize, reference) {
  if (probabilities.length !== batchSize * classCount) {
    throw new Error(`it gives ${probabilities.length} probabilities instead of ${batchSize * classCount}`);
  }
  for (let row = 0; row < batchSize; row++) {
    const sum = probabilities
      .slice(row * classCount, (row + 1) * classCount)
      .reduce((total, value) => total + value, 0);
    if (!(Math.abs(sum - 1) <= probabilityTolerance)) throw new Error(`probabilities of image ${row} add up to ${sum}`);
  }
  const wanted = reference?.probabilities ?? probabilities;
  const apart = Math.max(...probabilities.map((value, index) => Math.abs(value - (wanted[index] ?? Number.NaN))));
  if (!(apart <= probabilityTolerance)) throw new Error(`its probabilities are up to ${apart} from ours`);
}
