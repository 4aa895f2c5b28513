import { writeFileWhole } from "@featuremap/files";
import type { Theme } from "@featuremap/visualize";
import { loadSharp } from "./load-sharp.ts";

/** Dots an inch: twice as many pixels as the drawing says, for screens that show two where one was. */
const density = 144;

/**
 * Writes a drawing as an SVG file, which follows light and dark, and as a PNG file, which is light.
 *
 * @param path of both, without the ending
 * @returns the files' paths
 */
export async function writePlot(path: string, draw: (theme: Theme) => string): Promise<string[]> {
  const sharp = await loadSharp();
  const files = [`${path}.svg`, `${path}.png`] as const;
  await writeFileWhole(files[0], draw("auto"));
  await writeFileWhole(
    files[1],
    await sharp(Buffer.from(draw("light")), { density })
      .png()
      .toBuffer(),
  );
  return [...files];
}
