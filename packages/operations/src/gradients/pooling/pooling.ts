import * as tf from "@tensorflow/tfjs-core";
import { averagePoolGradient } from "./average-pooling.ts";
import { runKernel } from "../../contract/kernel.ts";
import {
  avgPool3DGrad,
  avgPoolGrad,
  dilation2DBackpropFilter,
  dilation2DBackpropInput,
  maxPool3DGrad,
  maxPoolGrad,
} from "../../contract/tensorflow.ts";
import { kernelGradient } from "../kernel-gradient.ts";

/** Largest or mean value of each window, of images and of volumes, and morphological dilation. */
export const poolingGradients: readonly tf.GradConfig[] = [
  kernelGradient(tf.MaxPool, ["x", "y"], (dy, { x, y }, attributes: tf.MaxPoolAttrs) => ({
    x: () => runKernel(maxPoolGrad, { dy, input: x, output: y }, attributes),
  })),
  kernelGradient(tf.MaxPool3D, ["x", "y"], (dy, { x, y }, attributes: tf.MaxPool3DAttrs) => ({
    x: () => runKernel(maxPool3DGrad, { dy, input: x, output: y }, attributes),
  })),
  kernelGradient(tf.AvgPool, ["x"], (dy, { x }, attributes: tf.AvgPoolAttrs) => ({
    x: () => {
      const { filterSize, strides, pad, dimRoundingMode } = attributes;
      const shape = x.shape as [number, number, number, number];
      const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
      return averagePoolGradient(avgPoolGrad, dy, x, attributes, [
        {
          input: info.inHeight,
          output: info.outHeight,
          size: info.filterHeight,
          stride: info.strideHeight,
          before: info.padInfo.top,
        },
        {
          input: info.inWidth,
          output: info.outWidth,
          size: info.filterWidth,
          stride: info.strideWidth,
          before: info.padInfo.left,
        },
      ]);
    },
  })),
  kernelGradient(tf.AvgPool3D, ["x"], (dy, { x }, attributes: tf.AvgPool3DAttrs) => ({
    x: () => {
      const { filterSize, strides, pad, dimRoundingMode } = attributes;
      const shape = x.shape as [number, number, number, number, number];
      const info = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
      return averagePoolGradient(avgPool3DGrad, dy, x, attributes, [
        {
          input: info.inDepth,
          output: info.outDepth,
          size: info.filterDepth,
          stride: info.strideDepth,
          before: info.padInfo.front,
        },
        {
          input: info.inHeight,
          output: info.outHeight,
          size: info.filterHeight,
          stride: info.strideHeight,
          before: info.padInfo.top,
        },
        {
          input: info.inWidth,
          output: info.outWidth,
          size: info.filterWidth,
          stride: info.strideWidth,
          before: info.padInfo.left,
        },
      ]);
    },
  })),
  kernelGradient(tf.Dilation2D, ["x", "filter"], (dy, { x, filter }, attributes: tf.Dilation2DAttrs) => ({
    x: () => runKernel(dilation2DBackpropInput, { x, filter, dy }, attributes),
    filter: () => runKernel(dilation2DBackpropFilter, { x, filter, dy }, attributes),
  })),
];
