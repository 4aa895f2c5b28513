/** Formats that are decoded here. */
export type ImageKind = "AVIF" | "BMP" | "GIF" | "JPEG" | "PNG" | "SVG" | "TIFF" | "WebP";

/** What a file is, told by how it begins. */
export type FileKind =
  | { readonly isRead: true; readonly name: ImageKind }
  | {
      readonly isRead: false;
      /** "HEIC", or "a PDF document". */
      readonly name: string;
      /** What to do about it. */
      readonly remedy?: string;
    };

/** Bytes that are enough to tell a file's kind. */
export const headLength = 4096;

const read = (name: ImageKind): FileKind => ({ isRead: true, name });
const refused = (name: string, remedy?: string): FileKind => ({
  isRead: false,
  name,
  ...(remedy === undefined ? {} : { remedy }),
});

const convert = "convert it to PNG or JPEG first";
const share = "convert it to JPEG first (phones do that when they share a photo as Most Compatible)";

const byStart: readonly (readonly [signature: string, kind: FileKind])[] = [
  ["\u0089PNG\r\n\u001a\n", read("PNG")],
  ["\u00ff\u00d8\u00ff", read("JPEG")],
  ["GIF87a", read("GIF")],
  ["GIF89a", read("GIF")],
  ["II*\0", read("TIFF")],
  ["MM\0*", read("TIFF")],
  ["II+\0", read("TIFF")],
  ["MM\0+", read("TIFF")],
  ["\0\0\u0001\0", refused("an ICO icon", convert)],
  ["\u00ff\u000a", refused("JPEG XL", convert)],
  ["\0\0\0\u000cJXL ", refused("JPEG XL", convert)],
  ["\0\0\0\u000cjP  ", refused("JPEG 2000", convert)],
  ["\u00ff\u004f\u00ff\u0051", refused("JPEG 2000", convert)],
  ["8BPS", refused("a Photoshop document", convert)],
  ["%PDF", refused("a PDF document")],
  ["PK\u0003\u0004", refused("a ZIP archive")],
  ["\u001f\u008b", refused("a gzip archive")],
];

const longestSignature = 16;

/** Brands of the ISO base media format: of those that a file names, the first here says what it is. */
const byBrand: readonly (readonly [pattern: RegExp, kind: FileKind])[] = [
  [/^(avif|avis)/, read("AVIF")],
  [/^(heic|heix|heim|heis|hevc|hevx)/, refused("HEIC", share)],
  [/^(mif1|msf1)/, refused("HEIF", share)],
  [/./, refused("a video", "take pictures out of it first")],
];

/**
 * What a file is, by its first bytes and not by its name.
 *
 * @param head its first {@link headLength} bytes, or all where there are fewer
 * @returns `undefined` for what is not known
 */
export function kindOfFile(head: Uint8Array): FileKind | undefined {
  const beginning = textOf(head, longestSignature);
  const start = byStart.find(([signature]) => beginning.startsWith(signature));
  if (start !== undefined) return start[1];
  const text = textOf(head, headLength);
  // The length of its second header tells a BMP from text that begins so.
  if (text.startsWith("BM") && (text.length < 18 || /^[^]{15}\0\0\0/.test(text))) return read("BMP");
  if (/^RIFF[^]{4}WEBP/.test(text)) return read("WebP");
  if (text.slice(4, 8) === "ftyp") return kindOfBrands(text);
  // XML may begin with a declaration, comments and a document type.
  if (/<svg[\s/>]/i.test(text) && /^(?:\u00ef\u00bb\u00bf)?\s*<[?!s]/i.test(text)) return read("SVG");
  return undefined;
}

function textOf(bytes: Uint8Array, length: number): string {
  return String.fromCharCode(...bytes.subarray(0, length));
}

function kindOfBrands(text: string): FileKind | undefined {
  const length = (text.charCodeAt(2) << 8) | text.charCodeAt(3);
  const brands = [text.slice(8, 12), ...(text.slice(16, length).match(/[^]{4}/g) ?? [])];
  return byBrand.find(([pattern]) => brands.some((brand) => pattern.test(brand)))?.[1];
}
