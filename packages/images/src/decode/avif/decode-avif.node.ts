import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { FormatError, UnavailableError } from "@featuremap/tensor";
import type { DecodedImage } from "../decoded-image.ts";

/** The part of libavif that is used here. */
interface Decoder {
  /** @returns null when it cannot be decoded */
  decode(bytes: Uint8Array, bitDepth: 8): { data: Uint8ClampedArray; width: number; height: number } | null;
}

type Factory = (options: {
  readonly noInitialRun: boolean;
  readonly instantiateWasm: (imports: WebAssembly.Imports, done: (instance: unknown) => void) => unknown;
}) => Promise<Decoder>;

let decoder: Promise<Decoder> | undefined;

/**
 * The first picture of an AVIF as it lies in the file, RGBA.
 *
 * libavif spreads chroma as Pillow and browsers do, which libheif, and so sharp, does not: edges differ by 130 of 255 there.
 *
 * @throws {FormatError} it is damaged.
 * @throws {UnavailableError} the package of libavif is not installed.
 */
export async function decodeAvif(bytes: Uint8Array, name: string): Promise<DecodedImage> {
  decoder ??= open().catch((error: unknown) => {
    decoder = undefined;
    throw error;
  });
  const opened = await decoder;
  // It knows bytes of this realm alone.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const image = withImageData(() => {
    try {
      return opened.decode(file, 8);
    } catch {
      // Whatever stopped it may have left its memory in disorder.
      decoder = undefined;
      return null;
    }
  });
  if (image === null) {
    const found = "an AVIF that is damaged or of an unsupported kind";
    throw new FormatError(name, "the file", "an image that can be decoded", found);
  }
  const { data, width, height } = image;
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height, channels: 4 };
}

/** Found when it is needed: a bundler that found it before would refuse to build where it is not installed. */
async function load(): Promise<{ readonly factory: Factory; readonly binary: string }> {
  const { resolve } = createRequire(import.meta.url);
  const [script, binary] = ["js", "wasm"].map((ending) =>
    resolve(["@jsquash", "avif", "codec", "dec", `avif_dec.${ending}`].join("/")),
  ) as [string, string];
  const address = pathToFileURL(script).href;
  const module: { default: Factory } = await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ address);
  return { factory: module.default, binary };
}

async function open(): Promise<Decoder> {
  const { factory, binary } = await load().catch((cause: unknown) => {
    const remedy = "Without it AVIF cannot be read: run `npm install @jsquash/avif`.";
    throw new UnavailableError("The package @jsquash/avif cannot be loaded", remedy, { cause });
  });
  const compiled = await WebAssembly.compile(await readFile(binary));
  const had = "ImageData" in globalThis;
  const module = await factory({
    noInitialRun: true,
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: unknown) => void) {
      const instance = new WebAssembly.Instance(compiled, imports);
      done(instance);
      return instance.exports;
    },
  });
  // It gives Node a class of the browser's, by which other programs may tell one from the other.
  if (!had) Reflect.deleteProperty(globalThis, "ImageData");
  return module;
}

/** It makes its result with the browser's class, which Node has not. */
function withImageData<Result>(work: () => Result): Result {
  if ("ImageData" in globalThis) return work();
  const fields = class {
    readonly data: Uint8ClampedArray;
    readonly width: number;
    readonly height: number;
    constructor(data: Uint8ClampedArray, width: number, height: number) {
      this.data = data;
      this.width = width;
      this.height = height;
    }
  };
  Object.defineProperty(globalThis, "ImageData", { value: fields, configurable: true });
  try {
    return work();
  } finally {
    Reflect.deleteProperty(globalThis, "ImageData");
  }
}
