import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { depthOf } from "../colour/levels.ts";
import { type Range, requireNumber, requireProbability, requireRange } from "./check-range.ts";
import { type ImageOperation, operation } from "./image-operation.ts";

/** How {@link randomErasing} covers a part of a picture. */
export interface RandomErasingOptions {
  /** Default: 1/2. */
  readonly probability?: number;
  /** Share of the picture's area. Default: [0.02, 0.33]. */
  readonly scale?: Range;
  /** Height by width, drawn evenly on a logarithmic scale. Default: [0.3, 3.3]. */
  readonly ratio?: Range;
  /** The level it is filled with, or "random" for noise. Default: 0. */
  readonly value?: number | "random";
}

const erasingOptions: OptionNames<RandomErasingOptions> = { probability: true, scale: true, ratio: true, value: true };

/** Covers a random rectangle. Source: Zhong et al., 2020; torchvision's `RandomErasing`. */
export function randomErasing(options: RandomErasingOptions = {}): ImageOperation {
  const owner = "randomErasing";
  checkOptions(owner, options, erasingOptions);
  const { probability = 0.5, value = 0 } = options;
  requireProbability(owner, "probability", probability);
  const scale = requireRange(owner, "scale", options.scale ?? [0.02, 0.33], 0, 1);
  const ratio = requireRange(owner, "ratio", options.ratio ?? [0.3, 3.3], 1e-6);
  if (value !== "random") requireNumber(owner, "value", value, 0, 255);
  return operation({
    name: owner,
    arguments: [options],
    apply: (pixels, random) => {
      if (random.uniform() >= probability) return pixels;
      const { width, height } = pixels;
      for (let attempt = 0; attempt < 10; attempt++) {
        const area = width * height * random.uniform(...scale);
        const proportion = Math.exp(random.uniform(Math.log(ratio[0]), Math.log(ratio[1])));
        const along = Math.round(Math.sqrt(area * proportion));
        const across = Math.round(Math.sqrt(area / proportion));
        if (along < 1 || across < 1 || along >= height || across >= width) continue;
        const top = random.integer(height - along + 1);
        const left = random.integer(width - across + 1);
        const level = value === "random" ? () => random.integer(256) : () => value;
        return cover(pixels, { left, top, right: left + across, bottom: top + along }, level);
      }
      return pixels;
    },
  });
}

/** Covers a square of `length` pixels around a random place, cut at the edges. Source: DeVries and Taylor, 2017. */
export function cutout(length: number, value = 0): ImageOperation {
  const side = Math.round(requireNumber("cutout", "length", length, 1));
  requireNumber("cutout", "value", value, 0, 255);
  return operation({
    name: "cutout",
    arguments: [length, value],
    apply: (pixels, random) => {
      const left = random.integer(pixels.width) - (side >> 1);
      const top = random.integer(pixels.height) - (side >> 1);
      return cover(pixels, { left, top, right: left + side, bottom: top + side }, () => value);
    },
  });
}

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

type Pixels = Parameters<ImageOperation["apply"]>[0];

function cover(pixels: Pixels, { left, top, right, bottom }: Rectangle, level: () => number): Pixels {
  const { width, height } = pixels;
  const depth = depthOf(pixels);
  const data = new Uint8Array(pixels.data);
  for (let row = Math.max(0, top); row < Math.min(height, bottom); row++) {
    for (let column = Math.max(0, left); column < Math.min(width, right); column++) {
      for (let channel = 0; channel < Math.min(depth, 3); channel++)
        data[(row * width + column) * depth + channel] = level();
    }
  }
  return { data, width, height };
}
