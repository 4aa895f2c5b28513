import { classCount, networks } from "../works/networks.mjs";

/** @import { Check } from "./peer-process.mjs" */
/** @import { Work } from "../works/works.mjs" */

/** Rounding apart, the same weights give the same probabilities, and the same logits, relative to the largest. */
const outputTolerance = 1e-4;

/** Between the least and the largest output: a network that says the same of everything tells nothing. */
const leastSpread = 0.01;

/** And the same first loss, relative to it. */
const lossTolerance = 1e-3;

/** What is left of the first loss once the network has learned for some batches, at most. */
const learned = 0.95;

/**
 * Whether a peer does the work that is asked of it, and the same as ours.
 *
 * @param {Work} work
 * @param {Check} check
 * @param {Check} [reference] Ours.
 * @throws {Error} it does not; the message says in what.
 */
export function verify({ kind, network, batchSize }, check, reference) {
  const { parameters: expected, logits } = networks[network];
  if (check.parameters !== expected) throw new Error(`it has ${check.parameters} weights instead of ${expected}`);
  if (kind === "train") verifyTraining(check, reference);
  else verifyPrediction(check, batchSize, logits, reference);
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

/** @param {Check} check @param {number} batchSize @param {boolean} logits @param {Check} [reference] */
function verifyPrediction({ outputs = [] }, batchSize, logits, reference) {
  if (outputs.length !== batchSize * classCount) {
    throw new Error(`it gives ${outputs.length} outputs instead of ${batchSize * classCount}`);
  }
  if (!logits) {
    for (let row = 0; row < batchSize; row++) {
      const sum = outputs.slice(row * classCount, (row + 1) * classCount).reduce((total, value) => total + value, 0);
      if (!(Math.abs(sum - 1) <= outputTolerance)) throw new Error(`probabilities of image ${row} add up to ${sum}`);
    }
  }
  const wanted = reference?.outputs ?? outputs;
  const [lowest, highest] = [Math.min(...wanted), Math.max(...wanted)];
  if (!(highest - lowest > leastSpread)) throw new Error("its outputs are all alike, so that they show nothing");
  const scale = logits ? Math.max(1, highest, -lowest) : 1;
  const apart = Math.max(...outputs.map((value, index) => Math.abs(value - (wanted[index] ?? Number.NaN))));
  if (!(apart <= outputTolerance * scale)) throw new Error(`its outputs are up to ${apart} from ours`);
}
