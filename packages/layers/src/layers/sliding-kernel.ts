import type { OptionNames, Padding } from "@featuremap/tensor";
import type { ConfigReader } from "../config-reader.ts";
import { type KerasName, pythonName } from "../keras-object.ts";
import { type DataFormat, requireDataFormat, requirePadding } from "./options.ts";
import { type Lengths, type Size, type SpatialRank, requireLengths } from "./spatial.ts";

/** How a kernel moves. */
export interface SlidingKernelConfig<Rank extends SpatialRank> {
  /** Length of the kernel along each spatial axis. */
  readonly kernelSize: Size<Rank>;
  /** Steps of the kernel; 1 unless said otherwise. */
  readonly strides?: Size<Rank> | undefined;
  /** `valid` (no zeros around the input) unless said otherwise. */
  readonly padding?: Padding | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
  /** Distance between kernel elements; 1 unless said otherwise. */
  readonly dilationRate?: Size<Rank> | undefined;
}

/** The names of these options. */
export const slidingKernelOptions: OptionNames<SlidingKernelConfig<SpatialRank>> = {
  kernelSize: true,
  strides: true,
  padding: true,
  dataFormat: true,
  dilationRate: true,
};

/** The same, checked. */
export interface SlidingKernel<Rank extends SpatialRank> {
  readonly size: Lengths<Rank>;
  readonly strides: Lengths<Rank>;
  readonly padding: Padding;
  readonly dilation: Lengths<Rank>;
  readonly dataFormat: DataFormat;
}

/** @throws {InvalidConfigError} an option is out of range. */
export function requireSlidingKernel<Rank extends SpatialRank>(
  owner: string,
  config: SlidingKernelConfig<Rank>,
  rank: Rank,
): SlidingKernel<Rank> {
  return {
    size: requireLengths(owner, "kernelSize", config.kernelSize, rank),
    strides: requireLengths(owner, "strides", config.strides ?? 1, rank),
    padding: requirePadding(owner, config.padding),
    dilation: requireLengths(owner, "dilationRate", config.dilationRate ?? 1, rank),
    dataFormat: requireDataFormat(owner, config.dataFormat),
  };
}

/** Whether the kernel both takes steps and has gaps, which not every convolution can. */
export function isStridedAndDilated({ strides, dilation }: SlidingKernel<SpatialRank>): boolean {
  return Math.max(...strides) > 1 && Math.max(...dilation) > 1;
}

/** Keras's keys for it. */
export function slidingKernelEntries(kernel: SlidingKernel<SpatialRank>): Record<string, unknown> {
  return {
    kernel_size: kernel.size,
    strides: kernel.strides,
    padding: kernel.padding,
    data_format: pythonName(kernel.dataFormat),
    dilation_rate: kernel.dilation,
  };
}

/** The options in Keras's config, but `padding`. */
export function readSlidingKernel<Rank extends SpatialRank>(
  reader: ConfigReader,
  rank: Rank,
): Omit<SlidingKernelConfig<Rank>, "padding"> {
  return {
    kernelSize: reader.size("kernel_size", rank) ?? 0,
    strides: reader.size("strides", rank),
    dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    dilationRate: reader.size("dilation_rate", rank),
  };
}

/** Keras's `padding`, where it is one of the two that every layer knows. */
export function readPadding(reader: ConfigReader): Padding | undefined {
  return reader.word("padding", ["valid", "same"]);
}
