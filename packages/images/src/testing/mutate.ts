import type { RandomStream } from "@featuremap/tensor";

/** A copy of a file with one to three random faults: a byte changed, or some cut off, left out, doubled or wiped. */
export function mutate(file: Uint8Array, random: RandomStream): Uint8Array {
  let bytes = new Uint8Array(file);
  const faults = 1 + random.integer(3);
  for (let fault = 0; fault < faults; fault++) {
    // Headers are short, and most of what can go wrong stands in them.
    const reach = random.integer(4) === 0 ? Math.min(bytes.length, 200) : bytes.length;
    const at = random.integer(Math.max(1, reach));
    const end = Math.min(bytes.length, at + 1 + random.integer(16));
    const kind = random.integer(12);
    if (kind === 0) bytes = bytes.slice(0, at);
    else if (kind === 1) bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(end)]);
    else if (kind === 2) bytes = Uint8Array.from([...bytes.subarray(0, end), ...bytes.subarray(at)]);
    else if (kind === 3) bytes.fill(random.integer(2) * 255, at, end);
    else bytes[at] = kind < 6 ? random.integer(256) : (bytes[at] ?? 0) ^ (1 << random.integer(8));
  }
  return bytes;
}
