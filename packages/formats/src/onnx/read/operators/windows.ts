import { samePadding } from "@featuremap/tensor";
import { channelsLast } from "../../layouts.ts";
import type { NodeUse, Tensor } from "../node-use.ts";

/** Elements added before and after a spatial axis; fewer than 0 are cut off. */
export type Margin = readonly [number, number];

/** How a window moves over an input, as ONNX says it. */
export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  /** What is added around the input; undefined where it is `same` over open lengths. */
  readonly margins: readonly Margin[] | undefined;
}

/** Where margins are those of TensorFlow's `same`, that word. */
export type PaddingWord = "valid" | "same" | undefined;

export function readWindow(use: NodeUse, input: Tensor, size: readonly number[]): Window {
  const lengths = use.spatial(input);
  if (size.length !== lengths.length) return use.refuse(`a window of ${size.length} axes over ${lengths.length}`);
  const ones = size.map(() => 1);
  const strides = use.list("strides", ones);
  const dilation = use.list("dilations", ones);
  return { size, strides, dilation, margins: margins(use, lengths, { size, strides, dilation }) };
}

function margins(
  use: NodeUse,
  lengths: readonly (number | null)[],
  { size, strides, dilation }: Omit<Window, "margins">,
): readonly Margin[] | undefined {
  const word = use.text("auto_pad", "NOTSET");
  if (word === "VALID") return size.map(() => [0, 0]);
  if (word === "NOTSET" || word === "") {
    const pads = use.list(
      "pads",
      [...size, ...size].map(() => 0),
    );
    return size.map((_, axis) => [pads[axis] ?? 0, pads[axis + size.length] ?? 0]);
  }
  if (word !== "SAME_UPPER" && word !== "SAME_LOWER") return use.refuse(`auto_pad ${word}`);
  const isOpen = lengths.some((length, axis) => length === null && strides[axis] !== 1);
  if (isOpen) return word === "SAME_UPPER" ? undefined : use.refuse("auto_pad SAME_LOWER over open lengths");
  return size.map((length, axis) => {
    const stride = strides[axis] ?? 1;
    const { start, end } = samePadding(lengths[axis] ?? stride * length, length, stride, dilation[axis]);
    return word === "SAME_UPPER" ? [start, end] : [end, start];
  });
}

/** The word for a window's margins, if there is one. */
export function paddingWord(
  { size, strides, dilation, margins: given }: Window,
  lengths: readonly (number | null)[],
): PaddingWord {
  if (given === undefined) return "same";
  if (given.every(([start, end]) => start === 0 && end === 0)) return "valid";
  const isSame = given.every(([start, end], axis) => {
    const stride = strides[axis] ?? 1;
    const length = lengths[axis] ?? (stride === 1 ? (size[axis] ?? 1) : null);
    if (length === null) return false;
    const same = samePadding(length, size[axis] ?? 1, stride, dilation[axis]);
    return same.start === start && same.end === end;
  });
  return isSame ? "same" : undefined;
}

/** An input with elements added around it, or cut off. Its channels are last. */
export function withMargins(use: NodeUse, input: Tensor, given: readonly Margin[]): Tensor {
  const rank = input.shape.length - 2;
  const order = channelsLast(rank + 2);
  let result = use.image(input);
  const added = given.map(([start, end]) => [Math.max(start, 0), Math.max(end, 0)]);
  const cut = given.map(([start, end]) => [Math.max(-start, 0), Math.max(-end, 0)]);
  const asOption = (margin: readonly (readonly number[])[]): unknown => (rank === 1 ? margin[0] : margin);
  if (added.flat().some((count) => count > 0)) {
    const { isPositive } = result;
    result = {
      ...use.layer(`ZeroPadding${rank}D`, { padding: asOption(added) }, [result], order, {}, "_pad"),
      isPositive,
    };
  }
  if (cut.flat().some((count) => count > 0)) {
    const { isPositive } = result;
    result = {
      ...use.layer(`Cropping${rank}D`, { cropping: asOption(cut) }, [result], order, {}, "_crop"),
      isPositive,
    };
  }
  return result;
}
