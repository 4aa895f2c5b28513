/** Things by their places, of which some belong together: what joins two joins all that each was joined with. */
export class Groups {
  readonly #leaders: Int32Array;

  /** @param count of things, each by itself */
  constructor(count: number) {
    this.#leaders = Int32Array.from({ length: count }, (_, place) => place);
  }

  join(first: number, second: number): void {
    const [a, b] = [this.#leaderOf(first), this.#leaderOf(second)];
    this.#leaders[Math.max(a, b)] = Math.min(a, b);
  }

  areJoined(first: number, second: number): boolean {
    return this.#leaderOf(first) === this.#leaderOf(second);
  }

  /** The groups of two or more, each in ascending order. */
  list(): number[][] {
    const groups = new Map<number, number[]>();
    for (let place = 0; place < this.#leaders.length; place++) {
      const leader = this.#leaderOf(place);
      const group = groups.get(leader);
      if (group === undefined) groups.set(leader, [place]);
      else group.push(place);
    }
    return [...groups.values()].filter(({ length }) => length > 1);
  }

  #leaderOf(place: number): number {
    const leaders = this.#leaders;
    let leader = place;
    while (leaders[leader] !== leader) {
      leaders[leader] = leaders[leaders[leader] ?? leader] ?? leader;
      leader = leaders[leader] ?? leader;
    }
    return leader;
  }
}
