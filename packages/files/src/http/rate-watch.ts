/** Milliseconds that a timer can wait at most; it takes more for none. */
const longestWait = 2 ** 31 - 1;

/**
 * Watches how fast bytes arrive, and gives up once: where none comes for `patience` seconds, and where fewer than
 * `leastRate` a second come over as long. With the first rule alone, a server that sends one byte now and then never ends.
 */
export class RateWatch {
  readonly #owner: string;
  readonly #patience: number;
  readonly #leastRate: number;
  readonly #giveUp: (found: string, remedy: string) => void;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #window: ReturnType<typeof setInterval> | undefined;
  #bytes = 0;

  /**
   * @param owner whose options they are, for the remedy
   * @param giveUp takes what was found, and which option allows it
   */
  constructor(
    owner: string,
    { patience, leastRate }: { readonly patience: number; readonly leastRate: number },
    giveUp: (found: string, remedy: string) => void,
  ) {
    this.#owner = owner;
    this.#patience = patience;
    this.#leastRate = leastRate;
    this.#giveUp = giveUp;
    this.#listen();
  }

  arrived(bytes: number): void {
    this.#bytes += bytes;
    this.#listen();
    // From the first byte on: how long a server thinks before it is a matter of patience alone.
    this.#window ??= setInterval(() => this.#measure(), this.#wait);
  }

  end(): void {
    clearTimeout(this.#silence);
    clearInterval(this.#window);
  }

  get #wait(): number {
    return Math.min(this.#patience * 1000, longestWait);
  }

  #listen(): void {
    clearTimeout(this.#silence);
    const [found, remedy] = [
      `sent nothing for ${this.#patience} seconds`,
      `${this.#owner} waits longer with a higher patience.`,
    ];
    this.#silence = setTimeout(() => this.#end(found, remedy), this.#wait);
  }

  #measure(): void {
    const rate = this.#bytes / this.#patience;
    this.#bytes = 0;
    // Silence has a time and words of its own.
    if (rate === 0 || rate >= this.#leastRate) return;
    this.#end(
      `sent ${Number(rate.toPrecision(2))} bytes per second for ${this.#patience} seconds`,
      `${this.#owner} takes slower servers with a leastRate below ${this.#leastRate}.`,
    );
  }

  #end(found: string, remedy: string): void {
    this.end();
    this.#giveUp(found, remedy);
  }
}
