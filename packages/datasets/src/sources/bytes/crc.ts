/** A cyclic redundancy check of 32 bits, least significant bit first. */
export type Crc = (bytes: Uint8Array) => number;

function crc(polynomial: number): Crc {
  const table = new Uint32Array(256).map((_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++)
      remainder = (remainder & 1) === 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1;
    return remainder;
  });
  return (bytes) => {
    let remainder = 0xffffffff;
    // Both reads stay inside: the fallback is for the compiler.
    for (let at = 0; at < bytes.length; at++) {
      remainder = (remainder >>> 8) ^ (table[(remainder ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
    }
    return (remainder ^ 0xffffffff) >>> 0;
  };
}

/** CRC-32 of zip and PNG (IEEE 802.3). */
export const crc32: Crc = crc(0xedb88320);

/** CRC-32C of tfrecord files (Castagnoli, 1993). */
export const crc32c: Crc = crc(0x82f63b78);
