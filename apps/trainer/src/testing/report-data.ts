import { ImageFiles } from "@featuremap/datasets";
import type { Pixels } from "@featuremap/images";
import { RandomStream } from "@featuremap/tensor";
import { disc } from "./made-pictures.ts";

/** Pictures in memory as files: discs of the class's colour, with as many channels as are asked for. */
export function discFiles(
  classNames: readonly string[],
  count: number,
  {
    seed = 1,
    size = [12, 12],
    channels = 3,
    folder = "/data/photos",
  }: {
    readonly seed?: number;
    readonly size?: readonly [height: number, width: number];
    readonly channels?: 1 | 3 | 4;
    readonly folder?: string;
  } = {},
): ImageFiles {
  const labels = Array.from({ length: count }, (_, index) => index % classNames.length);
  return new ImageFiles({
    paths: labels.map((label, index) => `${folder}/${classNames[label]}/${index}.png`),
    labels,
    classNames,
    read: (index): Promise<Pixels> => {
      const label = labels[index] ?? 0;
      const rgb = disc(label % 10, new RandomStream(seed).fork(`picture ${index}`).uint32(), size);
      return Promise.resolve({ data: withChannels(rgb, channels), width: size[1], height: size[0] });
    },
  });
}

function withChannels(rgb: Uint8Array, channels: 1 | 3 | 4): Uint8Array {
  const data = new Uint8Array((rgb.length / 3) * channels).fill(255);
  for (let pixel = 0; pixel < rgb.length / 3; pixel++) {
    for (let channel = 0; channel < Math.min(channels, 3); channel++) {
      data[pixel * channels + channel] = rgb[pixel * 3 + channel] ?? 0;
    }
  }
  return data;
}
