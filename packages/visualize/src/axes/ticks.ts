/** A mark on an axis. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/**
 * Round numbers from the one at or below `low` to the one at or above `high`, in steps of 1, 2 or 5 times a power of ten.
 *
 * @param most how many there may be, roughly
 */
export function linearTicks(low: number, high: number, most: number): readonly Tick[] {
  const step = roundStep((high - low) / Math.max(most - 1, 1));
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const value = (first + index) * step;
    return { value, label: formatNumber(value, step) };
  });
}

/** The least of 1, 2, 5 times a power of ten that is no less. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  // A power of ten below the smallest normal number is 0: steps so small are not needed.
  if (!(power > 0)) return Number.MIN_VALUE * 2 ** 60;
  const factor = [1, 2, 5].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Powers of ten between two numbers above 0; where they are few, 2 and 5 times them too. */
export function logarithmicTicks(low: number, high: number, most: number): readonly Tick[] {
  const [first, last] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)];
  const stride = Math.max(Math.ceil((last - first) / Math.max(most - 1, 1)), 1);
  const powers = Array.from({ length: Math.floor((last - first) / stride) + 1 }, (_, index) => first + index * stride);
  const factors = (last - first) * 3 <= most + 2 ? roundFactors : [1];
  const isPlain = first >= -3 && last <= 4;
  return powers
    .flatMap((power) =>
      factors.map((factor) => {
        const value = Number(`${factor}e${power}`);
        return { value, label: isPlain ? formatNumber(value, 10 ** Math.min(power, 0)) : `${factor}e${power}` };
      }),
    )
    .filter(({ value }) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
}

const roundFactors = [1, 2, 5];

/** The nearest of 1, 2, 5 times a power of ten that is no more, and that is no less, than a number above 0. */
export function roundNeighbours(value: number): readonly [number, number] {
  const power = Math.floor(Math.log10(value));
  const around = [...roundFactors, 10].map((factor) => Number(`${factor}e${power}`));
  const [low, high] = [around.findLast((each) => each <= value), around.find((each) => each >= value)];
  return [low ?? value, high ?? value];
}

/** A number on an axis whose marks are `step` apart: as many digits as tell neighbours apart. */
export function formatNumber(value: number, step: number): string {
  const magnitude = Math.abs(value);
  const decimals = Math.max(-Math.floor(Math.log10(step) + 1e-9), 0);
  if (decimals > 5 || magnitude >= 1e7) {
    const digits = magnitude === 0 ? 0 : Math.floor(Math.log10(magnitude)) - Math.floor(Math.log10(step) + 1e-9);
    return magnitude === 0 ? "0" : value.toExponential(Math.min(Math.max(digits, 0), 6)).replace("e+", "e");
  }
  return (value + 0).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A number by itself, in four significant digits. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return value.toLocaleString("en-US");
  const magnitude = Math.abs(value);
  if (magnitude >= 1e7 || magnitude < 1e-4) return value.toExponential(3).replace(/\.?0*e\+?/, "e");
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}
