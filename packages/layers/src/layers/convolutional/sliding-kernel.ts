import { InvalidConfigError, type OptionNames, type Padding, formatShape } from "@featuremap/tensor";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { type DataFormat, type InEitherCase, requireDataFormat, requirePadding } from "../../config/options.ts";
import { type Lengths, type Size, type SpatialRank, requireLengths } from "../../config/spatial.ts";

/** How a kernel moves. */
export interface SlidingKernelConfig<Rank extends SpatialRank, Zeros extends string = Padding> {
  /** Length of the kernel along each spatial axis. */
  readonly kernelSize: Size<Rank>;
  /** Steps of the kernel. Default: 1. */
  readonly strides?: Size<Rank> | undefined;
  /** Default: `valid` (no zeros around the input). */
  readonly padding?: InEitherCase<Zeros> | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
  /** Distance between kernel elements. Default: 1. */
  readonly dilationRate?: Size<Rank> | undefined;
}

/** The names of these options. */
export const slidingKernelOptions: OptionNames<SlidingKernelConfig<SpatialRank, string>> = {
  kernelSize: true,
  strides: true,
  padding: true,
  dataFormat: true,
  dilationRate: true,
};

/** The same, checked. */
export interface SlidingKernel<Rank extends SpatialRank, Zeros extends string = Padding> {
  readonly size: Lengths<Rank>;
  readonly strides: Lengths<Rank>;
  readonly padding: Zeros;
  readonly dilation: Lengths<Rank>;
  readonly dataFormat: DataFormat;
}

/**
 * @param paddings that the layer knows
 * @throws {InvalidConfigError} an option is out of range.
 */
export function requireSlidingKernel<Rank extends SpatialRank, Zeros extends string>(
  owner: string,
  config: SlidingKernelConfig<Rank, NoInfer<Zeros>>,
  rank: Rank,
  paddings: readonly Zeros[],
): SlidingKernel<Rank, Zeros> {
  return {
    size: requireLengths(owner, "kernelSize", config.kernelSize, rank),
    strides: requireLengths(owner, "strides", config.strides ?? 1, rank),
    padding: requirePadding(owner, config.padding, paddings),
    dilation: requireLengths(owner, "dilationRate", config.dilationRate ?? 1, rank),
    dataFormat: requireDataFormat(owner, config.dataFormat),
  };
}

/** For layers that cannot do both. @throws {InvalidConfigError} the kernel takes steps and has gaps. */
export function refuseStridedAndDilated(owner: string, kernel: SlidingKernel<SpatialRank, string>): void {
  const { strides, dilation } = kernel;
  if (Math.max(...strides) === 1 || Math.max(...dilation) === 1) return;
  throw new InvalidConfigError(owner, "dilationRate", `1 where strides are ${formatShape(strides)}`, dilation);
}

/** Keras's keys for it. */
export function slidingKernelEntries(kernel: SlidingKernel<SpatialRank, string>): Record<string, unknown> {
  return {
    kernel_size: kernel.size,
    strides: kernel.strides,
    padding: kernel.padding,
    data_format: pythonName(kernel.dataFormat),
    dilation_rate: kernel.dilation,
  };
}

/** The options in Keras's config. */
export function readSlidingKernel<Rank extends SpatialRank, Zeros extends string>(
  reader: ConfigReader,
  rank: Rank,
  paddings: readonly Zeros[],
): SlidingKernelConfig<Rank, Zeros> {
  return {
    kernelSize: reader.size("kernel_size", rank) ?? 0,
    strides: reader.size("strides", rank),
    padding: reader.word("padding", paddings),
    dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    dilationRate: reader.size("dilation_rate", rank),
  };
}
