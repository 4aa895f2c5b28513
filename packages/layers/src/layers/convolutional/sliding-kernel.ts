import { InvalidConfigError, type Padding, formatShape } from "@featuremap/tensor";
import type { KerasName } from "../../config/keras-object.ts";
import type { DataFormat, InEitherCase } from "../../config/options.ts";
import type { Lengths, Size, SpatialRank } from "../../config/spatial.ts";

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

/** The same, checked. */
export interface SlidingKernel<Rank extends SpatialRank, Zeros extends string = Padding> {
  readonly size: Lengths<Rank>;
  readonly strides: Lengths<Rank>;
  readonly padding: Zeros;
  readonly dilation: Lengths<Rank>;
  readonly dataFormat: DataFormat;
}

/** What is settled of these options. */
interface SlidingValues<Rank extends SpatialRank, Zeros extends string> {
  readonly kernelSize: Lengths<Rank>;
  readonly strides: Lengths<Rank>;
  readonly padding: Zeros;
  readonly dataFormat: DataFormat;
  readonly dilationRate: Lengths<Rank>;
}

export function slidingKernel<Rank extends SpatialRank, Zeros extends string>({
  kernelSize,
  strides,
  padding,
  dataFormat,
  dilationRate,
}: SlidingValues<Rank, Zeros>): SlidingKernel<Rank, Zeros> {
  return { size: kernelSize, strides, padding, dilation: dilationRate, dataFormat };
}

/** For layers that cannot do both. @throws {InvalidConfigError} the kernel takes steps and has gaps. */
export function refuseStridedAndDilated(owner: string, kernel: SlidingKernel<SpatialRank, string>): void {
  const { strides, dilation } = kernel;
  if (Math.max(...strides) === 1 || Math.max(...dilation) === 1) return;
  throw new InvalidConfigError(owner, "dilationRate", `1 where strides are ${formatShape(strides)}`, dilation);
}
