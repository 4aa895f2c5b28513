import { dilatedKernelSize, sizeOf } from "@featuremap/tensor";
import { channelsLast, plainOrder } from "../../layouts.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";
import { numbers, slice } from "./items.ts";
import { power } from "./operands.ts";
import { reducedBy } from "./reductions.ts";
import { type Margin, type Window, paddingWord, readWindow, withMargins } from "./windows.ts";

function pooling(kind: "Max" | "Average"): NodeReader {
  return (use) => {
    if ((use.node.outputs[1] ?? "") !== "") use.refuse("indices of the largest elements");
    const input = use.image(use.tensor(0));
    const { window, stated } = windowsOf(use, input);
    const pooled = pool(use, kind, input, window, stated);
    return kind === "Max" || input.isPositive === true ? { ...pooled, isPositive: input.isPositive } : pooled;
  };
}

/** The windows as far as they reach, and with the margins that the file states. */
function windowsOf(use: NodeUse, input: Tensor): { readonly window: Window; readonly stated: Window } {
  const stated = readWindow(use, input, use.list("kernel_shape"));
  const lengths = use.spatial(input);
  const whole = use.number("ceil_mode", 0) === 1 ? withLastWindow(use, lengths, stated) : stated;
  return { window: asReached(lengths, whole), stated };
}

function reachOf({ size, dilation }: Window, axis: number): number {
  return dilatedKernelSize(size[axis] ?? 1, dilation[axis]);
}

/** `ceil_mode`: a last window that only begins inside, as a wider margin. Source: PyTorch's `pooling_output_shape`. */
function withLastWindow(use: NodeUse, lengths: readonly (number | null)[], window: Window): Window {
  const margins = window.margins?.map(([start, end], axis): Margin => {
    const length = lengths[axis] ?? use.refuse("ceil_mode over open lengths");
    const stride = window.strides[axis] ?? 1;
    const size = reachOf(window, axis);
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
    const [stride, size] = [window.strides[axis] ?? 1, reachOf(window, axis)];
    const last = Math.floor((length + start + end - size) / stride) * stride;
    return [start, Math.max(0, last + size - length - start)];
  });
  return { ...window, margins };
}

function pool(use: NodeUse, kind: "Max" | "Average", input: Tensor, window: Window, stated: Window): Tensor {
  const { margins = [] } = window;
  const isDense = window.dilation.every((step) => step === 1);
  const word = isDense ? paddingWord(window, use.spatial(input)) : undefined;
  if (word === "valid") return slid(use, kind, input, window, "valid");
  const counts = kind === "Average" && use.number("count_include_pad", 0) === 1;
  if (word === "same" && !counts) return slid(use, kind, input, window, "same");
  if (window.margins === undefined) return use.refuse("count_include_pad over open lengths, or dilations");
  if (kind === "Average") {
    const pooled = slid(use, kind, withMargins(use, input, margins), window, "valid");
    return meansWithin(use, pooled, input, window, counts ? (stated.margins ?? []) : []);
  }
  const isPlain = margins.flat().every((count) => count === 0);
  const around = isPlain || input.isPositive === true ? withMargins(use, input, margins) : lowered(use, input, margins);
  return slid(use, kind, around, window, "valid");
}

/** With the lowest number around it, which is never the largest in a window that has others. */
function lowered(use: NodeUse, input: Tensor, margins: readonly Margin[]): Tensor {
  const pad_width = [[0, 0], ...margins, [0, 0]];
  return use.operation("Pad", [input.keras, lowest], input.order, { pad_width, mode: "constant" });
}

/** Of float32. */
const lowest = -3.4028234663852886e38;

