import { expect, test } from "vitest";
import { suggestRates } from "./suggest-rates.ts";

const rates = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10];

test("the steepest step, a place in the longest valley, and a tenth of the rate of the least loss", () => {
  expect(suggestRates(rates, [2.1, 2.0, 1.7, 0.8, 0.7, 0.75, 9])).toEqual({ steep: 1e-3, valley: 1e-5, minimum: 1e-2 });
});

/** A loss that falls over bumps, then rises, in thousandths. */
function bumpy(steps: number, seed: number): number[] {
  return Array.from({ length: steps }, (_, index) => {
    const bump = ((index * 7919 + seed * 104729) % 1009) / 4000;
    const rise = index > 60 ? 0.004 * (index - 60) ** 2 : 0;
    return Math.round((2.3 - 0.02 * index + bump + rise) * 1000) / 1000;
  });
}

// The places are those of fastai's `valley`, given what is left without the first tenth.
test.for([
  [[5, 1, 4, 3, 3.5, 2.5, 2], 2],
  [[1, 2, 3, 2.9, 2.8, 2.7, 2.6], 2],
  [[4, 3, 2], 0],
  [[3, 2], 0],
  [bumpy(80, 2), 50],
  [bumpy(80, 3), 53],
  [bumpy(70, 4), 52],
] as const)("a valley goes over bumps, and the longest one counts however deep another is: %o", ([losses, place]) => {
  const places = losses.map((_, index) => index + 1);
  expect(suggestRates(places, losses).valley).toBe(place + 1);
});

test.for([[[]], [[3]], [[1, 2, 3]], [[1, 1, 1]], [[Number.NaN, Number.NaN]]])(
  "of %j nothing is suggested",
  ([losses]) => {
    expect(suggestRates(rates, losses ?? [])).toEqual({ steep: undefined, valley: undefined, minimum: undefined });
  },
);

test.for([9, 0.001])(
  "a first loss of %d, of which the smoothed one is hardly a mean yet, suggests nothing",
  (first) => {
    const many = Array.from({ length: 100 }, (_, index) => 1e-6 * 10 ** (index * 0.06));
    const losses = many.map((rate, index) => (index === 0 ? first : 2.5 / (1 + rate / 1e-2)));
    const { steep = 0, valley = 0, minimum = 0 } = suggestRates(many, losses);
    expect(steep).toBeGreaterThan(5e-3);
    expect(steep).toBeLessThan(2e-2);
    expect(valley).toBeGreaterThan(1e-4);
    expect(minimum).toBeCloseTo((many.at(-1) ?? 0) / 10);
  },
);
