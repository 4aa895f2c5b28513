export type { Augmentation } from "./sources/arrays/augmentation.ts";
export { type ImageArchiveOptions, imageFilesFromArchive } from "./sources/archives/image-files-from-archive.ts";
export { type ImageShardOptions, imageFilesFromShards } from "./sources/archives/image-files-from-shards.ts";
export { type NpzOptions, imageDatasetFromNpz } from "./sources/arrays/image-dataset-from-npz.ts";
export { type CelebA, type CelebAOptions, celebA } from "./sources/named/celeb-a.ts";
export { type Cifar100Options, type CifarOptions, cifar10, cifar100 } from "./sources/named/cifar/cifar.ts";
export type { DownloadOptions } from "./sources/named/download-options.ts";
export { type FashionMnistOptions, fashionMnist } from "./sources/named/fashion-mnist.ts";
export { type FlowersOptions, flowers } from "./sources/named/flowers.ts";
export { type Selection, imageFilesFromSelection } from "./sources/page/image-files-from-selection.ts";
export { type TfRecordOptions, imageFilesFromTfRecords } from "./sources/tfrecord/image-files-from-tf-records.ts";
export type { ImageExample, ImageExampleOptions } from "./sources/pictures/batches/image-examples.ts";
export {
  type DirectoryDataset,
  type DirectoryOptions,
  imageDatasetFromDirectory,
} from "./sources/folder/image-dataset-from-directory.ts";
export { type ImageFilesByNameOptions, imageFilesByName } from "./sources/folder/image-files-by-name.ts";
export { type ImageFileParts, type ImageFoldersOptions, imageFolders } from "./sources/folder/image-folders.ts";
export type { FileNote } from "./sources/pictures/files/file-notes.ts";
export type { ImageFileBatchOptions } from "./sources/pictures/batches/image-file-batch-options.ts";
export type { ImageFileBatches } from "./sources/pictures/batches/image-file-batches.ts";
export type { FileExample } from "./sources/pictures/files/file-example.ts";
export { ImageFiles, type ImageFilesContents } from "./sources/pictures/image-files.ts";
export type { ImageOptions } from "./sources/pictures/files/image-options.ts";
export type { PackOptions, PackedPictures } from "./sources/pictures/pack-pictures.ts";
export type { SkippedFile } from "./sources/pictures/files/skipped-files.ts";
export type { SplitFilesOptions } from "./sources/pictures/files/split-indices.ts";
export { type ImageTableOptions, imageFilesFromTable } from "./sources/tables/image-files-from-table.ts";
export { type ImagePartsTableOptions, imagePartsFromTable } from "./sources/tables/image-parts-from-table.ts";
export { type CarBrands, type CarBrandsOptions, carBrands } from "./sources/named/car-brands.ts";
export {
  type DatasetHealth,
  type DatasetHealthOptions,
  type HealthExample,
  type HealthSource,
  type PictureFinding,
  type PictureReference,
  type UnreadablePicture,
  datasetHealth,
} from "./health/dataset-health.ts";
export { type LabelSuspect, labelSuspects } from "./health/label-suspects.ts";
export { parseIdx } from "./sources/idx/idx.ts";
export {
  type BatchOptions,
  type ImageBatch,
  ImageBatches,
  type LabelledImages,
} from "./sources/arrays/image-batches.ts";
export { ImageDataset, type ImageDatasetContents } from "./sources/arrays/image-dataset.ts";
export { type MnistLimits, type MnistOptions, type TrainAndTest, mnist } from "./sources/named/mnist.ts";
export { type MixOptions, type MixedBatch, mixBatches } from "./sources/batches/mix-batches.ts";
export { oneHot } from "./sources/batches/one-hot.ts";
export type { ClassOf } from "./pipeline/classes.ts";
export { DatasetIterator, type IterateOptions, type Position } from "./pipeline/dataset-iterator.ts";
export { Dataset } from "./pipeline/dataset.ts";
export { ElementError } from "./pipeline/element-error.ts";
export type { Pass, State } from "./pipeline/elements.ts";
export type { DatasetSource, IndexedSource, SourceOptions } from "./pipeline/sources.ts";
export type { BalanceOptions } from "./pipeline/steps/balance.ts";
export type { BatchElementsOptions } from "./pipeline/steps/batch.ts";
export type { CacheOptions } from "./pipeline/steps/disk-cache.ts";
export type { ElementContext } from "./pipeline/steps/context.ts";
export type { InterleaveOptions } from "./pipeline/steps/interleave.ts";
export type { MapOptions } from "./pipeline/steps/map.ts";
export type { ShuffleOptions } from "./pipeline/steps/shuffle.ts";
export type { DamagedElement, SkipDamagedOptions } from "./pipeline/steps/skip-damaged.ts";
export type { SplitOptions } from "./pipeline/steps/split.ts";
export { type DecodeOnceOptions, decodeOnce } from "./workers/decode-once.ts";
export type { ImageRecipe } from "./workers/image-recipe.ts";
export { ImageWorkers, type ImageWorkersOptions, type LoadOptions, type Loaded } from "./workers/image-workers.ts";
export type { LoadableExample } from "./workers/picture-source.ts";
