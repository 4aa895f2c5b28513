import { InvalidConfigError, type Pixels, UnavailableError } from "@featuremap/tensor";

/** A picture to classify. Outside pages only `Pixels` exist. */
export type Picture = Pixels | ImageData | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | HTMLImageElement;

/**
 * The pixels of a picture at its own size, so that all resizing is done as the trainer does it.
 *
 * They are read at once: drawing on a canvas afterwards changes nothing. Only an image that is still loading is waited
 * for.
 *
 * @throws {InvalidConfigError} the picture is empty, or not of a kind that can be classified.
 * @throws {UnavailableError} the image cannot be loaded, or its pixels must not be read.
 */
export function readPicture(picture: Picture): Pixels | Promise<Pixels> {
  if (typeof picture !== "object" || picture === null || !("width" in picture)) return refuse(picture);
  if ("data" in picture) return checkPixels(picture);
  if (typeof OffscreenCanvas === "undefined") return refuse(picture);
  if ("naturalWidth" in picture && !picture.complete) return decode(picture);
  return drawPixels(picture);
}

function refuse(picture: unknown): never {
  const expected =
    typeof OffscreenCanvas === "undefined" ? "Pixels" : "Pixels, ImageData, a canvas, ImageBitmap or <img>";
  throw new InvalidConfigError("classify", "picture", expected, picture);
}

/** What `preprocessPixels` cannot see: a canvas may also give half-precision floats. */
function checkPixels(pixels: Pixels | ImageData): Pixels {
  const { data, width, height } = pixels;
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) return { data, width, height };
  throw new InvalidConfigError("classify", "picture", "made of bytes", data);
}

async function decode(image: HTMLImageElement): Promise<Pixels> {
  try {
    await image.decode();
  } catch (cause) {
    throw new UnavailableError(`The image ${image.currentSrc} cannot be loaded`, "Check its address and format.", {
      cause,
    });
  }
  return drawPixels(image);
}

function drawPixels(picture: Exclude<Picture, Pixels>): Pixels {
  const isImage = "naturalWidth" in picture;
  const width = isImage ? picture.naturalWidth : picture.width;
  const height = isImage ? picture.naturalHeight : picture.height;
  if (width === 0 || height === 0) {
    throw new InvalidConfigError("classify", "picture", "loaded and of 1 x 1 pixels or more", `${width} x ${height}`);
  }
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
    if (context === null) throw new Error("no 2D context");
    context.drawImage(picture, 0, 0);
    return context.getImageData(0, 0, width, height);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = "An image of another origin needs the attribute crossOrigin and that origin's consent (CORS).";
    throw new UnavailableError(`The picture of ${width} x ${height} cannot be read: ${reason}`, remedy, { cause });
  }
}
