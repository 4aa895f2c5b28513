/**
 * CMYK without a profile of its own, as browsers and Pillow show it: every ink takes its share of the light away.
 *
 * @param data cyan, magenta, yellow and black in [0, 255], and whatever follows them
 * @param channels bytes of a pixel, 4 or more; a fifth is alpha
 * @returns RGBA
 */
export function rgbaOfCmyk(data: Uint8Array, channels: number): Uint8Array {
  const pixels = data.length / channels;
  const rgba = new Uint8Array(pixels * 4);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * channels;
    const light = 255 - (data[from + 3] ?? 0);
    for (let ink = 0; ink < 3; ink++) {
      rgba[pixel * 4 + ink] = Math.round(((255 - (data[from + ink] ?? 0)) * light) / 255);
    }
    rgba[pixel * 4 + 3] = channels > 4 ? (data[from + 4] ?? 255) : 255;
  }
  return rgba;
}

/** Whether an ICC profile describes CMYK; one of another colour space in a CMYK picture is ignored. */
export function isCmykProfile(profile: Uint8Array | undefined): boolean {
  return profile !== undefined && String.fromCharCode(...profile.subarray(16, 20)) === "CMYK";
}
