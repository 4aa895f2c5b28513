import { FormatError } from "@featuremap/tensor";

/** Elements that a graph may make of few, such as masks and grids, whatever the file holds. */
const few = 2 ** 25;
/** Elements that may be made of each one in the file: quantized weights take some steps, and layers may share theirs. */
const each = 16;

/** How much a graph may still make of what its file holds; whoever asks for more is refused before it is made. */
export class GraphBudget {
  readonly #source: string;
  readonly #most: { readonly elements: number; readonly layers: number };
  #elements = 0;
  #layers = 0;
  #isExceeded = false;

  /**
   * @param held elements that the file holds
   * @param weightsBytes `limits.weightsBytes`
   * @param layers `limits.calls`
   */
  constructor(source: string, held: number, weightsBytes: number, layers: number) {
    this.#source = source;
    this.#most = { elements: Math.min(few + each * held, Math.floor(weightsBytes / 4)), layers };
  }

  /** Whether something was refused: what follows is not worth reading. */
  get isExceeded(): boolean {
    return this.#isExceeded;
  }

  /** @throws {FormatError} so many more elements would be too many. */
  check(count: number): void {
    const { elements: most } = this.#most;
    if (this.#elements + count <= most) return;
    this.#isExceeded = true;
    const limit = `of at most ${most} elements in all (limits.weightsBytes / 4, or ${each} for each in the file and ${few} more)`;
    throw new FormatError(this.#source, "constants that are made of others", limit, `${this.#elements + count}`);
  }

  /** Counts elements that were made, or gone through. @throws {FormatError} they are too many. */
  spend(count: number): void {
    this.check(count);
    this.#elements += count;
  }

  /** Counts a layer. @throws {FormatError} it is one too many. */
  addLayer(): void {
    if (++this.#layers <= this.#most.layers) return;
    this.#isExceeded = true;
    throw new FormatError(this.#source, "layers", `at most ${this.#most.layers} (limits.calls)`, "more");
  }
}
