import { ImageDataset } from "@featuremap/datasets";
import { plainPreprocessing } from "@featuremap/images";
import { HostArray, RandomStream } from "@featuremap/tensor";
import type { Network } from "../networks/network.ts";

/**
 * Images of noise with labels by chance: there is nothing to learn, so that the loss stays high and no gradient fades
 * into numbers that processors are slow at.
 */
export function madeUpImages({ input, classes }: Network, count: number, seed: number): ImageDataset {
  const [height, width, channels] = input;
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
    preprocessing: plainPreprocessing([height, width], channels === 1 ? "grayscale" : "rgb", 1 / 255),
  });
}
