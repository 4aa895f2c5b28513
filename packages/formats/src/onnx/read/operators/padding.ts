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
  const input = use.settled(tensor);
  const along = input.order.map((axis): Margin => margins[axis] ?? [0, 0]);
  const isEnd = (margin: Margin | undefined): boolean => margin !== undefined && margin.some((count) => count !== 0);
  if (isEnd(along[0])) return use.refuse("margins along the batch axis");
  if (!Number.isFinite(value)) return use.refuse("margins of infinity");
  // Layers of images have margins along all axes but the first and the last of their own.
  const isImage = rank > 2 && rank < 6 && !isEnd(along.at(-1));
  if (isImage && value === 0) return imagePadded(use, input, along.slice(1, -1));
  const cut = along.map(([before, after]): Margin => [Math.min(before, 0), Math.min(after, 0)]);
  if (!isImage && cut.some(isEnd)) return use.refuse("elements cut along the channels");
  const left = cut.some(isEnd) ? imagePadded(use, input, cut.slice(1, -1)) : input;
  const pad_width = along.map(([before, after]) => [Math.max(before, 0), Math.max(after, 0)]);
  const args = value === 0 ? [left.keras] : [left.keras, value];
  const output = use.operation("Pad", args, input.order, { pad_width, mode: "constant" });
  return { ...output, isPositive: value >= 0 && input.isPositive };
};

/** With zeros around it, or fewer elements, along all axes but the first and the last of the Keras tensor. */
function imagePadded(use: NodeUse, input: Tensor, margins: readonly Margin[]): Tensor {
  // As withMargins sees it, whose channels are last whatever they are in the file.
  const { order } = input;
  const image = { ...input, shape: channelsFirstShape(input), order: channelsLast(input.shape.length) };
  const result = withMargins(use, image, margins);
  const shape = order.map((_, axis) => result.keras.shape[order.indexOf(axis)] ?? null);
  return { ...result, shape, order };
}

function channelsFirstShape({ keras }: Tensor): Tensor["shape"] {
  return [keras.shape[0] ?? null, keras.shape.at(-1) ?? null, ...keras.shape.slice(1, -1)];
}

export const paddings: Readonly<Record<string, NodeReader>> = { Pad: pad };
