import { type Padding, type Shape, ShapeError, convolutionOutputSize, formatShape } from "@featuremap/tensor";
import { type DataFormat, readImageShape, writeImageShape } from "./options.ts";

/** A window that slides over an image. */
export interface Window {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly dilation?: readonly [number, number];
}

/**
 * Shape of what comes out where a window slides over images.
 *
 * @param channels channels that come out; those of the input where absent
 * @throws {ShapeError} the input is no batch of images, or smaller than the window.
 */
export function slidingOutputShape(
  owner: string,
  input: Shape,
  window: Window,
  format: DataFormat,
  channels?: number,
): Shape {
  const image = readImageShape(owner, input, format);
  const slide = (length: number | null, axis: 0 | 1): number | null => {
    if (length === null) return null;
    const { size, strides, padding, dilation = [1, 1] } = window;
    const output = convolutionOutputSize(length, size[axis], strides[axis], padding, dilation[axis]);
    if (output > 0) return output;
    throw new ShapeError(owner, "input", `at least as large as the window ${formatShape(size)}`, formatShape(input));
  };
  return writeImageShape(
    {
      batch: image.batch,
      height: slide(image.height, 0),
      width: slide(image.width, 1),
      channels: channels ?? image.channels,
    },
    format,
  );
}
