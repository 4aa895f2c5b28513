export type { BundleFiles, ModelBundle } from "@featuremap/formats";
export type { Classification, Classifier, ClassifyOptions } from "./classifier.ts";
export { loadClassifier } from "./load-classifier.ts";
export type { ClassifierLimits, ClassifierProgress, DeviceChoice, LoadClassifierOptions } from "./load-options.ts";
export { type Picture, type ReadPictureOptions, readPicture } from "@featuremap/images";
export type { Prediction } from "./top-predictions.ts";
