/** Numbers that files are broken with: sizes and offsets at the ends of their ranges. */
const extremes = [0n, 1n, 0x7fn, 0x80n, 0xffffn, 0x7fffffffn, 0xffffffffn, 2n ** 53n, 2n ** 63n - 1n, 2n ** 64n - 1n];

/** Texts that documents are broken with. */
const texts = [
  ..."-1 0 1e9 1e308 9007199254740993 null true [] {} [[[[[[]]]]]] 4294967295 0.5".split(" "),
  ...[
    "../../etc/passwd",
    "/etc/passwd",
    "__proto__",
    "constructor",
    "a\\u0000b",
    "Lambda",
    "C:\\\\x",
    "http://x/y",
  ].map((text) => `"${text}"`),
  '{"__proto__":{"polluted":1}}',
  '{"class_name":"Lambda","config":{"function":{"class_name":"__lambda__","config":{"code":"x"}}}}',
];

/** Where damage comes from: the same seed, the same damage. Source: Numerical Recipes' generator. */
export class Damage {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer in [0, below). */
  below(below: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * below);
  }

  pick<Value>(values: readonly [Value, ...Value[]] | readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new Error("there is nothing to pick from");
    return value;
  }

  /** Bytes cut short, with other bits, with numbers at the ends of their ranges, moved about, or longer than they were. */
  bytes(given: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(given);
    const length = Math.max(1, bytes.length);
    switch (this.below(6)) {
      case 0:
        return bytes.slice(0, this.below(length));
      case 1:
        for (let count = 1 + this.below(8); count > 0; count--) {
          const place = this.below(length);
          bytes[place] = (bytes[place] ?? 0) ^ (1 << this.below(8));
        }
        return bytes;
      case 2: {
        const size = this.pick([1, 2, 4, 8]);
        const place = Math.max(0, this.below(Math.ceil(length / size)) * size - this.below(2));
        let number = this.pick(extremes);
        for (let index = 0; index < size; index++, number >>= 8n) bytes[place + index] = Number(number & 255n);
        return bytes;
      }
      case 3: {
        const [from, size] = [this.below(length), 1 + this.below(64)];
        bytes.copyWithin(this.below(length), from, from + size);
        return bytes;
      }
      case 4: {
        const place = this.below(length);
        const more = new Uint8Array(1 + this.below(2000)).fill(this.below(256));
        return Uint8Array.of(...bytes.slice(0, place), ...more, ...bytes.slice(place));
      }
      default:
        bytes.fill(this.below(256), this.below(length), this.below(length));
        return bytes;
    }
  }

  /** A JSON text with another value, name or length somewhere. */
  json(given: Uint8Array): Uint8Array {
    const text = new TextDecoder().decode(given);
    const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\[\]|\{\}/g)];
    const { 0: token, index } = this.pick(tokens);
    const isName = /^\s*:/.test(text.slice(index + token.length));
    const put = isName ? this.pick(['"__proto__"', '"constructor"', '"dtype"', '"x"', '""']) : this.pick(texts);
    return new TextEncoder().encode(text.slice(0, index) + put + text.slice(index + token.length));
  }
}
