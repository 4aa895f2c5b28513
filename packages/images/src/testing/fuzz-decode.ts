import { FeaturemapError, RandomStream } from "@featuremap/tensor";
import { decodeImage } from "../decode/decode-image.ts";
import golden from "../decode/decoded-images.golden.json" with { type: "json" };
import { mutate } from "./mutate.ts";

/** Most pixels of a fuzzed picture: a header may ask for any number. */
const maxPixels = 2 ** 20;

/** How files with faults fared. */
export interface FuzzResult {
  readonly decoded: number;
  readonly refused: number;
  /** What should never happen, in words. */
  readonly wrong: readonly string[];
  /** The longest time that one took, in ms. */
  readonly slowest: number;
}

/** Decodes files with random faults, every kind as often as the others. */
export async function fuzzDecode(count: number, seed: number): Promise<FuzzResult> {
  const random = new RandomStream(seed);
  const files = golden.cases.map(({ name, file }) => ({ name, bytes: Buffer.from(file, "base64") }));
  const wrong: string[] = [];
  let decoded = 0;
  let refused = 0;
  let slowest = 0;
  for (let index = 0; index < count; index++) {
    const file = files[index % files.length];
    if (file === undefined) break;
    const bytes = mutate(file.bytes, random.fork(`file ${index}`));
    const began = performance.now();
    try {
      const { data, width, height } = await decodeImage(bytes, { name: file.name, maxPixels });
      if (data.length !== width * height * 3 || width * height > maxPixels) wrong.push(`${index} (${file.name}): size`);
      decoded++;
    } catch (error) {
      const isTyped = error instanceof FeaturemapError && error.code === "INVALID_FORMAT";
      if (!isTyped) wrong.push(`${index} (${file.name}): ${String(error)}`);
      refused++;
    }
    slowest = Math.max(slowest, performance.now() - began);
  }
  return { decoded, refused, wrong, slowest };
}
