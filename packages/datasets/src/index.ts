export { adjustBrightness, adjustContrast } from "./augmentation/adjust.ts";
export { centralCrop, cropToBoundingBox } from "./augmentation/crop.ts";
export { flipLeftRight } from "./augmentation/flip.ts";
export {
  type Augmentation,
  randomBrightness,
  randomContrast,
  randomCrop,
  randomFlipLeftRight,
} from "./augmentation/random-augmentations.ts";
export { type CarBrands, type CarBrandsOptions, carBrands } from "./sources/car-brands.ts";
export { parseIdx } from "./sources/idx.ts";
export { type BatchOptions, type ImageBatch, ImageBatches, type LabelledImages } from "./image-batches.ts";
export { ImageDataset, type ImageDatasetContents } from "./image-dataset.ts";
export { type MnistLimits, type MnistOptions, type TrainAndTest, mnist } from "./sources/mnist.ts";
export { oneHot } from "./one-hot.ts";
