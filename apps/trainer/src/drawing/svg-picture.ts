import sharp from "sharp";

/** A drawing as a PNG file; where the system has no fonts it has no words. */
export async function pngOfSvg(svg: string): Promise<Uint8Array> {
  return new Uint8Array(await sharp(Buffer.from(svg), { limitInputPixels: false, unlimited: true }).png().toBuffer());
}
