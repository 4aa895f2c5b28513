import { Conv2D } from "@featuremap/layers";
import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Gradients of dilated convolutions on the backend in use, which TensorFlow.js's own gradients refuse: an ordinary one, a
 * depthwise one, and a layer with groups. The same numbers on every backend, but for rounding.
 */
export async function dilatedGradients(): Promise<number[][]> {
  const random = new RandomStream(8);
  const draw = (shape: number[]): tf.Tensor4D => {
    const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal());
    return tf.tensor4d(values, shape as [number, number, number, number]);
  };
  const [images, filter, depthwiseFilter] = [draw([2, 9, 8, 4]), draw([3, 3, 4, 5]), draw([3, 2, 4, 2])];
  const layer = new Conv2D({ filters: 6, kernelSize: 3, dilationRate: [2, 1], groups: 2, activation: "relu" });
  layer.build(images.shape, new RandomStream(9));
  const gradients = tf.tidy(() => [
    ...tf.grads((x: tf.Tensor, w: tf.Tensor) =>
      tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same", "NHWC", 2))),
    )([images, filter]),
    ...tf.grads((x: tf.Tensor, w: tf.Tensor) =>
      tf.sum(tf.square(tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "valid", "NHWC", [2, 3]))),
    )([images, depthwiseFilter]),
    ...tf.grads((x: tf.Tensor) => tf.sum(tf.square(layer.call(x))))([images]),
    ...Object.values(
      tf.variableGrads(
        () => tf.sum(tf.square(layer.call(images))),
        layer.weights.map(({ variable }) => variable),
      ).grads,
    ),
  ]);
  // A page reads WebGPU's tensors asynchronously.
  const values = await Promise.all(gradients.map(async (gradient) => [...(await gradient.data<"float32">())]));
  tf.dispose([images, filter, depthwiseFilter, ...gradients]);
  layer.dispose();
  return values;
}
