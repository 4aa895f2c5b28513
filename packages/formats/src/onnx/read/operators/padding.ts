import { channelsLast } from "../../layouts.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";
import { repeated } from "./borders.ts";
import { type Margin, withMargins } from "./windows.ts";

const pad: NodeReader = (use) => {
  const tensor = use.tensor(0);
  const rank = tensor.shape.length;
  const mode = use.text("mode", "constant");
  const pads = use.numbers(1, "pads") ?? use.refuse("no pads");
  const axes =
    use.numbers(3, "axes")?.map((axis) => (axis < 0 ? axis + rank : axis)) ??
    pads.slice(0, pads.length / 2).map((_, axis) => axis);
  const margins = Array.from({ length: rank }, (): Margin => [0, 0]);
  for (const [index, axis] of axes.entries()) margins[axis] = [pads[index] ?? 0, pads[index + axes.length] ?? 0];
  if (margins.flat().every((count) => count === 0)) return tensor;
  if (mode !== "constant" && margins.flat().some((count) => count > 0)) return repeated(use, tensor, margins, mode);
  const value = use.opset < 11 ? use.number("value", 0) : (use.constant(2)?.values[0] ?? 0);
  const order = use.settled(tensor).order;
  // Margins lie along axes of the file; layers of images have them along all but the first and the last of their own.
  const along = order.map((axis): Margin => margins[axis] ?? [0, 0]);
  const isImage = rank > 2 && rank < 6;
  const isEnd = (margin: Margin | undefined): boolean => margin !== undefined && margin.some((count) => count !== 0);
  if (!isImage) return use.refuse(`margins of a tensor of ${rank} axes`);
  if (isEnd(along[0])) return use.refuse("margins along the batch axis");
  const input = isEnd(along.at(-1)) ? use.settled(use.turned(tensor, channelsLast(rank))) : use.settled(tensor);
  const own = input.order.map((axis): Margin => margins[axis] ?? [0, 0]);
  if (isEnd(own.at(-1))) return use.refuse("margins along the channels");
  return padded(use, input, own.slice(1, -1), value);
};

/** With zeros around a tensor less the value, and the value added again. */
function padded(use: NodeUse, input: Tensor, margins: readonly Margin[], value: number): Tensor {
  if (value !== 0 && !Number.isFinite(value)) return use.refuse("margins of infinity");
  const rank = input.shape.length;
  // As withMargins sees it, whose channels are last whatever they are in the file.
  const { order } = input;
  const images = (tensor: Tensor): Tensor => ({
    ...tensor,
    shape: channelsFirstShape(tensor),
    order: channelsLast(rank),
  });
  const shifted = value === 0 ? input : use.operation("Subtract", [input.keras, value], order);
  const result = withMargins(use, images({ ...shifted, isPositive: input.isPositive }), margins);
  const back = (tensor: Tensor): Tensor => {
    const shape = order.map((_, axis) => tensor.keras.shape[order.indexOf(axis)] ?? null);
    return { ...tensor, shape, order };
  };
  if (value === 0) return back(result);
  return back(use.operation("Add", [result.keras, value], order));
}

function channelsFirstShape({ keras }: Tensor): Tensor["shape"] {
  return [keras.shape[0] ?? null, keras.shape.at(-1) ?? null, ...keras.shape.slice(1, -1)];
}

export const paddings: Readonly<Record<string, NodeReader>> = { Pad: pad };
