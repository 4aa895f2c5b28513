/** What the first bytes of a file say about the picture in it. */
export interface PictureHeader {
  /** `PNG`, `JPEG` ...; undefined where the bytes are of no kind known here. */
  readonly kind: string | undefined;
  /** Undefined where the bytes at hand do not say it. */
  readonly size?: { readonly width: number; readonly height: number } | undefined;
}

/**
 * Reads kind and size of a picture without decoding it, from as many of its first bytes as are at hand.
 *
 * Sources: PNG 11.2.1, JPEG (T.81) B.2.2, GIF89a 18, Windows BITMAPINFOHEADER, WebP RFC 9649, ISO 23008-12 `ispe`.
 */
export function readPictureHeader(bytes: Uint8Array): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (start: number, end: number): string => String.fromCharCode(...bytes.subarray(start, end));
  if (text(0, 8) === "\u0089PNG\r\n\u001a\n")
    return { kind: "PNG", size: sizeAt(view, 24, () => [view.getUint32(16), view.getUint32(20)]) };
  if (text(0, 3) === "\u00ff\u00d8\u00ff") return { kind: "JPEG", size: sizeOfJpeg(view) };
  if (/^GIF8[79]a$/.test(text(0, 6))) {
    return { kind: "GIF", size: sizeAt(view, 10, () => [view.getUint16(6, true), view.getUint16(8, true)]) };
  }
  if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") return { kind: "WebP", size: sizeOfWebp(view, text(12, 16)) };
  if (text(4, 8) === "ftyp") {
    const kind = /^avi[fs]$/.test(text(8, 12)) ? "AVIF" : "HEIC";
    return { kind, size: sizeOfBoxes(view) };
  }
  if (text(0, 2) === "BM" && view.byteLength >= 18 && view.getUint32(14, true) <= 124)
    return { kind: "BMP", size: sizeOfBmp(view) };
  if (/^(II\*\0|MM\0\*)$/.test(text(0, 4))) return { kind: "TIFF" };
  // XML may begin with a declaration, comments and a document type.
  const isSvg = /^(\u00ef\u00bb\u00bf)?\s*<[?!s]/.test(text(0, 64)) && /<svg[\s/>]/.test(text(0, 4096));
  return { kind: isSvg ? "SVG" : undefined };
}

function sizeAt(view: DataView, needed: number, read: () => readonly [number, number]): PictureHeader["size"] {
  if (view.byteLength < needed) return undefined;
  const [width, height] = read();
  return { width, height };
}

/** In the first frame header, which any number of other segments may precede. */
function sizeOfJpeg(view: DataView): PictureHeader["size"] {
  let offset = 2;
  while (offset + 9 <= view.byteLength) {
    const marker = view.getUint16(offset);
    if (marker === 0xffff) {
      // A byte that fills up to the marker.
      offset++;
      continue;
    }
    if (marker < 0xffc0) return undefined;
    const isFrame = marker <= 0xffcf && marker !== 0xffc4 && marker !== 0xffc8 && marker !== 0xffcc;
    if (isFrame) return { width: view.getUint16(offset + 7), height: view.getUint16(offset + 5) };
    offset += 2 + view.getUint16(offset + 2);
  }
  return undefined;
}

function sizeOfWebp(view: DataView, chunk: string): PictureHeader["size"] {
  return sizeAt(view, 30, () => {
    if (chunk === "VP8L") {
      const bits = view.getUint32(21, true);
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    }
    if (chunk === "VP8X") {
      return [(view.getUint32(24, true) & 0xffffff) + 1, (view.getUint32(26, true) >>> 8) + 1];
    }
    return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  });
}

function sizeOfBmp(view: DataView): PictureHeader["size"] {
  return sizeAt(view, 26, () =>
    view.getUint32(14, true) === 12
      ? [view.getUint16(18, true), view.getUint16(20, true)]
      : [Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true))],
  );
}

/** The largest picture of those that a file of boxes describes: whole ones, their parts and thumbnails. */
function sizeOfBoxes(view: DataView): PictureHeader["size"] {
  let size: PictureHeader["size"];
  for (let offset = 8; offset + 16 <= view.byteLength; offset++) {
    // "ispe": width and height follow version and flags.
    if (view.getUint32(offset) !== 0x69737065) continue;
    const [width, height] = [view.getUint32(offset + 8), view.getUint32(offset + 12)];
    if (size === undefined || width * height > size.width * size.height) size = { width, height };
  }
  return size;
}
