import type { MaxPoolAttrs } from "@tensorflow/tfjs-core";
import { maxPoolWithChoice, maxPoolWithChoiceGrad } from "../../contract/noted-pooling.ts";
import { choose } from "../../references/noted-pooling.ts";
import type { KernelCheck } from "../check-kernel.ts";
import { checkOf } from "../check-of-reference.ts";
import { between, chance, draw } from "../draw.ts";
import { drawImages, drawWindow } from "./pooling-window.ts";

export const notedPoolingChecks: readonly KernelCheck[] = [
  checkOf(maxPoolWithChoice, (random) => {
    const x = drawImages(random, "any");
    return { inputs: { x }, attributes: { ...drawWindow(random, x.shape, false), inputShape: x.shape } };
  }),
  checkOf(maxPoolWithChoiceGrad, (random) => {
    const x = drawImages(random);
    // Equal elements in most windows.
    if (chance(random, 0.3)) for (const [index, value] of x.values.entries()) x.values[index] = Math.round(value);
    // The window that devices may have a path of its own for, also where the images are odd.
    const byTwo: MaxPoolAttrs = { filterSize: [2, 2], strides: [2, 2], pad: "valid" };
    const fits = Math.min(x.shape[1] ?? 0, x.shape[2] ?? 0) > 1 && between(random, 0, 2) === 0;
    const attributes = { ...(fits ? byTwo : drawWindow(random, x.shape, false)), inputShape: x.shape };
    const [y, choice] = choose(x, attributes);
    return { inputs: { dy: draw(random, y.shape), choice }, attributes };
  }),
];
