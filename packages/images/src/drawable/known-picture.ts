import type { Pixels } from "../pixels.ts";
import { InvalidConfigError, describeValue } from "@featuremap/tensor";

/** A picture to classify: pixels, what a page can draw, or the file itself. Outside pages only `Pixels` and blobs exist. */
export type Picture =
  | Pixels
  | ImageData
  | ImageBitmap
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLImageElement
  | HTMLVideoElement
  | VideoFrame
  | Blob;

/** The kinds by the names that browsers give their objects, those of other windows too. */
interface PictureKinds {
  readonly Pixels: Pixels;
  readonly ImageData: ImageData;
  readonly ImageBitmap: ImageBitmap;
  readonly HTMLCanvasElement: HTMLCanvasElement;
  readonly OffscreenCanvas: OffscreenCanvas;
  readonly HTMLImageElement: HTMLImageElement;
  readonly HTMLVideoElement: HTMLVideoElement;
  readonly VideoFrame: VideoFrame;
  readonly Blob: Blob;
}

/** A picture and its kind. */
export type KnownPicture = {
  [Kind in keyof PictureKinds]: { readonly kind: Kind; readonly picture: PictureKinds[Kind] };
}[keyof PictureKinds];

const browserKinds: ReadonlySet<string> = new Set([
  "ImageData",
  "ImageBitmap",
  "HTMLCanvasElement",
  "OffscreenCanvas",
  "HTMLImageElement",
  "HTMLVideoElement",
  "VideoFrame",
  "Blob",
]);

/**
 * Tells what kind of picture a value is.
 *
 * @param owner who was given it, for the error
 * @throws {InvalidConfigError} it is none that can be read here.
 */
export function knowPicture(owner: string, picture: unknown): KnownPicture {
  const tag = Object.prototype.toString.call(picture).slice("[object ".length, -1);
  const kind = tag === "File" ? "Blob" : tag;
  // The tag says which interface it has.
  if (browserKinds.has(kind)) return { kind, picture } as KnownPicture;
  if (typeof picture === "object" && picture !== null && "data" in picture) {
    return { kind: "Pixels", picture: requirePixels(owner, picture) };
  }
  return refuse(owner, picture);
}

function refuse(owner: string, picture: unknown): never {
  const all =
    "Pixels, ImageData, ImageBitmap, a canvas, <img>, <video>, VideoFrame, or a Blob or File that holds a picture";
  const elsewhere =
    "Pixels { data, width, height }, as returned by await decodeImage(await readFile(path)) of @featuremap/images, or the file's " +
    "bytes as new Blob([bytes])";
  const expected = typeof OffscreenCanvas === "undefined" ? elsewhere : all;
  throw new InvalidConfigError(owner, "picture", expected, picture);
}

/** What `preprocessPixels` relies on; that the bytes fill the picture is its own to check. */
function requirePixels(owner: string, picture: object & { readonly data: unknown }): Pixels {
  const { data, width, height } = picture as Readonly<Record<keyof Pixels, unknown>>;
  for (const [option, length] of Object.entries({ width, height })) {
    if (typeof length !== "number" || !Number.isInteger(length) || length < 1) {
      throw new InvalidConfigError(owner, `picture.${option}`, "an integer of at least 1", length);
    }
  }
  return { data: requireBytes(owner, data), width: width as number, height: height as number };
}

/** Bytes of this window or another. @throws {InvalidConfigError} it is something else, such as half-precision floats. */
export function requireBytes(owner: string, data: unknown): Pixels["data"] {
  const tag = Object.prototype.toString.call(data);
  if (tag === "[object Uint8Array]" || tag === "[object Uint8ClampedArray]") return data as Pixels["data"];
  const found = `picture.data of ${describeValue(data)}`;
  throw new InvalidConfigError(owner, "picture", "made of bytes (Uint8Array or Uint8ClampedArray)", found);
}
