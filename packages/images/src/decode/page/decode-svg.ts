import { FormatError } from "@featuremap/tensor";
import type { DecodedImage } from "../decoded-image.ts";
import type { ImageSize, PlatformRequest } from "../platform-request.ts";
import { readDrawable } from "../../drawable/read-drawable.ts";

/** A drawing of lines has as many pixels as it is given; more than these show nothing new. */
const svgPixels = 2 ** 24;

/** @throws {FormatError} it is damaged, has no size, or there is no page to draw it in. */
export async function decodeSvg(bytes: Uint8Array<ArrayBuffer>, request: PlatformRequest): Promise<DecodedImage> {
  return withImage(bytes, request.name, (image, { width: wide, height: high }) => {
    const scale = Math.min(1, Math.sqrt(svgPixels / (wide * high)));
    const width = Math.max(1, Math.floor(wide * scale));
    const height = Math.max(1, Math.floor(high * scale));
    request.checkPixels({ width, height });
    const { data } = readDrawable(width, height, (context, left, top) =>
      context.drawImage(image, left, top, width, height),
    );
    return { data: new Uint8Array(data.buffer), width, height, channels: 4 };
  });
}

export async function sizeOfSvg(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<ImageSize> {
  return withImage(bytes, name, (_, size) => size);
}

/** Browsers draw SVG only from an image element; scripts in it do not run, and it loads nothing. */
async function withImage<Result>(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  work: (image: HTMLImageElement, size: ImageSize) => Result,
): Promise<Result> {
  if (typeof Image === "undefined") throw new FormatError(name, "the file", "another picture outside pages", "SVG");
  const address = URL.createObjectURL(new Blob([bytes], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    await new Promise<void>((resolve, reject) => {
      image.addEventListener("load", () => resolve());
      image.addEventListener("error", () => reject(new FormatError(name, "the file", "a whole SVG", "a damaged one")));
      image.src = address;
    });
    const { naturalWidth: width, naturalHeight: height } = image;
    if (!(width > 0 && height > 0)) throw new FormatError(name, "the file", "an SVG with a size", "none");
    return work(image, { width, height });
  } finally {
    URL.revokeObjectURL(address);
  }
}
