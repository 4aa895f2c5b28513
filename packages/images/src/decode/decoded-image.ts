/** Pixels as a decoder gives them, before they are turned and brought to the channels that are asked for. */
export interface DecodedImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Bytes of a pixel: grey, RGB or RGBA. */
  readonly channels: 1 | 3 | 4;
  /** Whether the decoder has turned it upright by itself. */
  readonly isUpright?: boolean;
  /** Whether its bytes lie in the decoder's memory, where the next picture takes their place. */
  readonly isLent?: boolean;
}
