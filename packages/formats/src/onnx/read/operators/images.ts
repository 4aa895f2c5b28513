import { channelsLast } from "../../layouts.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";
import { power } from "./operands.ts";

/** Lengths of an image whose channels are last, of which those of its sides are known. */
function sidesOf(use: NodeUse, input: Tensor): readonly [number, number, number] {
  const [, height, width, channels] = input.keras.shape;
  if (input.shape.length !== 4 || !height || !width || !channels) return use.refuse("open lengths, or no image");
  return [height, width, channels];
}

/** Reshapes, turns axes, and reshapes again. @param turn numbers of axes from 1 on, as Keras's Permute has them */
function rearranged(
  use: NodeUse,
  input: Tensor,
  { apart, turn, together }: Readonly<Record<"apart" | "turn" | "together", readonly number[]>>,
): Tensor {
  const order = Array.from({ length: apart.length + 1 }, (_, axis) => axis);
  const parted = use.layer("Reshape", { target_shape: apart }, [input], order, {}, "_apart");
  const turned = use.layer("Permute", { dims: turn }, [parted], order, {}, "_turned");
  const output = use.layer("Reshape", { target_shape: together }, [turned], channelsLast(4));
  return { ...output, isPositive: input.isPositive };
}

/** PyTorch's pixel shuffle, where the mode is `CRD`. */
const depthToSpace: NodeReader = (use) => {
  const input = use.image(use.tensor(0));
  const [height, width, channels] = sidesOf(use, input);
  const block = use.number("blocksize", 1);
  const left = channels / (block * block);
  if (!(block >= 1) || !Number.isInteger(left)) return use.refuse(`blocks of ${block} of ${channels} channels`);
  const together = [height * block, width * block, left];
  return use.text("mode", "DCR") === "DCR"
    ? rearranged(use, input, { apart: [height, width, block, block, left], turn: [1, 3, 2, 4, 5], together })
    : rearranged(use, input, { apart: [height, width, left, block, block], turn: [1, 4, 2, 5, 3], together });
};

const spaceToDepth: NodeReader = (use) => {
  const input = use.image(use.tensor(0));
  const [height, width, channels] = sidesOf(use, input);
  const block = use.number("blocksize", 1);
  const [rows, columns] = [height / block, width / block];
  if (!Number.isInteger(rows) || !Number.isInteger(columns))
    return use.refuse(`blocks of ${block} of ${height}x${width}`);
  return rearranged(use, input, {
    apart: [rows, block, columns, block, channels],
    turn: use.text("mode", "DCR") === "DCR" ? [1, 3, 2, 4, 5] : [1, 3, 5, 2, 4],
    together: [rows, columns, channels * block * block],
  });
};

/**
 * `x / (bias + alpha mean(x^2))^beta`, the mean over channels nearby. Source: Krizhevsky et al., NeurIPS 25, 2012.
 *
 * As an average over images of places and channels.
 */
const responseNormalization: NodeReader = (use) => {
  const input = use.image(use.tensor(0));
  const channels = input.keras.shape.at(-1) ?? use.refuse("an open number of channels");
  const lengths = input.keras.shape.slice(1, -1).map((length) => length ?? use.refuse("open lengths"));
  const size = use.number("size", 1);
  const before = Math.floor((size - 1) / 2);
  const { order } = input;
  const plain = [0, 1, 2, 3];
  const squares = use.operation("Square", [input.keras], order);
  const places = lengths.reduce((count, length) => count * length, 1);
  const rows = use.layer("Reshape", { target_shape: [places, channels, 1] }, [squares], plain, {}, "_rows");
  const margins = {
    padding: [
      [0, 0],
      [before, size - 1 - before],
    ],
  };
  const padded = size > 1 ? use.layer("ZeroPadding2D", margins, [rows], plain, {}, "_pad") : rows;
  const windows = { pool_size: [1, size], strides: [1, 1], padding: "valid" };
  const means = use.layer("AveragePooling2D", windows, [padded], plain, {}, "_means");
  const back = use.layer("Reshape", { target_shape: [...lengths, channels] }, [means], order, {}, "_back");
  const scaled = use.operation("Multiply", [back.keras, use.number("alpha", 1e-4)], order);
  const sum = use.operation("Add", [scaled.keras, use.number("bias", 1)], order);
  const output = use.operation("Divide", [input.keras, power(use, sum, use.number("beta", 0.75)).keras], order);
  return { ...output, isPositive: input.isPositive };
};

export const imageOperators: Readonly<Record<string, NodeReader>> = {
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  LRN: responseNormalization,
};
