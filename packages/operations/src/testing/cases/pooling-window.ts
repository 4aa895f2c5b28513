import type { RandomStream } from "@featuremap/tensor";
import type { MaxPoolAttrs } from "@tensorflow/tfjs-core";
import type { HostTensor } from "../../references/host-tensor.ts";
import { type Extremes, between, chance, draw, pick } from "../draw.ts";

export function drawImages(random: RandomStream, extremes: Extremes = "finite"): HostTensor {
  const shape = [
    chance(random, 0.03) ? 0 : between(random, 1, 3),
    between(random, 1, 9),
    between(random, 1, 9),
    between(random, 1, chance(random, 0.2) ? 33 : 7),
  ];
  return draw(random, shape, "float32", extremes);
}

/**
 * A pooling's attributes, for windows of which one fits at least.
 *
 * @param emptyWindows whether windows may lie wholly in the padding
 */
export function drawWindow(
  random: RandomStream,
  [, height = 1, width = 1]: readonly number[],
  emptyWindows: boolean,
): MaxPoolAttrs {
  const window = between(random, 1, Math.min(4, height, width));
  const stride = between(random, 1, 3);
  // TensorFlow.js sizes the output by height alone where padding is a number.
  if (chance(random, 0.25)) {
    const pad = random.integer(emptyWindows ? 3 : window);
    return { filterSize: [window, window], strides: [stride, stride], pad };
  }
  const filterSize: [number, number] = [
    between(random, 1, Math.min(4, height)),
    between(random, 1, Math.min(4, width)),
  ];
  return { filterSize, strides: [stride, between(random, 1, 3)], pad: pick(random, ["same", "valid"]) };
}
