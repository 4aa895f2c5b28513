import { decodeImage } from "../decode/decode-image.ts";
import type { DecodeOptions } from "../decode/decode-options.ts";

/** A decoded picture, its bytes in base64, or the code and the words of an error. */
export interface PageResult {
  readonly width?: number;
  readonly height?: number;
  readonly data?: string;
  readonly code?: string;
  readonly message?: string;
}

async function decodeInPage(base64: string, options: DecodeOptions): Promise<PageResult> {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const { width, height, data } = await decodeImage(bytes, options);
    return { width, height, data: btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join("")) };
  } catch (error) {
    return { code: error instanceof Error && "code" in error ? String(error.code) : "", message: String(error) };
  }
}

Object.assign(globalThis, { decodeInPage });
