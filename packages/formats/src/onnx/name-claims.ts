/** Gives out names, each once. */
export class NameClaims {
  readonly #names = new Set<string>();
  /** How often each was asked for, so that thousands of one name are not tried one after another. */
  readonly #asked = new Map<string, number>();

  /** That name, or with a number after it if it is taken. */
  claim(wanted: string): string {
    let count = this.#asked.get(wanted) ?? 0;
    let name = count === 0 ? wanted : `${wanted}_${count}`;
    while (this.#names.has(name)) name = `${wanted}_${++count}`;
    this.#asked.set(wanted, count + 1);
    this.#names.add(name);
    return name;
  }
}
