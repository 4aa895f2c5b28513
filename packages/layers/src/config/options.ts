import { InvalidConfigError, type Padding, type Shape, ShapeError, formatShape } from "@featuremap/tensor";

/** Height and width, or one number for both. */
export type Size2D = number | readonly [number, number];

/** Where the channels axis is: `[batch, height, width, channels]` or `[batch, channels, height, width]`. */
export type DataFormat = "channelsLast" | "channelsFirst";

/** Whether a value is a number from `least` to `most`, both included; text that looks like one is not. */
export function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && value >= least && value <= most;
}

/** A shape that plain JavaScript may have passed. @throws {InvalidConfigError} it is not a list of lengths. */
export function requireShape(owner: string, shape: unknown, option = "shape"): Shape {
  const isLength = (length: unknown): boolean => length === null || isWithin(length, 0, Number.POSITIVE_INFINITY);
  if (Array.isArray(shape) && shape.every(isLength)) return shape as Shape;
  throw new InvalidConfigError(owner, option, "a list of lengths and nulls", shape);
}

/** Several shapes. @throws {InvalidConfigError} they are not a list of shapes. */
export function requireShapes(owner: string, shapes: unknown): readonly Shape[] {
  if (!Array.isArray(shapes))
    throw new InvalidConfigError(owner, "shapes", "a list of one shape for each input", shapes);
  return shapes.map((shape) => requireShape(owner, shape));
}

/** Whether a value is a list; `Array.isArray` does not narrow to read-only lists. */
export function isList(value: unknown): value is readonly number[] {
  return Array.isArray(value);
}

/** A word in small letters or, as TensorFlow has it and Keras takes it, in capitals. */
export type InEitherCase<Word extends string> = Word | Uppercase<Word>;

/** What most layers may put around their input. */
export const commonPaddings: readonly Padding[] = ["valid", "same"];

/** The four lengths of a batch of images. */
export interface ImageShape {
  readonly batch: number | null;
  readonly height: number | null;
  readonly width: number | null;
  readonly channels: number | null;
}

/** @throws {ShapeError} the shape does not have four axes. */
export function readImageShape(owner: string, shape: Shape, format: DataFormat): ImageShape {
  const [batch = null, second = null, third = null, last = null] = shape;
  if (shape.length !== 4) {
    const axes = format === "channelsLast" ? "(batch, height, width, channels)" : "(batch, channels, height, width)";
    throw new ShapeError(owner, "input", axes, formatShape(shape));
  }
  return format === "channelsLast"
    ? { batch, height: second, width: third, channels: last }
    : { batch, height: third, width: last, channels: second };
}

export function writeImageShape({ batch, height, width, channels }: ImageShape, format: DataFormat): Shape {
  return format === "channelsLast" ? [batch, height, width, channels] : [batch, channels, height, width];
}
