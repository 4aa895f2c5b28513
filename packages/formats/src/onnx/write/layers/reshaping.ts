import { type Shape } from "@featuremap/tensor";
import type { Value } from "../graph-builder.ts";
import type { LayerUse, LayerWriter } from "../layer-use.ts";
import { channelsFirst, inverse, plainOrder } from "../../layouts.ts";

/** Another shape for an input, batch axis first. */
export function reshape(use: LayerUse, shape: Shape): Value {
  const { builder, input } = use;
  if (shape.slice(1).filter((length) => length === null).length > 1)
    return use.refuse("reshaping to several open lengths");
  const isVector = shape.length > 2 && shape.slice(1, -1).every((length) => length === 1);
  if (isVector && input.shape.length === 2) {
    // As a convolution wants it, with the channels second.
    const order = channelsFirst(shape.length);
    const lengths = order.map((axis) => shape[axis] ?? null);
    return { name: builder.reshaped(builder.plain(input), lengths), shape, order };
  }
  return { name: builder.reshaped(builder.plain(input), shape), shape, order: plainOrder(shape.length) };
}

/** Axes in another order: axis `i` of the output is axis `axes[i]` of the input. Nothing moves before it must. */
export function permute(use: LayerUse, axes: readonly number[]): Value {
  const { name, order } = use.builder.settled(use.input);
  const to = inverse(axes);
  return { name, shape: use.shape, order: order.map((axis) => to[axis] ?? 0) };
}

const repeatVector: LayerWriter = (use) => {
  const { builder } = use;
  const column = builder.node("Unsqueeze", [builder.plain(use.input), builder.integers([1])]);
  return use.plainly(builder.node("Tile", [column, builder.integers([1, use.number("n"), 1])]));
};

/** Margins of each spatial axis. */
function margins(use: LayerUse, option: string): readonly (readonly [number, number])[] {
  const rank = use.input.shape.length - 2;
  const given = use.options[option];
  const pair = (value: unknown): readonly [number, number] => {
    const [start = 0, end = start] = [value].flat() as number[];
    return [start, end];
  };
  if (rank === 1) return [pair(given)];
  const all: readonly unknown[] = Array.isArray(given) ? given : Array.from({ length: rank }, () => given);
  return all.map(pair);
}

/** For each axis of the file, the margin of the spatial axis that it is. */
function marginsInOrder(use: LayerUse, option: string, { order }: Value): readonly (readonly [number, number])[] {
  const given = margins(use, option);
  const first = use.options["data_format"] === "channels_first" ? 2 : 1;
  return order.map((axis) => given[axis - first] ?? [0, 0]);
}

const zeroPadding: LayerWriter = (use) => {
  const input = use.builder.settled(use.input);
  const all = marginsInOrder(use, "padding", input);
  const pads = [...all.map(([start]) => start), ...all.map(([, end]) => end)];
  return use.like(input, use.builder.node("Pad", [input.name, use.builder.integers(pads)], { mode: "constant" }));
};

const cropping: LayerWriter = (use) => {
  const { builder } = use;
  const input = builder.settled(use.input);
  const cut = [...marginsInOrder(use, "cropping", input).entries()].filter(([, [start, end]]) => start + end > 0);
  if (cut.length === 0) return input;
  const starts = cut.map(([, [start]]) => start);
  const ends = cut.map(([, [, end]]) => (end === 0 ? 2 ** 53 - 1 : -end));
  const limits = [starts, ends, cut.map(([axis]) => axis)].map((numbers) => builder.integers(numbers));
  return use.like(input, builder.node("Slice", [input.name, ...limits]));
};

export const reshapings: Readonly<Record<string, LayerWriter>> = {
  Reshape: (use) => reshape(use, use.shape),
  Permute: (use) => permute(use, [0, ...use.numbers("dims")]),
  RepeatVector: repeatVector,
  ...Object.fromEntries([1, 2, 3].map((rank) => [`ZeroPadding${rank}D`, zeroPadding])),
  ...Object.fromEntries([1, 2, 3].map((rank) => [`Cropping${rank}D`, cropping])),
};
