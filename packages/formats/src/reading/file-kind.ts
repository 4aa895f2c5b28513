/** Bytes from a file's start that tell its kind. */
export const kindBytes = 128;

/** What {@link fileKind} says of safetensors. */
export const safetensorsKind = "a safetensors file";

const pickle = "it can run code when opened. Save it with safetensors.torch.save_file(model.state_dict(), ...)";

/**
 * What a file that is not of the kind expected is instead, in words for the error; undefined where nobody knows.
 *
 * @param start its first bytes, {@link kindBytes} of them where it has as many
 */
export function fileKind(start: Uint8Array): string | undefined {
  const begins = (...bytes: readonly number[]): boolean => bytes.every((byte, index) => start[index] === byte);
  const text = latin(start);
  if (begins(0x50, 0x4b, 3, 4)) return kindOfArchive(start);
  if (begins(0x50, 0x4b)) return "a zip archive";
  if (begins(0x89) && text.startsWith("HDF", 1)) return "an HDF5 file (.h5)";
  if (begins(0x93) && text.startsWith("NUMPY", 1)) return "an array of NumPy (.npy)";
  // The number with which PyTorch's older files begin, as Python pickles it.
  if (begins(0x80) && text.startsWith("\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19", 2))
    return `a pickle of PyTorch; ${pickle}`;
  if (begins(0x80) && (start[1] ?? 0) >= 2 && (start[1] ?? 0) <= 5) return `a pickle of Python; ${pickle}`;
  if (begins(0x1f, 0x8b)) return "a file packed by gzip";
  if (text.startsWith("version https://git-lfs")) return "a pointer of Git LFS, in place of the file: run git lfs pull";
  if (/^\s*<(!doctype|html)/i.test(text)) return "a page of HTML";
  if (/^\s*\{/.test(text) && start[7] !== 0) return "a JSON document";
  // A length of eight bytes, then JSON.
  if (start[7] === 0 && start[8] === 0x7b) return safetensorsKind;
  return undefined;
}

/** Whether it may be an archive of Keras. One of another kind is refused by that. */
export function isArchive(start: Uint8Array): boolean {
  return start[0] === 0x50 && start[1] === 0x4b && /zip|keras/.test(fileKind(start) ?? "");
}

/** By the name of its first file, which stands at the start. Source: PKWARE's APPNOTE 4.3.7. */
function kindOfArchive(start: Uint8Array): string {
  const length = (start[26] ?? 0) + 256 * (start[27] ?? 0);
  const name = latin(start.subarray(30, 30 + length));
  if (/\/(data\.pkl|version|byteorder|\.format_version|\.data\/serialization_id)$/.test(name))
    return `a pickle of PyTorch; ${pickle}`;
  if (name.endsWith(".npy")) return "arrays of NumPy (.npz)";
  if (/^(metadata\.json|config\.json|model\.weights\.h5)$/.test(name)) return "a .keras file";
  return "a zip archive";
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, kindBytes));
}
