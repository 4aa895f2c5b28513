import { channelsLast } from "../../layouts.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";

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

export const globalPoolings: Readonly<Record<string, NodeReader>> = {
  GlobalMaxPool: globalPooling("Max"),
  GlobalAveragePool: globalPooling("Average"),
};
