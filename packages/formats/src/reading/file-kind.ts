/** Bytes from a file's start that tell its kind. */
export const kindBytes = 128;

const pickle = "it can run code when opened. Save it with safetensors.torch.save_file(model.state_dict(), ...)";

/** Kinds of files, in words for errors. */
const words = {
  keras: "a .keras file",
  npz: "arrays of NumPy (.npz)",
  zip: "a zip archive",
  hdf5: "an HDF5 file (.h5)",
  npy: "an array of NumPy (.npy)",
  pytorch: `a pickle of PyTorch; ${pickle}`,
  pickle: `a pickle of Python; ${pickle}`,
  gzip: "a file packed by gzip",
  lfs: "a pointer of Git LFS, in place of the file: run git lfs pull",
  html: "a page of HTML",
  json: "a JSON document",
  safetensors: "a safetensors file",
};

export type FileKind = keyof typeof words;

/** A kind in words for the error of a reader that expected another. */
export function describeKind(kind: FileKind | undefined): string {
  return kind === undefined ? "another" : words[kind];
}

/**
 * What a file is; undefined where nobody knows.
 *
 * @param start its first bytes, {@link kindBytes} of them where it has as many
 */
export function fileKind(start: Uint8Array): FileKind | undefined {
  const begins = (...bytes: readonly number[]): boolean => bytes.every((byte, index) => start[index] === byte);
  const text = latin(start);
  // A length of eight bytes, then JSON. Before all others, as the length may begin as any of them.
  if (start[7] === 0 && start[8] === 0x7b) return "safetensors";
  if (begins(0x50, 0x4b, 3, 4)) return kindOfArchive(start);
  if (begins(0x50, 0x4b)) return "zip";
  if (begins(0x89) && text.startsWith("HDF", 1)) return "hdf5";
  if (begins(0x93) && text.startsWith("NUMPY", 1)) return "npy";
  // The number with which PyTorch's older files begin, as Python pickles it.
  if (begins(0x80) && text.startsWith("\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19", 2)) return "pytorch";
  if (begins(0x80) && (start[1] ?? 0) >= 2 && (start[1] ?? 0) <= 5) return "pickle";
  if (begins(0x1f, 0x8b)) return "gzip";
  if (text.startsWith("version https://git-lfs")) return "lfs";
  if (/^\s*<(!doctype|html)/i.test(text)) return "html";
  if (/^(\u00ef\u00bb\u00bf)?\s*\{/.test(text) && start[7] !== 0) return "json";
  return undefined;
}

/** Whether it may be an archive of Keras. One of another kind is refused by that. */
export function isArchive(kind: FileKind | undefined): boolean {
  return kind === "keras" || kind === "zip";
}

/** By the name of its first file, which stands at the start. Source: PKWARE's APPNOTE 4.3.7. */
function kindOfArchive(start: Uint8Array): FileKind {
  const length = (start[26] ?? 0) + 256 * (start[27] ?? 0);
  const name = latin(start.subarray(30, 30 + length));
  if (/\/(data\.pkl|version|byteorder|\.format_version|\.data\/serialization_id)$/.test(name)) return "pytorch";
  if (name.endsWith(".npy")) return "npz";
  return /^(metadata\.json|config\.json|model\.weights\.h5)$/.test(name) ? "keras" : "zip";
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, kindBytes));
}
