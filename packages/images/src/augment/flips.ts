import { mirrorPixels, turnUpsideDown } from "../geometry/crop-pixels.ts";
import type { Pixels } from "../pixels.ts";
import { requireProbability } from "./check-range.ts";
import { type ImageOperation, operation } from "./image-operation.ts";

/** Mirrors a picture. Default probability: 1/2. Source: `tf.image.random_flip_left_right`. */
export function randomFlipLeftRight(probability = 0.5): ImageOperation {
  return byChance("randomFlipLeftRight", probability, mirrorPixels);
}

/** Turns a picture upside down. Default probability: 1/2. Source: `tf.image.random_flip_up_down`. */
export function randomFlipUpDown(probability = 0.5): ImageOperation {
  return byChance("randomFlipUpDown", probability, turnUpsideDown);
}

function byChance(name: string, probability: number, change: (pixels: Pixels) => Pixels): ImageOperation {
  requireProbability(name, "probability", probability);
  return operation({
    name,
    arguments: [probability],
    apply: (pixels, random) => (random.uniform() < probability ? change(pixels) : pixels),
  });
}