/** Pools what needs no margins, or those of `same`. */
function slid(use: NodeUse, kind: "Max" | "Average", input: Tensor, window: Window, padding: string): Tensor {
  const { size, strides, dilation } = window;
  const order = channelsLast(size.length + 2);
  if (dilation.every((step) => step === 1)) {
    return use.layer(`${kind}Pooling${size.length}D`, { pool_size: size, strides, padding }, [input], order);
  }
  // Axis by axis, of the parts that the places of the window see.
  return size.reduce((result, places, axis) => {
    const [stride, step] = [strides[axis] ?? 1, dilation[axis] ?? 1];
    if (places > mostPlaces) return use.refuse(`a dilated window of ${places} places`);
    const length = use.spatial(result)[axis] ?? use.refuse("dilations over open lengths");
    const reach = Math.floor((length - reachOf(window, axis)) / stride) * stride + 1;
    const parts = plainOrder(places).map((place) => {
      const item = slice(place * step, place * step + reach, stride);
      const items = plainOrder(order.length).map((own) => (own === axis + 1 ? item : slice(null, null, null)));
      return use.operation("GetItem", [result.keras, items], order);
    });
    const [only] = parts;
    if (places === 1 && only !== undefined) return only;
    return use.layer(kind === "Max" ? "Maximum" : "Average", {}, parts, order, {}, `_${axis}`);
  }, input);
}

/** Along one axis of a window with gaps. */
const mostPlaces = 32;

/**
 * Where zeros at the border would count: means over the whole windows, times how much larger those are than what counts of each.
 *
 * @param within what counts: margins that do, if any
 */
function meansWithin(use: NodeUse, pooled: Tensor, input: Tensor, window: Window, within: readonly Margin[]): Tensor {
  const { size, strides, dilation, margins = [] } = window;
  const lengths = use.spatial(input);
  const factors = size.map((places, axis) => {
    const known = lengths[axis] ?? use.refuse("pads over open lengths");
    const [before, after] = within[axis] ?? [0, 0];
    const count = use.spatial(pooled)[axis] ?? 0;
    return plainOrder(count).map((index) => {
      const start = index * (strides[axis] ?? 1) - (margins[axis]?.[0] ?? 0);
      const seen = plainOrder(places).map((place) => start + place * (dilation[axis] ?? 1));
      return places / seen.filter((at) => at >= -before && at < known + after).length;
    });
  });
  if (factors.flat().every((factor) => factor === 1)) return pooled;
  const value = factors.reduceRight<unknown>((inner, own) => own.map((factor) => scaled(inner, factor)), [1]);
  return use.operation("Multiply", [pooled.keras, numbers([value])], pooled.order);
}

function scaled(values: unknown, factor: number): unknown {
  return Array.isArray(values) ? values.map((value) => scaled(value, factor)) : Number(values) * factor;
}

/** The root of the sum of powers, which zeros at the border add nothing to. */
const powerPool: NodeReader = (use) => {
  const input = use.image(use.tensor(0));
  const { window } = windowsOf(use, input);
  if (window.margins === undefined) return use.refuse("auto_pad over open lengths");
  const around = withMargins(use, powers(use, input), window.margins);
  const pooled = slid(use, "Average", around, window, "valid");
  return root(use, use.operation("Multiply", [pooled.keras, sizeOf(window.size)], pooled.order));
};

const globalPowerPool: NodeReader = (use) => {
  const input = use.image(use.tensor(0));
  const axes = input.order.slice(1, -1);
  return root(use, reducedBy(use, "Sum", powers(use, input), axes, true));
};

function powers(use: NodeUse, input: Tensor): Tensor {
  const exponent = use.number("p", 2);
  const absolute = exponent === 2 ? input : use.operation("Absolute", [input.keras], input.order);
  return exponent === 1 ? absolute : power(use, absolute, exponent);
}

function root(use: NodeUse, sum: Tensor): Tensor {
  const exponent = use.number("p", 2);
  return { ...(exponent === 1 ? sum : power(use, sum, 1 / exponent)), isPositive: true };
}

export const poolings: Readonly<Record<string, NodeReader>> = {
  MaxPool: pooling("Max"),
  AveragePool: pooling("Average"),
  LpPool: powerPool,
  GlobalLpPool: globalPowerPool,
};
