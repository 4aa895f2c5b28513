import type { Application } from "@featuremap/applications";
import { ImageDataset } from "@featuremap/datasets";
import { HostArray, RandomStream } from "@featuremap/tensor";

/**
 * Images of noise with labels by chance: there is nothing to learn, so that the loss stays high and no gradient fades
 * into numbers that processors are slow at.
 */
export function madeUpImages(
  { inputShape: [height, width, channels], classes = 10, preprocessing }: Application,
  count: number,
  seed: number,
): ImageDataset {
  const random = new RandomStream(seed);
  // Four bytes of each number.
  const words = Uint32Array.from({ length: Math.ceil((count * height * width * channels) / 4) }, () => random.uint32());
  return new ImageDataset({
    images: new HostArray(new Uint8Array(words.buffer, 0, count * height * width * channels), [
      count,
      height,
      width,
      channels,
    ]),
    labels: new HostArray(
      Int32Array.from({ length: count }, () => random.integer(classes)),
      [count],
    ),
    classNames: Array.from({ length: classes }, (_, index) => String(index)),
    preprocessing,
  });
}
