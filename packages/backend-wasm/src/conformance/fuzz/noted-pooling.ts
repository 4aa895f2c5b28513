import { backend_util } from "@tensorflow/tfjs-core";
import { type HostTensor, between, chance, draw } from "./draw.ts";
import { drawImages, drawWindow } from "./image.ts";
import { type KernelCase, type Operation, inputOf } from "./operation.ts";

type Window = backend_util.Conv2DInfo;

function windowOf(shape: readonly number[], { filterSize, strides, pad }: KernelCase["attrs"]): Window {
  return backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize as [number, number],
    strides as [number, number],
    1,
    pad as "same",
  );
}

/** Every output element: its index, and the taps of its window inside the image with the elements they lie on. */
function eachWindow(
  window: Window,
  visit: (output: number, taps: readonly { readonly tap: number; readonly at: number }[]) => void,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = window;
  let output = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        for (let channel = 0; channel < inChannels; channel++) {
          const taps: { tap: number; at: number }[] = [];
          for (let tap = 0; tap < filterHeight * filterWidth; tap++) {
            const y = row * window.strideHeight - window.padInfo.top + Math.floor(tap / filterWidth);
            const x = column * window.strideWidth - window.padInfo.left + (tap % filterWidth);
            if (y < 0 || y >= inHeight || x < 0 || x >= inWidth) continue;
            taps.push({ tap, at: ((image * inHeight + y) * inWidth + x) * inChannels + channel });
          }
          visit(output++, taps);
        }
      }
    }
  }
}

/** The largest of each window and which tap it is: the first of equal ones, never a NaN. */
export function choose(x: HostTensor, window: Window): [HostTensor, HostTensor] {
  const size = window.outShape.reduce((product, length) => product * length, 1);
  const [values, choices] = [new Float32Array(size), new Uint8Array(size)];
  eachWindow(window, (output, taps) => {
    let best = Number.NEGATIVE_INFINITY;
    let choice = taps[0]?.tap ?? 0;
    for (const { tap, at } of taps) {
      const value = x.values[at] ?? Number.NaN;
      if (value > best) [best, choice] = [value, tap];
    }
    values[output] = best;
    choices[output] = choice;
  });
  const shape = window.outShape;
  return [
    { shape, dtype: "float32", values },
    { shape, dtype: "bool", values: choices },
  ];
}

export function scatter(dy: HostTensor, choice: HostTensor, inputShape: number[], window: Window): HostTensor {
  const values = new Float32Array(inputShape.reduce((product, length) => product * length, 1));
  eachWindow(window, (output, taps) => {
    const target = taps.find(({ tap }) => tap === choice.values[output])?.at ?? -1;
    if (target >= 0) values[target] = (values[target] ?? 0) + (dy.values[output] ?? 0);
  });
  return { shape: inputShape, dtype: "float32", values };
}

/** Maximum pooling that notes where its values came from, which only this backend has. */
export const notedPooling: readonly Operation[] = [
  {
    name: "MaxPoolWithChoice",
    generate(random) {
      const x = drawImages(random, "any");
      return { kernel: "MaxPoolWithChoice", inputs: { x }, attrs: drawWindow(random, x.shape, false) };
    },
    reference: (call) => choose(inputOf(call, "x"), windowOf(inputOf(call, "x").shape, call.attrs)),
  },
  {
    name: "MaxPoolWithChoiceGrad",
    generate(random) {
      const x = drawImages(random);
      // Equal elements in most windows.
      if (chance(random, 0.3)) for (const [index, value] of x.values.entries()) x.values[index] = Math.round(value);
      // The window that the kernels have a path of its own for, also where the images are odd.
      const byTwo = { filterSize: [2, 2], strides: [2, 2], pad: "valid" };
      const fits = Math.min(x.shape[1] ?? 0, x.shape[2] ?? 0) > 1 && between(random, 0, 2) === 0;
      const attrs = { ...(fits ? byTwo : drawWindow(random, x.shape, false)), inputShape: x.shape };
      const [y, choice] = choose(x, windowOf(x.shape, attrs));
      return { kernel: "MaxPoolWithChoiceGrad", inputs: { dy: draw(random, y.shape), choice }, attrs };
    },
    reference: (call) => {
      const inputShape = call.attrs["inputShape"] as number[];
      const window = windowOf(inputShape, call.attrs);
      return [scatter(inputOf(call, "dy"), inputOf(call, "choice"), inputShape, window)];
    },
  },
];
