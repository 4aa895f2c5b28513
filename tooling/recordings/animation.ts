import sharp from "sharp";

/** A picture, as PNG, and how long it stays. */
export interface Frame {
  readonly picture: Buffer;
  readonly milliseconds: number;
}

/**
 * Writes an animated WebP, which repeats for ever.
 *
 * @param frames all of one size; one that is equal to the one before only makes that one last longer
 */
export async function writeAnimation(path: string, frames: readonly Frame[]): Promise<number> {
  const distinct: { picture: Buffer; milliseconds: number }[] = [];
  for (const { picture, milliseconds } of frames) {
    const last = distinct.at(-1);
    if (last?.picture.equals(picture)) last.milliseconds += milliseconds;
    else distinct.push({ picture, milliseconds });
  }
  const written = await sharp(
    distinct.map(({ picture }) => picture),
    { join: { animated: true } },
  )
    .webp({ delay: distinct.map(({ milliseconds }) => milliseconds), loop: 0, quality: 70, effort: 6, mixed: true })
    .toFile(path);
  return written.size;
}
