import type { FileKind } from "@featuremap/images";
import { loadSharp } from "../../../drawing/load-sharp.ts";

/** Starts of frames of a JPEG: all markers from 0xc0 to 0xcf but these. */
const noFrame: ReadonlySet<number | undefined> = new Set([0xc4, 0xc8, 0xcc]);
const pngModes: Readonly<Record<number, string>> = {
  0: "grey",
  2: "colour",
  3: "palette",
  4: "grey with alpha",
  6: "colour with alpha",
};
const unknown = "not told";

/**
 * How a picture's file keeps colours: "grey", "colour", "palette", "colour with alpha", "CMYK", with its bits where these are
 * more than 8; "not told" where its first bytes do not say so.
 *
 * @param head the file's first bytes
 * @param source its path, or all its bytes, for formats that are not read here
 */
export async function colourModeOf(
  kind: FileKind["name"],
  head: Uint8Array,
  source: string | Uint8Array,
): Promise<string> {
  switch (kind) {
    case "PNG":
      return withBits(pngModes[head[25] ?? -1] ?? unknown, head[24] ?? 8);
    case "JPEG":
      return jpegMode(head);
    case "GIF":
      return "palette";
    case "BMP": {
      const isOld = head[14] === 12;
      return (head[isOld ? 24 : 28] ?? 0) <= 8 ? "palette" : "colour";
    }
    case "WebP":
      return webpMode(head);
    case "SVG":
      return "drawing";
    default:
      return otherMode(source);
  }
}

function withBits(mode: string, bits: number): string {
  return bits > 8 ? `${mode}, ${bits} bits` : mode;
}

function jpegMode(head: Uint8Array): string {
  for (let at = 2; at + 9 < head.length;) {
    if (head[at] !== 0xff) return unknown;
    const marker = head[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && !noFrame.has(marker)) {
      const mode = { 1: "grey", 3: "colour", 4: "CMYK" }[head[at + 9] ?? 0] ?? unknown;
      return withBits(mode, head[at + 4] ?? 8);
    }
    at += 2 + (((head[at + 2] ?? 0) << 8) | (head[at + 3] ?? 0));
  }
  return unknown;
}

function webpMode(head: Uint8Array): string {
  const chunk = String.fromCharCode(...head.subarray(12, 16));
  const hasAlpha =
    chunk === "VP8X" ? ((head[20] ?? 0) & 0x10) !== 0 : chunk === "VP8L" && ((head[24] ?? 0) & 0x10) !== 0;
  return hasAlpha ? "colour with alpha" : "colour";
}

async function otherMode(source: string | Uint8Array): Promise<string> {
  const sharp = await loadSharp();
  const found = await sharp(source)
    .metadata()
    .catch(() => undefined);
  if (found === undefined) return unknown;
  const { space, hasAlpha } = found;
  if (space === "cmyk") return "CMYK";
  const mode = /^(b-w|grey)/.test(space) ? "grey" : "colour";
  return withBits(hasAlpha ? `${mode} with alpha` : mode, space.endsWith("16") ? 16 : 8);
}
