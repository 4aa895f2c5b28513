import type { InPlaceStep } from "@featuremap/operations/contract/in-place";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { KernelExports } from "./kernel-exports.ts";
import * as codes from "../codes/optimizer.ts";

/** Codes of the rules; the contract states their formulas. */
const RULES: Readonly<Record<InPlaceStep["rule"], number>> = {
  sgd: codes.SGD,
  momentum: codes.MOMENTUM,
  nesterov: codes.NESTEROV,
  rmsprop: codes.RMSPROP,
  adam: codes.ADAM,
  rmspropWithMomentum: codes.RMSPROP_WITH_MOMENTUM,
  centeredRmsprop: codes.CENTERED_RMSPROP,
  centeredRmspropWithMomentum: codes.CENTERED_RMSPROP_WITH_MOMENTUM,
  amsgrad: codes.AMSGRAD,
};

/** As the contract's step, which hands over tensors. */
export interface WeightsUpdate extends Omit<InPlaceStep, "weights"> {
  readonly weights: readonly {
    readonly weight: TensorInfo;
    readonly gradient: TensorInfo;
    readonly slots: readonly TensorInfo[];
  }[];
}

/** What the step needs of the backend. */
interface WeightsHolder {
  readonly kernels: KernelExports;
  pointer(tensor: TensorInfo): number;
  withTable(length: number, use: (pointer: number, words: Uint32Array) => void): void;
}

/** Elements of a weight that one task takes. */
const PIECE = 16_384;

/** Takes the step where weights and slots lie. */
export function updateWeights(update: WeightsUpdate, backend: WeightsHolder): void {
  const pieces: number[] = [];
  for (const { weight, gradient, slots } of update.weights) {
    const size = util.sizeFromShape(weight.shape);
    const bases = [weight, gradient, ...slots].map((tensor) => backend.pointer(tensor));
    for (let first = 0; first < size; first += PIECE) {
      const [w = 0, g = 0, s0 = 0, s1 = 0, s2 = 0] = bases.map((base) => base + 4 * first);
      pieces.push(w, g, s0, s1, s2, Math.min(PIECE, size - first));
    }
  }
  const { rule, rate, decay, share, secondShare, momentum, epsilon, weightDecay } = update;
  backend.withTable(pieces.length, (list, words) => {
    words.set(pieces);
    const count = pieces.length / codes.PIECE_WORDS;
    const code = RULES[rule];
    backend.kernels.optimize(code, list, count, rate, decay, share, secondShare, momentum, epsilon, weightDecay);
  });
}
