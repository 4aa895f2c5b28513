/** Odd, its bits without a pattern: 2^32 divided by the golden ratio. */
const factor = 0x9e3779b1;

/**
 * A check of 32 bits that tells damaged bytes from whole ones: by words, in four sums that a processor works on at once. Every step
 * can be undone, so that no change to one word goes unseen.
 *
 * @param bytes fastest where they begin at a multiple of 4 in their buffer
 */
export function checksumOf(bytes: Uint8Array): number {
  const { buffer, byteOffset, length } = byteOrderIsLittle && bytes.byteOffset % 4 === 0 ? bytes : littleWords(bytes);
  const words = new Int32Array(buffer, byteOffset, length >> 2);
  const fourfold = words.length & ~3;
  let [a, b, c, d] = [1, 2, 3, 4];
  for (let at = 0; at < fourfold; at += 4) {
    a = step(a, words[at] ?? 0);
    b = step(b, words[at + 1] ?? 0);
    c = step(c, words[at + 2] ?? 0);
    d = step(d, words[at + 3] ?? 0);
  }
  let hash = bytes.length;
  for (const sum of [a, b, c, d]) hash = step(hash, sum);
  for (let at = fourfold; at < words.length; at++) hash = step(hash, words[at] ?? 0);
  for (let at = words.length * 4; at < bytes.length; at++) hash = step(hash, bytes[at] ?? 0);
  return hash >>> 0;
}

function step(hash: number, word: number): number {
  const mixed = hash ^ word;
  return Math.imul((mixed << 13) | (mixed >>> 19), factor);
}

const byteOrderIsLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A copy whose words can be looked at as this machine has them. */
function littleWords(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  if (byteOrderIsLittle) return copy;
  const words = new DataView(copy.buffer);
  for (let at = 0; at + 4 <= copy.length; at += 4) words.setInt32(at, words.getInt32(at, true), false);
  return copy;
}
