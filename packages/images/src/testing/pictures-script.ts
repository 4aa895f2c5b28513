import type { Picture } from "../drawable/known-picture.ts";
import { type ReadPictureOptions, readPicture } from "../drawable/read-picture.ts";

/** What became of a picture: its size and some of its pixels as red, green, blue, alpha; or why it was refused. */
export interface ReadResult {
  readonly size?: readonly [width: number, height: number];
  readonly first?: readonly number[];
  readonly last?: readonly number[];
  readonly code?: string;
  readonly message?: string;
}

const limit = 100_000_000;

async function read(
  make: () => Picture | Promise<Picture>,
  most = limit,
  orientation?: ReadPictureOptions["orientation"],
): Promise<ReadResult> {
  try {
    const { data, width, height } = await readPicture(await make(), { picturePixels: most, orientation });
    return { size: [width, height], first: Array.from(data.subarray(0, 4)), last: Array.from(data.subarray(-4)) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return { code, message: String(error) };
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Reads a file as a `File` and as an `<img>`, which has arrived or is still on its way. */
async function readFile(
  base64: string,
  name: string,
  type: string,
  most?: number,
  orientation?: ReadPictureOptions["orientation"],
): Promise<Record<string, ReadResult>> {
  const file = new File([bytesOf(base64)], name, { type });
  const image = new Image();
  image.src = URL.createObjectURL(file);
  const arriving = await read(() => image, most, orientation);
  const arrived = await read(() => image, most, orientation);
  return { file: await read(() => file, most, orientation), image: arrived, arriving };
}

/** A canvas of red, its last pixel blue. */
function paint<Kind extends HTMLCanvasElement | OffscreenCanvas>(canvas: Kind): Kind {
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = "#f00";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#00f";
  context.fillRect(canvas.width - 1, canvas.height - 1, 1, 1);
  return canvas;
}

function element(width: number, height: number): HTMLCanvasElement {
  return Object.assign(document.createElement("canvas"), { width, height });
}

/** A video that shows a canvas of 64 x 48, in an element that says it is 10 x 10. */
async function video(): Promise<HTMLVideoElement> {
  const canvas = paint(element(64, 48));
  const made = document.createElement("video");
  Object.assign(made, { width: 10, height: 10, muted: true, srcObject: canvas.captureStream() });
  const shows = new Promise((resolve) => made.addEventListener("loadeddata", resolve, { once: true }));
  paint(canvas);
  await made.play();
  await shows;
  return made;
}

/** Every kind that is read at once. */
async function readKinds(): Promise<Record<string, ReadResult>> {
  const canvas = paint(new OffscreenCanvas(64, 48));
  const clear = new OffscreenCanvas(3, 2);
  clear.getContext("2d");
  const colours = (...rgb: number[]): OffscreenCanvas => {
    const plain = new OffscreenCanvas(2, 2);
    const context = plain.getContext("2d");
    if (context === null) return plain;
    context.fillStyle = `rgb(${rgb.join(" ")})`;
    context.fillRect(0, 0, 2, 2);
    return plain;
  };
  const closed = await createImageBitmap(canvas);
  closed.close();
  const p3 = new ImageData(Uint8ClampedArray.of(255, 0, 0, 255), 1, 1, { colorSpace: "display-p3" });
  return {
    canvas: await read(() => paint(element(64, 48))),
    offscreen: await read(() => canvas),
    bitmap: await read(() => createImageBitmap(canvas)),
    strip: await read(() => createImageBitmap(paint(element(30_000, 2)))),
    tall: await read(() => paint(element(3, 20_000))),
    large: await read(() => paint(new OffscreenCanvas(5000, 4500))),
    imageData: await read(() => new ImageData(5, 4)),
    p3: await read(() => p3),
    clear: await read(() => clear),
    firstGround: await read(() => colours(1, 2, 3)),
    secondGround: await read(() => colours(253, 254, 255)),
    video: await read(video),
    frame: await read(async () => new VideoFrame(await video())),
    empty: await read(() => document.createElement("video")),
    closed: await read(() => closed),
    dead: await read(() => paint(new OffscreenCanvas(65_536, 1))),
    tooLarge: await read(() => new OffscreenCanvas(1000, 1000), 999_999),
    missing: await read(() => Object.assign(new Image(), { src: "data:image/png;base64,AAAA" })),
    nothing: await read(() => new Image()),
    div: await read(() => document.createElement("div") as never),
    svgElement: await read(() => document.createElementNS("http://www.w3.org/2000/svg", "image") as never),
    emptyBlob: await read(() => new Blob([])),
    text: await read(() => new Blob(["not a picture"], { type: "image/png" })),
  };
}

Object.assign(globalThis, { readFileInPage: readFile, readKinds });
