import type { Pixels } from "../pixels.ts";
import { FormatError, InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { type KnownPicture, requireBytes } from "./known-picture.ts";
import { type Draw, readDrawable } from "./read-drawable.ts";
import { type ReadingPicture, checkSize } from "./picture-limits.ts";

/** What can be read without waiting; undefined for the rest. Throws what `readPicture` throws. */
export function readNow({ kind, picture }: KnownPicture, reading: ReadingPicture): Pixels | undefined {
  if (kind === "Pixels") return picture;
  if (kind === "HTMLImageElement" || kind === "Blob") return undefined;
  if (kind === "ImageData") return readImageData(picture, reading.owner);
  const [width, height] = sizeOf({ kind, picture } as Drawable);
  checkSize(reading, width, height);
  return readDrawable(width, height, at(picture, width, height));
}

/** What must be waited for. */
export function readLater({ kind, picture }: KnownPicture, reading: ReadingPicture): Promise<Pixels> {
  if (kind === "HTMLImageElement") return readImage(picture, reading);
  if (kind === "Blob") return readFile(picture, reading);
  return Promise.reject(new InvalidConfigError(reading.owner, "picture", "an image or a file", picture));
}

/** Decoders are loaded with the first file: pages that draw or film never need them. */
async function readFile(file: Blob, reading: ReadingPicture): Promise<Pixels> {
  const { readBlob } = await import("./read-blob.ts");
  return readBlob(file, reading);
}

type Drawable = Exclude<KnownPicture, { readonly kind: "Pixels" | "ImageData" | "HTMLImageElement" | "Blob" }>;

/** Of what a picture shows, not of the element that shows it. */
function sizeOf({ kind, picture }: Drawable): readonly [width: number, height: number] {
  if (kind === "VideoFrame") return [picture.displayWidth, picture.displayHeight];
  if (kind !== "HTMLVideoElement") return [picture.width, picture.height];
  // Before its first frame a video has a size, but nothing to show.
  const showsFrame = picture.readyState >= 2;
  return showsFrame ? [picture.videoWidth, picture.videoHeight] : [0, 0];
}

function readImageData(image: ImageData, owner: string): Pixels {
  const { width, height } = image;
  const data = requireBytes(owner, image.data);
  if (image.colorSpace !== "display-p3") return { data, width, height };
  return readDrawable(width, height, (context, left, top) => context.putImageData(image, left, top));
}

async function readImage(image: HTMLImageElement, reading: ReadingPicture): Promise<Pixels> {
  if (!image.complete) await settled(image);
  const { naturalWidth: width, naturalHeight: height, currentSrc } = image;
  if (width === 0 && currentSrc !== "") {
    throw new UnavailableError(`The image ${currentSrc} cannot be loaded`, "Check its address and format.");
  }
  checkSize(reading, width, height);
  if (reading.orientation === "stored") return readFile(await fileOf(currentSrc), reading);
  const bitmap = await bitmapOf(image);
  if (bitmap === undefined) return readDrawable(width, height, at(image, width, height));
  try {
    checkSize(reading, bitmap.width, bitmap.height);
    return readDrawable(bitmap.width, bitmap.height, at(bitmap, bitmap.width, bitmap.height));
  } finally {
    bitmap.close();
  }
}

/** What an image was loaded from: of an element, browsers give no pixels but those that they have turned upright. */
async function fileOf(address: string): Promise<Blob> {
  try {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return await answer.blob();
  } catch (cause) {
    const remedy = "To get pixels as the file stores them, give the file itself, or its bytes as new Blob([bytes]).";
    throw new UnavailableError(`The file of the image ${address} cannot be read`, remedy, { cause });
  }
}

function at(source: CanvasImageSource, width: number, height: number): Draw {
  return (context, left, top) => context.drawImage(source, left, top, width, height);
}

function settled(image: HTMLImageElement): Promise<unknown> {
  return new Promise((resolve) => {
    for (const event of ["load", "error"] as const) image.addEventListener(event, resolve, { once: true });
  });
}

/**
 * The image as a bitmap. Drawing a damaged image gives what could be decoded, on black; making a bitmap of it fails.
 *
 * @returns undefined for an SVG image without a size of its own, of which a bitmap is made only in a size that is given, and
 * is empty in Chromium 156
 */
async function bitmapOf(image: HTMLImageElement): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(image);
  } catch {
    try {
      (await createImageBitmap(image, { resizeWidth: 1, resizeHeight: 1 })).close();
      return undefined;
    } catch (cause) {
      const error = new FormatError(image.currentSrc, "the image", "whole", "a damaged one");
      error.cause = cause;
      throw error;
    }
  }
}
