import { InvalidConfigError } from "./errors.ts";

/**
 * A short text that tells data from other data: 64 bits, in hexadecimal digits.
 *
 * Not for secrets or against forgery. Bytes are taken as the machine has them.
 *
 * @param parts in their order; a text is another part than its bytes
 * @throws {InvalidConfigError} they are not texts and arrays of bytes or numbers.
 */
export function fingerprintOf(parts: Iterable<string | ArrayBufferView>): string {
  const isList = typeof parts === "object" && parts !== null && Symbol.iterator in parts;
  if (!isList) throw new InvalidConfigError("fingerprintOf", "parts", "a list of strings and typed arrays", parts);
  const mixer = new Mixer();
  for (const part of parts) {
    if (typeof part === "string") mixer.addText(part);
    else if (ArrayBuffer.isView(part)) mixer.addBytes(part);
    else throw new InvalidConfigError("fingerprintOf", "a part", "a string or a typed array", part);
  }
  return mixer.text;
}

/** Bytes that are copied at once where they do not begin at a whole word. */
const chunk = 2 ** 16;

/** Two lanes of 32 bits: a word is added, turned so that no bit stays where it is, and multiplied. */
class Mixer {
  #one = 0x9e3779b9;
  #two = 0x85ebca6b;

  addText(text: string): void {
    this.#add(text.length);
    for (let index = 0; index < text.length; index++) this.#add(text.charCodeAt(index));
  }

  addBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): void {
    this.#add(~byteLength);
    const whole = byteLength - (byteLength % 4);
    if (byteOffset % 4 === 0) this.#addWords(new Uint32Array(buffer, byteOffset, whole / 4));
    else {
      for (let at = 0; at < whole; at += chunk) {
        const length = Math.min(chunk, whole - at);
        this.#addWords(new Uint32Array(new Uint8Array(buffer, byteOffset + at, length).slice().buffer));
      }
    }
    for (const byte of new Uint8Array(buffer, byteOffset + whole, byteLength - whole)) this.#add(byte);
  }

  #addWords(words: Uint32Array): void {
    for (let index = 0; index < words.length; index++) this.#add(words[index] ?? 0);
  }

  #add(word: number): void {
    const one = this.#one ^ word;
    const two = this.#two ^ word;
    this.#one = Math.imul((one << 13) | (one >>> 19), 0xcc9e2d51);
    this.#two = Math.imul((two << 15) | (two >>> 17), 0x1b873593);
  }

  get text(): string {
    return [this.#one ^ (this.#two >>> 15), this.#two ^ (this.#one >>> 13)]
      .map((lane) => (lane >>> 0).toString(16).padStart(8, "0"))
      .join("");
  }
}
