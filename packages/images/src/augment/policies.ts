import { InvalidConfigError } from "@featuremap/tensor";
import { enhanceBrightness, enhanceColor, enhanceContrast, enhanceSharpness } from "../colour/enhance.ts";
import { autoContrast, equalize, posterize, solarize } from "../colour/tone.ts";
import { type AffineMap, affineProjection } from "../geometry/projections.ts";
import { warp } from "../geometry/warp.ts";
import type { Pixels } from "../pixels.ts";
import { requireNumber } from "./check-range.ts";
import { type ImageOperation, operation } from "./image-operation.ts";

/** One change of a picture by a strength from 0, nothing, to 1, the most; signed where there are two directions. */
interface PolicyStep {
  readonly signed: boolean;
  readonly change: (pixels: Pixels, strength: number) => Pixels;
}

function geometric(map: (strength: number, pixels: Pixels) => AffineMap): PolicyStep {
  return {
    signed: true,
    change: (pixels, strength) =>
      warp(pixels, affineProjection(pixels.width, pixels.height, map(strength, pixels)), {
        interpolation: "nearest",
        fillMode: "constant",
        fillValue: 0,
      }),
  };
}

function enhancing(change: (pixels: Pixels, factor: number) => Pixels, most: number): PolicyStep {
  return { signed: true, change: (pixels, strength) => change(pixels, 1 + most * strength) };
}

function plain(change: (pixels: Pixels, strength: number) => Pixels): PolicyStep {
  return { signed: false, change };
}

/** The steps of torchvision's policies; `wide` are those of `TrivialAugmentWide`, the others `RandAugment`'s. */
function policySteps(wide: boolean): readonly PolicyStep[] {
  const shear = wide ? 0.99 : 0.3;
  const turn = (wide ? 135 : 30) * (Math.PI / 180);
  const shift = (strength: number, side: number): number => strength * (wide ? 32 : (150 / 331) * side);
  const factor = wide ? 0.99 : 0.9;
  const fewestBits = wide ? 2 : 4;
  return [
    plain((pixels) => pixels),
    geometric((strength) => ({ shear: [shear * strength, 0] })),
    geometric((strength) => ({ shear: [0, shear * strength] })),
    geometric((strength, { width }) => ({ shift: [shift(strength, width), 0] })),
    geometric((strength, { height }) => ({ shift: [0, shift(strength, height)] })),
    geometric((strength) => ({ angle: turn * strength })),
    enhancing(enhanceBrightness, factor),
    enhancing(enhanceColor, factor),
    enhancing(enhanceContrast, factor),
    enhancing(enhanceSharpness, factor),
    plain((pixels, strength) => posterize(pixels, 8 - Math.round((8 - fewestBits) * strength))),
    plain((pixels, strength) => solarize(pixels, 255 * (1 - strength))),
    plain(autoContrast),
    plain(equalize),
  ];
}

/**
 * One change chosen at random, by a random strength: no setting to search for.
 *
 * Source: Müller and Hutter, 2021; torchvision's `TrivialAugmentWide` with its 31 strengths.
 */
export function trivialAugment(): ImageOperation {
  const steps = policySteps(true);
  return operation({
    name: "trivialAugment",
    arguments: [],
    apply: (pixels, random) => {
      const step = steps[random.integer(steps.length)];
      const strength = random.integer(31) / 30;
      const sign = random.uniform() < 0.5 ? -1 : 1;
      return step === undefined ? pixels : step.change(pixels, step.signed ? sign * strength : strength);
    },
  });
}

/**
 * Several changes one after another, each chosen at random, all of one strength.
 *
 * Source: Cubuk et al., 2019; torchvision's `RandAugment`.
 *
 * @param operations how many; default 2
 * @param magnitude their strength, 0 to 30; default 9
 * @throws {InvalidConfigError} either is outside its range.
 */
export function randAugment(operations = 2, magnitude = 9): ImageOperation {
  const owner = "randAugment";
  if (!Number.isInteger(operations) || operations < 1 || operations > 100) {
    throw new InvalidConfigError(owner, "operations", "an integer in [1, 100]", operations);
  }
  const strength = requireNumber(owner, "magnitude", magnitude, 0, 30) / 30;
  const steps = policySteps(false);
  return operation({
    name: owner,
    arguments: [operations, magnitude],
    apply: (pixels, random) => {
      let result = pixels;
      for (let count = 0; count < operations; count++) {
        const step = steps[random.integer(steps.length)];
        const sign = random.uniform() < 0.5 ? -1 : 1;
        if (step !== undefined) result = step.change(result, step.signed ? sign * strength : strength);
      }
      return result;
    },
  });
}
