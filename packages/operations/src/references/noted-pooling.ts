import { type MaxPoolAttrs, backend_util } from "@tensorflow/tfjs-core";
import { maxPoolWithChoice, maxPoolWithChoiceGrad, tolerance } from "../contract/noted-pooling.ts";
import { type HostTensor, floats, sizeOfShape } from "./host-tensor.ts";
import { type Reference, reference } from "./reference.ts";

type Window = Omit<MaxPoolAttrs, "dimRoundingMode">;

export const notedPoolingReferences: readonly Reference[] = [
  reference(maxPoolWithChoice, tolerance, ({ x }, attributes) => choose(x, attributes)),
  reference(maxPoolWithChoiceGrad, tolerance, ({ dy, choice }, attributes) =>
    scatter(dy, choice, attributes.inputShape, attributes),
  ),
];

/** The largest of each window and which tap it is: the first of equal ones, never a NaN. */
export function choose(x: HostTensor, window: Window): [largest: HostTensor, choice: HostTensor] {
  const { outShape } = infoOf(x.shape, window);
  const [values, choices] = [new Float64Array(sizeOfShape(outShape)), new Uint8Array(sizeOfShape(outShape))];
  eachWindow(x.shape, window, (output, taps) => {
    let best = Number.NEGATIVE_INFINITY;
    let choice = taps[0]?.tap ?? 0;
    for (const { tap, at } of taps) {
      const value = x.values[at] ?? Number.NaN;
      if (value > best) [best, choice] = [value, tap];
    }
    values[output] = best;
    choices[output] = choice;
  });
  return [floats(values, outShape), { shape: outShape, dtype: "bool", values: choices }];
}

/** Each number at the tap of its window that was chosen, added up where windows overlap; zero elsewhere. */
export function scatter(dy: HostTensor, choice: HostTensor, imageShape: readonly number[], window: Window): HostTensor {
  const values = new Float32Array(sizeOfShape(imageShape));
  eachWindow(imageShape, window, (output, taps) => {
    const target = taps.find(({ tap }) => tap === choice.values[output])?.at ?? -1;
    if (target >= 0) values[target] = (values[target] ?? 0) + (dy.values[output] ?? 0);
  });
  return floats(values, imageShape);
}

function infoOf(imageShape: readonly number[], { filterSize, strides, pad }: Window): backend_util.Conv2DInfo {
  return backend_util.computePool2DInfo(imageShape as [number, number, number, number], filterSize, strides, 1, pad);
}

/** Every output element: its index, and the taps of its window inside the image with the elements they lie on. */
function eachWindow(
  imageShape: readonly number[],
  window: Window,
  visit: (output: number, taps: readonly { readonly tap: number; readonly at: number }[]) => void,
): void {
  const info = infoOf(imageShape, window);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
  let output = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        for (let channel = 0; channel < inChannels; channel++) {
          const taps: { tap: number; at: number }[] = [];
          for (let tap = 0; tap < filterHeight * filterWidth; tap++) {
            const y = row * info.strideHeight - info.padInfo.top + Math.floor(tap / filterWidth);
            const x = column * info.strideWidth - info.padInfo.left + (tap % filterWidth);
            if (y < 0 || y >= inHeight || x < 0 || x >= inWidth) continue;
            taps.push({ tap, at: ((image * inHeight + y) * inWidth + x) * inChannels + channel });
          }
          visit(output++, taps);
        }
      }
    }
  }
}
