export type { BundleFiles, ModelBundle } from "@featuremap/formats";
export type { Classification, Classifier, ClassifyOptions } from "./classifier.ts";
export {
  type ClassifierProgress,
  type DeviceChoice,
  type LoadClassifierOptions,
  loadClassifier,
} from "./load-classifier.ts";
export type { Picture } from "./picture.ts";
export type { Prediction } from "./probabilities.ts";
