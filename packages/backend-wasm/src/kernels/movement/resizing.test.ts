import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { expectSame } from "../../testing/expect-same.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(33);

useWasmBackend();

const CENTERS = [
  { alignCorners: false, halfPixelCenters: false },
  { alignCorners: true, halfPixelCenters: false },
  { alignCorners: false, halfPixelCenters: true },
];
const SIZES: { images: number[]; size: [number, number] }[] = [
  { images: [2, 5, 7, 3], size: [9, 4] },
  { images: [1, 28, 28, 1], size: [32, 32] },
  { images: [1, 8, 8, 16], size: [16, 16] },
  { images: [1, 9, 9, 6], size: [4, 5] },
  { images: [2, 32, 30, 5], size: [11, 64] },
  { images: [1, 1, 6, 2], size: [4, 6] },
  { images: [2, 6, 5, 9], size: [1, 1] },
  { images: [2, 4, 4, 4], size: [4, 4] },
  { images: [0, 4, 4, 3], size: [2, 2] },
];
const CASES = SIZES.flatMap((sizes) => CENTERS.map((centers) => ({ ...sizes, ...centers })));

describe.for(["ResizeBilinear", "ResizeNearestNeighbor"])("%s", (name) => {
  test.for(CASES)("agrees with the CPU backend: %o", async ({ images, ...attrs }) => {
    await expectSame({ name, inputs: { images }, attrs }, random);
  });

  test.for(CASES)("has the adjoint as its gradient: %o", async ({ images, ...attrs }) => {
    await tf.setBackend("featuremap-wasm");
    const inner = tf.tidy(() => {
      const draw = (shape: number[]): tf.Tensor =>
        tf.tensor(
          Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal() / 16),
          shape,
        );
      const run = (kernel: string, inputs: tf.NamedTensorMap): tf.Tensor =>
        tf.engine().runKernel<tf.Tensor>(kernel, inputs, attrs);
      const x = draw(images);
      const y = run(name, { images: x });
      const dy = draw(y.shape);
      const dx = run(`${name}Grad`, { images: x, dy });
      expect(dx.shape).toEqual(images);
      return tf.stack([tf.sum(tf.mul(dy, y)), tf.sum(tf.mul(dx, x))]);
    });
    const [forward = Number.NaN, backward = Number.NaN] = await inner.data();
    inner.dispose();
    expect(backward).toBeCloseTo(forward, 4);
  });

  // The CPU backend's gradients know no half-pixel centres; they swap the lengths of oblong images, take the images'
  // strides for those of a batch of gradients, and do not end where corners are aligned and the image is one pixel high.
  const comparable = CASES.filter(
    ({ images: [batch = 0, height = 0, width = 0], alignCorners, halfPixelCenters }) =>
      !halfPixelCenters && batch < 2 && height === width && !(alignCorners && height === 1),
  );
  test.for(comparable)("has the CPU backend's gradient: %o", async ({ images, size, ...centers }) => {
    const dy = [images[0] ?? 0, ...size, images[3] ?? 0];
    await expectSame({ name: `${name}Grad`, inputs: { images, dy }, attrs: { size, ...centers } }, random);
  });
});

test("the nearest neighbours of whole numbers stay whole numbers", async () => {
  await tf.setBackend("featuremap-wasm");
  const resized = tf.tidy(() => tf.image.resizeNearestNeighbor(tf.tensor3d([1, -2, 3, 4], [2, 2, 1], "int32"), [2, 4]));
  expect(resized.dtype).toBe("int32");
  expect(await resized.data()).toEqual(Int32Array.of(1, 1, -2, -2, 3, 3, 4, 4));
  resized.dispose();
});
