import { type Preprocessing, plainPreprocessing } from "@featuremap/images";

/**
 * How a family of networks takes pixels of 0 to 255, by the names of Keras's `imagenet_utils`.
 *
 * - `tf`: from -1 to 1
 * - `torch`: from 0 to 1, then by ImageNet's means and deviations
 * - `caffe`: blue first, less ImageNet's means
 * - `none`: as they are, where the network itself does the rest
 */
export type PreprocessingMode = "tf" | "torch" | "caffe" | "none";

/** What each mode changes of pixels as they are. */
const changes: Readonly<Record<PreprocessingMode, Partial<Preprocessing>>> = {
  tf: { scale: 1 / 127.5, mean: [1, 1, 1] },
  torch: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] },
  caffe: { mean: [103.939, 116.779, 123.68], channelOrder: "bgr" },
  none: {},
};

/** Stretched bilinearly to a square, as Keras's own examples do. */
export function backbonePreprocessing(mode: PreprocessingMode, size: number): Preprocessing {
  return Object.freeze({ ...plainPreprocessing([size, size], "rgb"), ...changes[mode] });
}
