import { dilatedKernelSize } from "@featuremap/tensor";
import { channelsLast } from "../../layouts.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";
import { repeated } from "./borders.ts";
import { type Margin, type Window, paddingWord, readWindow, withMargins } from "./windows.ts";

function pooling(kind: "Max" | "Average"): NodeReader {
  return (use) => {
    if ((use.node.outputs[1] ?? "") !== "") use.refuse("indices of the largest elements");
    const input = use.image(use.tensor(0));
    const window = readWindow(use, input, use.list("kernel_shape"));
    if (window.dilation.some((step) => step !== 1)) use.refuse("dilations");
    const lengths = use.spatial(input);
    const whole = use.number("ceil_mode", 0) === 1 ? withLastWindow(use, lengths, window) : window;
    const pooled = pool(use, kind, input, asReached(lengths, whole), window);
    return kind === "Max" || input.isPositive === true ? { ...pooled, isPositive: input.isPositive } : pooled;
  };
}

/** `ceil_mode`: a last window that only begins inside, as a wider margin. Source: PyTorch's `pooling_output_shape`. */
function withLastWindow(use: NodeUse, lengths: readonly (number | null)[], window: Window): Window {
  const margins = window.margins?.map(([start, end], axis): Margin => {
    const length = lengths[axis] ?? use.refuse("ceil_mode over open lengths");
    const stride = window.strides[axis] ?? 1;
    const size = dilatedKernelSize(window.size[axis] ?? 1);
    let count = Math.ceil((length + start + end - size) / stride) + 1;
    if ((count - 1) * stride >= length + start) count--;
    return [start, Math.max(end, (count - 1) * stride + size - length - start)];
  });
  return { ...window, margins };
}

/** Without what lies behind the last window. */
function asReached(lengths: readonly (number | null)[], window: Window): Window {
  const margins = window.margins?.map(([start, end], axis): Margin => {
    const length = lengths[axis] ?? null;
    if (length === null) return [start, end];
    const [stride, size] = [window.strides[axis] ?? 1, window.size[axis] ?? 1];
    const last = Math.floor((length + start + end - size) / stride) * stride;
    return [start, Math.max(0, last + size - length - start)];
  });
  return { ...window, margins };
}

function pool(use: NodeUse, kind: "Max" | "Average", input: Tensor, window: Window, stated: Window): Tensor {
  const { size, strides, margins = [] } = window;
  const order = channelsLast(size.length + 2);
  const className = `${kind}Pooling${size.length}D`;
  const lengths = use.spatial(input);
  const word = paddingWord(window, lengths);
  const layer = (of: Tensor, padding: string): Tensor =>
    use.layer(className, { pool_size: size, strides, padding }, [of], order);
  if (word === "valid") return layer(input, "valid");
  const counts = kind === "Average" && use.number("count_include_pad", 0) === 1;
  if (word === "same" && !counts) return layer(input, "same");
  if (window.margins === undefined) return use.refuse("count_include_pad over open lengths");
  if (kind === "Average") {
    const pooled = layer(withMargins(use, input, margins), "valid");
    return meansWithin(use, pooled, input, window, counts ? (stated.margins ?? []) : []);
  }
  if (input.isPositive === true) return layer(withMargins(use, input, margins), "valid");
  // Every window that reaches over the border has the element there, which then may stand there more than once.
  return layer(repeated(use, input, [[0, 0], [0, 0], ...margins], "edge"), "valid");
}

/**
 * Where zeros at the border would count: means over the whole windows, times how much larger those are than what counts of each.
 *
 * @param within what counts: margins that do, if any
 */
function meansWithin(use: NodeUse, pooled: Tensor, input: Tensor, window: Window, within: readonly Margin[]): Tensor {
  const { size, strides, margins = [] } = window;
  const lengths = use.spatial(input);
  const factors = size.map((length, axis) => {
    const known = lengths[axis] ?? use.refuse("pads over open lengths");
    const [before, after] = within[axis] ?? [0, 0];
    const count = use.spatial(pooled)[axis] ?? 0;
    return Array.from({ length: count }, (_, index) => {
      const start = index * (strides[axis] ?? 1) - (margins[axis]?.[0] ?? 0);
      return length / (Math.min(start + length, known + after) - Math.max(start, -before));
    });
  });
  if (factors.flat().every((factor) => factor === 1)) return pooled;
  const value = factors.reduceRight<unknown>((inner, own) => own.map((factor) => scaled(inner, factor)), [1]);
  const operand = { class_name: "__numpy__", config: { value: [value], dtype: "float32" } };
  return use.operation("Multiply", [pooled.keras, operand], pooled.order);
}

function scaled(values: unknown, factor: number): unknown {
  return Array.isArray(values) ? values.map((value) => scaled(value, factor)) : Number(values) * factor;
}

function globalPooling(kind: "Max" | "Average"): NodeReader {
  return (use) => globalPool(use, kind, use.tensor(0), true);
}

/** Over all spatial axes, which stay as axes of length 1 or not. */
export function globalPool(use: NodeUse, kind: "Max" | "Average", tensor: Tensor, keeps: boolean): Tensor {
  const input = use.image(tensor);
  const rank = input.shape.length;
  const order = keeps ? channelsLast(rank) : [0, 1];
  const output = use.layer(`Global${kind}Pooling${rank - 2}D`, { keepdims: keeps }, [input], order);
  const from = keeps ? { word: `global ${kind}`, input } : undefined;
  return { ...output, from, isPositive: input.isPositive };
}

export const poolings: Readonly<Record<string, NodeReader>> = {
  MaxPool: pooling("Max"),
  AveragePool: pooling("Average"),
  GlobalMaxPool: globalPooling("Max"),
  GlobalAveragePool: globalPooling("Average"),
};
