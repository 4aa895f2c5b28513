/** A BMP of 24 bits, whose pixels are told by a function. */
export function bmpOf(
  width: number,
  height: number,
  pixel: (x: number, y: number) => readonly [number, number, number],
): Uint8Array {
  const row = Math.ceil((3 * width) / 4) * 4;
  const bytes = new Uint8Array(54 + row * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      bytes.set(pixel(x, y).toReversed(), 54 + (height - 1 - y) * row + 3 * x);
    }
  }
  return bytes;
}

/** A picture that shows its number in every pixel. */
export function numberedBmp(number: number, width = 8, height = 6): Uint8Array {
  return bmpOf(width, height, (x, y) => [number % 256, (x * 30) % 256, (y * 40) % 256]);
}
