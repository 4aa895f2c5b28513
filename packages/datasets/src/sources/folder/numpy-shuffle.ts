/** Words of the generator's state. */
const length = 624;
const middle = 397;

/**
 * The order into which `numpy.random.RandomState(seed).shuffle` brings a list: what Keras splits folders by.
 *
 * Source: Matsumoto and Nishimura, "Mersenne Twister", 1998 (MT19937); numpy's legacy `RandomState`, which keeps its
 * numbers from version to version.
 *
 * @param seed an integer in [0, 2^32)
 * @returns the index that each place gets its element from
 */
export function numpyShuffle(count: number, seed: number): Uint32Array {
  const next = mersenneTwister(seed);
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let index = count - 1; index > 0; index--) {
    // The smallest 2^n - 1 that is enough; what is above the bound is drawn again.
    const mask = 2 ** (32 - Math.clz32(index)) - 1;
    let other = (next() & mask) >>> 0;
    while (other > index) other = (next() & mask) >>> 0;
    [order[index], order[other]] = [order[other] ?? 0, order[index] ?? 0];
  }
  return order;
}

function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(length);
  state[0] = seed;
  for (let index = 1; index < length; index++) {
    const before = state[index - 1] ?? 0;
    state[index] = Math.imul(1812433253, before ^ (before >>> 30)) + index;
  }
  let at = length;
  return () => {
    if (at === length) {
      twist(state);
      at = 0;
    }
    let word = state[at++] ?? 0;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}

function twist(state: Uint32Array): void {
  for (let index = 0; index < length; index++) {
    const joined = ((state[index] ?? 0) & 0x80000000) | ((state[(index + 1) % length] ?? 0) & 0x7fffffff);
    const turned = (joined >>> 1) ^ ((joined & 1) === 1 ? 0x9908b0df : 0);
    state[index] = (state[(index + middle) % length] ?? 0) ^ turned;
  }
}
