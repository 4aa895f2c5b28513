import {
  type KernelConfig,
  type ResizeBilinearAttrs,
  type ResizeBilinearGradInputs,
  type ResizeBilinearInputs,
  type ResizeNearestNeighborAttrs,
  type ResizeNearestNeighborGradInputs,
  type ResizeNearestNeighborInputs,
  type TensorInfo,
  Cast,
  ResizeBilinear,
  ResizeBilinearGrad,
  ResizeNearestNeighbor,
  ResizeNearestNeighborGrad,
} from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel, runKernel } from "../../engine/kernel.ts";
import { ENTRY_WORDS } from "../../codes/resizing.ts";

/**
 * Resizing of NHWC images and its gradients.
 *
 * The gradients are the adjoints for half-pixel centres too, which the CPU backend's leave out, and have the images'
 * own shape where the CPU backend's bilinear one swaps height and width.
 */
export const resizingKernels: readonly KernelConfig[] = [
  kernel<ResizeBilinearInputs, ResizeBilinearAttrs>(ResizeBilinear, ({ inputs: { images }, attrs, backend }) => {
    if (images.dtype !== "float32" && images.dtype !== "int32") return undefined;
    const floats = runKernel(Cast, { x: images }, { dtype: "float32" }, backend);
    const [batch = 0, , , channels = 0] = images.shape;
    const { info, pointer } = backend.output([batch, ...attrs.size, channels]);
    const locate = between(attrs);
    withResizing(floats, backend.pointer(floats), info, pointer, locate, backend, () =>
      backend.kernels.resizeBilinear(),
    );
    backend.disposeIntermediateTensorInfo(floats);
    return info;
  }),

  kernel<ResizeBilinearGradInputs, ResizeBilinearAttrs>(
    ResizeBilinearGrad,
    ({ inputs: { images, dy }, attrs, backend }) => {
      if (images.dtype !== "float32" || dy.dtype !== "float32") return undefined;
      const { info, pointer } = backend.output(images.shape);
      withResizing(info, pointer, dy, backend.pointer(dy), between(attrs), backend, () =>
        backend.kernels.resizeBilinearGradient(),
      );
      return info;
    },
  ),

  kernel<ResizeNearestNeighborInputs, ResizeNearestNeighborAttrs>(
    ResizeNearestNeighbor,
    ({ inputs: { images }, attrs, backend }) => {
      if (images.dtype !== "float32" && images.dtype !== "int32") return undefined;
      const [batch = 0, , , channels = 0] = images.shape;
      const { info, pointer } = backend.output([batch, ...attrs.size, channels], images.dtype);
      const locate = nearest(attrs);
      withResizing(images, backend.pointer(images), info, pointer, locate, backend, () =>
        backend.kernels.resizeNearest(),
      );
      return info;
    },
  ),

  kernel<ResizeNearestNeighborGradInputs, ResizeNearestNeighborAttrs>(
    ResizeNearestNeighborGrad,
    ({ inputs: { images, dy }, attrs, backend }) => {
      if (images.dtype !== "float32" || dy.dtype !== "float32") return undefined;
      const { info, pointer } = backend.output(images.shape);
      withResizing(info, pointer, dy, backend.pointer(dy), nearest(attrs), backend, () =>
        backend.kernels.resizeNearestGradient(),
      );
      return info;
    },
  ),
];

/** Where an output index lies along one axis of the input: between two sources, a fraction from the lower to the upper. */
interface Place {
  readonly lower: number;
  readonly upper: number;
  readonly fraction: number;
}

type Locate = (index: number, inLength: number, outLength: number) => Place;

/** Input lengths per output length. */
function ratio(inLength: number, outLength: number, alignCorners: boolean): number {
  return alignCorners && outLength > 1 ? (inLength - 1) / (outLength - 1) : inLength / outLength;
}

function between({ alignCorners, halfPixelCenters }: ResizeBilinearAttrs): Locate {
  return (index, inLength, outLength) => {
    const step = ratio(inLength, outLength, alignCorners);
    const source = halfPixelCenters ? step * (index + 0.5) - 0.5 : step * index;
    const lower = Math.max(0, Math.floor(source));
    return { lower, upper: Math.min(inLength - 1, Math.ceil(source)), fraction: source - lower };
  };
}

function nearest({ alignCorners, halfPixelCenters }: ResizeNearestNeighborAttrs): Locate {
  return (index, inLength, outLength) => {
    const source = ratio(inLength, outLength, alignCorners) * (halfPixelCenters ? index + 0.5 : index);
    const lower = Math.max(0, Math.min(inLength - 1, alignCorners ? Math.round(source) : Math.floor(source)));
    return { lower, upper: lower, fraction: 0 };
  };
}

/** Sets up a resizing between two tensors, with the tables of its rows and columns, and runs it. */
function withResizing(
  images: TensorInfo,
  imagesPointer: number,
  resized: TensorInfo,
  resizedPointer: number,
  locate: Locate,
  backend: WasmBackend,
  run: () => void,
): void {
  const [batch = 0, inHeight = 0, inWidth = 0, channels = 0] = images.shape;
  const [, outHeight = 0, outWidth = 0] = resized.shape;
  const rowWords = ENTRY_WORDS * outHeight;
  backend.withTable(rowWords + ENTRY_WORDS * outWidth, (tables, words) => {
    fillTable(words.subarray(0, rowWords), inHeight, outHeight, locate);
    fillTable(words.subarray(rowWords), inWidth, outWidth, locate);
    backend.kernels.setResizing(
      batch,
      inHeight,
      inWidth,
      channels,
      outHeight,
      outWidth,
      imagesPointer,
      resizedPointer,
      tables,
      tables + 4 * rowWords,
    );
    run();
  });
}

function fillTable(words: Uint32Array, inLength: number, outLength: number, locate: Locate): void {
  const fractions = new Float32Array(words.buffer, words.byteOffset, words.length);
  for (let index = 0; index < outLength; index++) {
    const { lower, upper, fraction } = locate(index, inLength, outLength);
    words[ENTRY_WORDS * index] = lower;
    words[ENTRY_WORDS * index + 1] = upper;
    fractions[ENTRY_WORDS * index + 2] = fraction;
  }
}
