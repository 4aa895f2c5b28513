import { join } from "node:path";
import sharp from "sharp";
import { type TestContext, describe, expect, test } from "vitest";
import { collect } from "../../bytes/collect.ts";
import { ImageFiles } from "../image-files.ts";
import { png, testFolder } from "../test-folder.test-support.ts";

/** Two frames, red and blue. */
async function animated(kind: "gif" | "webp"): Promise<Uint8Array> {
  const frame = (...rgb: number[]): number[] => Array.from({ length: 16 }, () => rgb).flat();
  const frames = Uint8Array.from([...frame(255, 0, 0), ...frame(0, 0, 255)]);
  const picture = sharp(frames, { raw: { width: 4, height: 8, channels: 3, pageHeight: 4 } });
  return new Uint8Array(await (kind === "gif" ? picture.gif() : picture.webp({ lossless: true })).toBuffer());
}

async function animatedFolder(context: TestContext): Promise<ImageFiles> {
  const still = png(4, 4, [0, 255, 0]);
  const [gif, webp] = [await animated("gif"), await animated("webp")];
  const names = { "0.gif": gif, "1.gif": gif, "2.gif": gif, "3.webp": webp, "4.png": still };
  const folder = await testFolder(context, names);
  const paths = Object.keys(names).map((name) => join(folder, name));
  return new ImageFiles({ paths, labels: [0, 0, 0, 0, 0], classNames: ["all"] });
}

describe("animations in a folder", () => {
  test.for([0, 2])("are told once for each kind, however often they are seen; %i threads", async (workers, context) => {
    const files = await animatedFolder(context);
    const batches = files.batch(2, { imageSize: 4, workers, cache: false, seed: 1 });
    expect(batches.notes).toEqual([]);
    for (const epoch of [0, 1]) {
      const given = await collect(batches.batches(epoch));
      expect(given.reduce((sum, { size }) => sum + size, 0)).toBe(5);
      // In the order in which they were met.
      expect(batches.notes.toSorted((one, other) => one.kind.localeCompare(other.kind))).toEqual([
        {
          code: "FIRST_FRAME",
          kind: "GIF",
          count: 3,
          message: expect.stringMatching(/^Only the first frame of 3 GIF files is used: .*[012]\.gif, \.\.\.$/),
        },
        {
          code: "FIRST_FRAME",
          kind: "WebP",
          count: 1,
          message: `Only the first frame of one WebP file is used: ${files.filePaths[3]}`,
        },
      ]);
    }
    expect(files.notes).toEqual(batches.notes);
    expect(files.skipped).toEqual([]);
  });

  test("are told of pictures one by one too, and of a part by itself", async (context) => {
    const files = await animatedFolder(context);
    const part = files.select([0, 4]);
    await collect(part.images({ imageSize: 4, workers: 0 }));
    expect(part.notes).toMatchObject([{ kind: "GIF", count: 1 }]);
    expect(files.notes).toEqual([]);
  });
});
