/** A kind of file, told by how it begins. */
export interface FileKind {
  /** "PNG", or "a PDF document". */
  readonly name: string;
  /** What decodes it here; without one it is not read. */
  readonly decoder?: "sharp" | "bmp";
}

/** Bytes that are enough to tell a file's kind. */
export const headLength = 4096;

const byStart: readonly (readonly [signature: string, kind: FileKind])[] = [
  ["\u0089PNG\r\n\u001a\n", { name: "PNG", decoder: "sharp" }],
  ["\u00ff\u00d8\u00ff", { name: "JPEG", decoder: "sharp" }],
  ["GIF8", { name: "GIF", decoder: "sharp" }],
  ["II*\0", { name: "TIFF", decoder: "sharp" }],
  ["MM\0*", { name: "TIFF", decoder: "sharp" }],
  ["II+\0", { name: "TIFF", decoder: "sharp" }],
  ["MM\0+", { name: "TIFF", decoder: "sharp" }],
  ["BM", { name: "BMP", decoder: "bmp" }],
  ["\0\0\u0001\0", { name: "an ICO icon" }],
  ["\u00ff\u000a", { name: "JPEG XL" }],
  ["\0\0\0\u000cJXL ", { name: "JPEG XL" }],
  ["\0\0\0\u000cjP  ", { name: "JPEG 2000" }],
  ["\u00ff\u004f\u00ff\u0051", { name: "JPEG 2000" }],
  ["8BPS", { name: "a Photoshop document" }],
  ["%PDF", { name: "a PDF document" }],
  ["PK\u0003\u0004", { name: "a ZIP archive" }],
  ["\u001f\u008b", { name: "a gzip archive" }],
];

/** Brands of the ISO base media format: of those that a file names, the first here says what it is. */
const byBrand: readonly (readonly [pattern: RegExp, kind: FileKind])[] = [
  [/^(avif|avis)/, { name: "AVIF", decoder: "sharp" }],
  [/^(heic|heix|heim|heis|hevc|hevx)/, { name: "HEIC" }],
  [/^(mif1|msf1)/, { name: "HEIF" }],
  [/./, { name: "a video" }],
];

/**
 * What a file is, by its first bytes and not by its name.
 *
 * @param head its first {@link headLength} bytes, or all where there are fewer
 * @returns `undefined` for what is not known
 */
export function kindOfFile(head: Uint8Array): FileKind | undefined {
  const text = String.fromCharCode(...head.subarray(0, headLength));
  const start = byStart.find(([signature]) => text.startsWith(signature));
  if (start !== undefined) return start[1];
  if (/^RIFF[^]{4}WEBP/.test(text)) return { name: "WebP", decoder: "sharp" };
  if (text.slice(4, 8) === "ftyp") return kindOfBrands(text);
  if (/<svg[\s>]/i.test(text) && /^(?:\u00ef\u00bb\u00bf)?\s*</.test(text)) return { name: "SVG", decoder: "sharp" };
  return undefined;
}

function kindOfBrands(text: string): FileKind | undefined {
  const length = (text.charCodeAt(2) << 8) | text.charCodeAt(3);
  const brands = [text.slice(8, 12), ...(text.slice(16, length).match(/[^]{4}/g) ?? [])];
  return byBrand.find(([pattern]) => brands.some((brand) => pattern.test(brand)))?.[1];
}
