import { loadSharp } from "./load-sharp.ts";

/** A drawing as a PNG file; where the system has no fonts it has no words. */
export async function pngOfSvg(svg: string): Promise<Uint8Array> {
  const sharp = await loadSharp();
  return new Uint8Array(await sharp(Buffer.from(svg), { limitInputPixels: false, unlimited: true }).png().toBuffer());
}
