import { describe, expect, test } from "vitest";
import { enhanceBrightness, enhanceColor, enhanceContrast, enhanceSharpness } from "../colour/enhance.ts";
import { adjustHueSaturation } from "../colour/hue-saturation.ts";
import { grayscale } from "../colour/luma.ts";
import { autoContrast, equalize, invert, posterize, solarize } from "../colour/tone.ts";
import { warp } from "../geometry/warp.ts";
import type { Pixels } from "../pixels.ts";
import golden from "./host-operations.golden.json" with { type: "json" };

interface Encoded {
  readonly height: number;
  readonly width: number;
  readonly pixels: string;
}

interface Case {
  readonly operation: string;
  readonly picture: string;
  readonly arguments: readonly unknown[];
  readonly input: Encoded;
  readonly output: Encoded;
}

interface Operation {
  readonly compute: (pixels: Pixels, ...given: never[]) => Pixels;
  /** Levels by which a byte may differ, where floats of another precision are rounded. */
  readonly tolerance: number;
}

const operations: Readonly<Record<string, Operation>> = {
  enhanceBrightness: { compute: enhanceBrightness, tolerance: 0 },
  enhanceContrast: { compute: enhanceContrast, tolerance: 0 },
  enhanceColor: { compute: enhanceColor, tolerance: 0 },
  enhanceSharpness: { compute: enhanceSharpness, tolerance: 0 },
  invert: { compute: invert, tolerance: 0 },
  posterize: { compute: posterize, tolerance: 0 },
  solarize: { compute: solarize, tolerance: 0 },
  autoContrast: { compute: autoContrast, tolerance: 0 },
  equalize: { compute: equalize, tolerance: 0 },
  grayscale: { compute: grayscale, tolerance: 0 },
  adjustHue: { compute: (pixels, delta: number) => adjustHueSaturation(pixels, delta, 1), tolerance: 1 },
  adjustSaturation: { compute: (pixels, factor: number) => adjustHueSaturation(pixels, 0, factor), tolerance: 1 },
  warp: { compute: warp, tolerance: 1 },
};

function decode({ height, width, pixels }: Encoded): Pixels {
  return { data: new Uint8Array(Buffer.from(pixels, "base64")), width, height };
}

describe("operations on host pictures", () => {
  test.for(golden as readonly Case[])("$operation $arguments of $picture", (given) => {
    const { compute, tolerance } = operations[given.operation] ?? {};
    const expected = decode(given.output);
    const result = compute?.(decode(given.input), ...(given.arguments as never[]));
    expect(result).toMatchObject({ width: expected.width, height: expected.height });
    const differences = expected.data.map((level, index) => Math.abs(level - (result?.data[index] ?? 0)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance ?? 0);
  });
});
