/** How much ink lies on each pixel, 0 (none) to 255, row by row: light on black, as MNIST stores its digits. */
export interface InkPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}
