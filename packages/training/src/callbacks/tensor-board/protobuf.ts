/** A number in as many bytes as it needs, 7 bits in each, the lowest first. Source: Protocol Buffers, "Encoding". */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

export function varintField(field: number, value: number): Uint8Array {
  return joinBytes([varint(field << 3), varint(value)]);
}

/** Text, bytes or a message within a message. */
export function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return joinBytes([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

export function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return joinBytes([varint((field << 3) | 1), bytes]);
}

export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joinBytes([varint((field << 3) | 5), bytes]);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
