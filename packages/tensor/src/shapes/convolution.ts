import { InvalidConfigError } from "../errors.ts";

/** `valid` uses no padding; `same` pads so that stride 1 keeps the length. */
export type Padding = "valid" | "same";

/** Zeros added before and after one axis. */
export interface AxisPadding {
  readonly start: number;
  readonly end: number;
}

/**
 * Length a kernel covers once `dilation - 1` gaps stand between its elements: `(kernel - 1) * dilation + 1`.
 *
 * @throws {InvalidConfigError} an argument is not an integer of at least 1.
 */
export function dilatedKernelSize(kernel: number, dilation = 1): number {
  requireInteger("kernel", kernel, 1);
  requireInteger("dilation", dilation, 1);
  return (kernel - 1) * dilation + 1;
}

/**
 * Output length of a convolution or pooling along one axis.
 *
 * With explicit padding `p` on both sides: `floor((n + 2p - m) / s) + 1` for the dilated kernel length `m`.
 * `valid` is `p = 0`; `same` gives `ceil(n / s)`. The result is 0 where the kernel does not fit.
 *
 * @param input length `n` of the axis
 * @param kernel kernel or window length before dilation
 * @param padding `valid`, `same`, or the number of zeros on each side
 * @throws {InvalidConfigError} an argument is not an integer, or too small.
 */
export function convolutionOutputSize(
  input: number,
  kernel: number,
  stride = 1,
  padding: Padding | number = "valid",
  dilation = 1,
): number {
  requireInteger("input", input, 0);
  requireInteger("stride", stride, 1);
  const covered = dilatedKernelSize(kernel, dilation);
  if (padding === "same") return Math.ceil(input / stride);
  const zeros = padding === "valid" ? 0 : padding;
  if (!Number.isInteger(zeros) || zeros < 0) {
    throw new InvalidConfigError("convolution", "padding", '"valid", "same" or an integer of at least 0', padding);
  }
  return Math.max(0, Math.floor((input + 2 * zeros - covered) / stride) + 1);
}

/**
 * Zeros that `same` padding adds: `start = floor(t / 2)`, `end = ceil(t / 2)` for
 * `t = max(s * ceil(n / s) - n + m - s, 0)` and the dilated kernel length `m`.
 *
 * @throws {InvalidConfigError} an argument is not an integer, or too small.
 */
export function samePadding(input: number, kernel: number, stride = 1, dilation = 1): AxisPadding {
  requireInteger("input", input, 0);
  requireInteger("stride", stride, 1);
  const covered = dilatedKernelSize(kernel, dilation);
  const total = Math.max(stride * Math.ceil(input / stride) - input + covered - stride, 0);
  return { start: Math.floor(total / 2), end: Math.ceil(total / 2) };
}

function requireInteger(option: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new InvalidConfigError("convolution", option, `an integer of at least ${least}`, value);
  }
}
