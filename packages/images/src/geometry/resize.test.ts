import { describe, expect, test } from "vitest";
import type { Pixels } from "../pixels.ts";
import type { Interpolation } from "./axis-taps.ts";
import golden from "./resize.golden.json" with { type: "json" };
import { resizePixels } from "./resize.ts";

interface Case {
  readonly program: string;
  readonly method: string;
  readonly antialias: boolean;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly size: readonly number[];
  readonly pixels: readonly number[];
  readonly result: readonly number[];
}

/** A grey ramp with noise, of which no two lines are alike. */
function picture(width: number, height: number, channels: 1 | 3 | 4): Pixels {
  const data = Uint8Array.from({ length: width * height * channels }, (_, index) => (index * 7919) % 251);
  return { data, width, height };
}

describe("resizePixels", () => {
  test.for(golden as readonly Case[])(
    "gives $program's levels: $method, antialias $antialias, $channels channels, $height x $width to $size",
    ({ method, antialias, height, width, size, pixels, result }) => {
      const [targetHeight = 0, targetWidth = 0] = size;
      const interpolation = method as Interpolation;
      const source = { data: Uint8Array.from(pixels), width, height };
      const resized = resizePixels(source, [targetHeight, targetWidth], { interpolation, antialias });
      expect([resized.height, resized.width, resized.data.length]).toEqual([targetHeight, targetWidth, result.length]);
      result.forEach((level, index) => {
        const byte = Math.min(255, Math.max(0, level));
        expect(Math.abs((resized.data[index] ?? -1) - byte), `byte ${index}`).toBeLessThanOrEqual(1);
      });
    },
  );

  test("takes a box as if it had been cut out before", () => {
    const whole = picture(20, 15, 3);
    const box = { left: 3, top: 4, width: 9, height: 7 };
    const data = new Uint8Array(9 * 7 * 3);
    for (let row = 0; row < 7; row++)
      data.set(whole.data.subarray(((row + 4) * 20 + 3) * 3, ((row + 4) * 20 + 12) * 3), row * 27);
    const cut = { data, width: 9, height: 7 };
    for (const interpolation of ["bilinear", "lanczos5", "area", "nearest"] as const) {
      const options = { interpolation, antialias: true };
      expect(resizePixels(whole, [5, 4], { ...options, box })).toEqual(resizePixels(cut, [5, 4], options));
    }
  });

  test("mirrors the result", () => {
    const { data } = resizePixels(picture(6, 2, 1), [2, 6], { flipLeftRight: true });
    expect([...data.subarray(0, 6)]).toEqual([...picture(6, 2, 1).data.subarray(0, 6)].toReversed());
  });

  test("gives a picture of the same size back as it is", () => {
    const given = picture(33, 17, 4);
    expect(resizePixels(given, [17, 33], { interpolation: "bicubic", antialias: true }).data).toEqual(given.data);
  });

  test("keeps one colour the same, however far it is reduced", () => {
    const plain = { data: new Uint8Array(3000 * 700 * 3).fill(201), width: 3000, height: 700 };
    for (const interpolation of ["bilinear", "bicubic", "lanczos5", "area", "gaussian"] as const) {
      const { data } = resizePixels(plain, [3, 2], { interpolation, antialias: true });
      expect(new Set(data)).toEqual(new Set([201]));
    }
  });

  test.for([
    [[0, 4], undefined, "size"],
    [[4.5, 4], undefined, "size"],
    [[4, 2 ** 17], undefined, "size"],
    [4, undefined, "size"],
    [[2 ** 16, 2 ** 16], undefined, "size"],
    [[4, 4], { interpolation: "cubic" }, "interpolation"],
    [[4, 4], { antialias: "no" }, "antialias"],
    [[4, 4], { flipLeftRight: 1 }, "flipLeftRight"],
    [[4, 4], { box: { left: 0, top: 0, width: 9, height: 2 } }, "box"],
    [[4, 4], { box: { left: -1, top: 0, width: 2, height: 2 } }, "box"],
  ] as const)("refuses size %j with %j", ([size, options, option]) => {
    const call = (): Pixels => resizePixels(picture(8, 8, 3), size as never, options as never);
    expect(call).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});
