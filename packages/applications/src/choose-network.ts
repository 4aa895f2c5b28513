import { InvalidConfigError, checkOptions } from "@featuremap/tensor";
import type { Application } from "./application.ts";
import { mobile } from "./networks/mobile.ts";
import { resnet } from "./networks/resnet.ts";
import { small } from "./networks/small.ts";

/** What is known of the pictures that a network is to be trained on. */
export interface Pictures {
  /** Side in pixels to which they are brought; the longer one. */
  readonly imageSize: number;
  /** How many there are to train on. */
  readonly images: number;
}

/** A network, and why it, in words for the user. */
export interface NetworkChoice {
  readonly network: Application;
  readonly reason: string;
}

const smallSide = 64;
const manySmall = 100_000;
const manyLarge = 5_000;

/**
 * Which of `small`, `resnet` and `mobile` to train on a folder of pictures where the user does not say.
 *
 * @throws {InvalidConfigError} a number is not an integer of at least 1.
 */
export function chooseNetwork(pictures: Pictures): NetworkChoice {
  checkOptions("chooseNetwork", pictures, { imageSize: true, images: true });
  const { imageSize, images } = pictures;
  for (const [option, value] of Object.entries({ imageSize, images })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new InvalidConfigError("chooseNetwork", option, "an integer of at least 1", value);
  }
  const size = `${imageSize} pixels`;
  if (imageSize > smallSide) {
    return images < manyLarge
      ? { network: small, reason: `${images} photos are few for a deep network` }
      : { network: mobile, reason: `it needs the least work per pixel, which matters at ${size}` };
  }
  return images < manySmall
    ? { network: small, reason: `plain convolutions suit ${size}` }
    : { network: resnet, reason: `${images} pictures are enough for a deeper network` };
}
