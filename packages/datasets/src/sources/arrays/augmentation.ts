import type { HostArray, RandomStream } from "@featuremap/tensor";

/**
 * What becomes of one image, `[height, width, channels]`, each time training sees it: code of your own, with functions
 * such as `flipLeftRight` of `@featuremap/images`, whose operations do the usual.
 *
 * Everything left to chance is drawn from the stream. The image is the function's own, to write to.
 */
export type Augmentation = (image: HostArray<Uint8Array>, random: RandomStream) => HostArray<Uint8Array>;
