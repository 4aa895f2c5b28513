import golden from "./files.golden.json" with { type: "json" };

/** Files as other programs wrote them, and what these programs say is in them: `tooling/fixtures/datasets/files.py`. */
export const goldenFiles: typeof golden = golden;

/** A file of the fixtures. */
export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}
