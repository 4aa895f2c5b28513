import type { DecodedImage } from "../decoded-image.ts";
import type { PlatformRequest } from "../platform-request.ts";

/** What of WebCodecs is used; TypeScript's library has not all of it yet. */
interface DecoderClass {
  new (init: {
    readonly data: Uint8Array<ArrayBuffer>;
    readonly type: string;
    readonly colorSpaceConversion: "none";
    readonly premultiplyAlpha: "none";
  }): {
    decode(): Promise<{ readonly image: VideoFrame }>;
    close(): void;
  };
}

/**
 * Pixels as they are stored, their colours not multiplied with their alpha, by the browser's `ImageDecoder`.
 *
 * @returns undefined where there is no such decoder, or it leaves chroma in blocks: then the whole browser must draw it
 */
export async function decodeFrame(
  bytes: Uint8Array<ArrayBuffer>,
  { kind, checkPixels }: PlatformRequest,
): Promise<DecodedImage | undefined> {
  const Decoder = (globalThis as { readonly ImageDecoder?: DecoderClass }).ImageDecoder;
  if (Decoder === undefined) return undefined;
  const type = `image/${kind.toLowerCase()}`;
  let frame: VideoFrame | undefined;
  const decoder = new Decoder({ data: bytes, type, colorSpaceConversion: "none", premultiplyAlpha: "none" });
  try {
    frame = (await decoder.decode()).image;
    const { format, visibleRect } = frame;
    if (visibleRect === null || format === null || !/^(RGB|BGR)[AX]$/.test(format)) return undefined;
    const { width, height } = visibleRect;
    checkPixels({ width, height });
    const data = new Uint8Array(width * height * 4);
    // As it is: some versions of Chromium multiply colours with their alpha, and divide them again, where a format is asked for.
    await frame.copyTo(data);
    if (format.startsWith("BGR")) swapRedAndBlue(data);
    return { data, width, height, channels: 4 };
  } catch (error) {
    // Of what it cannot decode, the browser itself says whether it is damaged.
    if (error instanceof DOMException || error instanceof TypeError) return undefined;
    throw error;
  } finally {
    frame?.close();
    decoder.close();
  }
}

function swapRedAndBlue(data: Uint8Array): void {
  for (let at = 0; at < data.length; at += 4) {
    const blue = data[at] ?? 0;
    data[at] = data[at + 2] ?? 0;
    data[at + 2] = blue;
  }
}
