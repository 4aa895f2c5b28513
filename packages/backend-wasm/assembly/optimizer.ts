import { argument, argumentF32, parallel, setArgument, setArgumentF32 } from "./control";

/** Optimizer steps over all weights at once; the codes of `src/kernels/optimizer.ts`. */
const SGD: i32 = 0;
const MOMENTUM: i32 = 1;
const NESTEROV: i32 = 2;
const RMSPROP: i32 = 3;
const ADAM: i32 = 4;

const OPERATION: usize = 0;
/** Address of the list of pieces, 5 words each: weight, gradient, first slot, second slot, number of elements. */
const PIECES: usize = 1;
const RATE: usize = 2;
const DECAY: usize = 3;
const SHARE: usize = 4;
const SECOND_SHARE: usize = 5;
const EPSILON: usize = 6;
const WEIGHT_DECAY: usize = 7;

/** Bytes of a piece in the list. */
const PIECE_BYTES: usize = 20;

@inline function step(operation: i32, weight: usize, gradient: usize, first: usize, second: usize, count: i32): void {
  const rate = f32x4.splat(argumentF32(RATE));
  const decay = f32x4.splat(argumentF32(DECAY));
  const share = f32x4.splat(argumentF32(SHARE));
  const secondShare = f32x4.splat(argumentF32(SECOND_SHARE));
  const epsilon = f32x4.splat(argumentF32(EPSILON));
  const shrink = f32x4.splat(argumentF32(WEIGHT_DECAY));
  // Blocks are larger than the tensors in them, and every tensor has its own: the last vector may be written whole.
  for (let index = 0; index < count; index += 4) {
    const g = v128.load(gradient);
    let w = v128.load(weight);
    if (operation == SGD) {
      w = f32x4.sub(w, f32x4.mul(rate, g));
    } else if (operation == MOMENTUM || operation == NESTEROV) {
      const scaled = f32x4.mul(g, rate);
      const m = f32x4.sub(f32x4.mul(v128.load(first), decay), scaled);
      v128.store(first, m);
      if (operation == NESTEROV) w = f32x4.sub(f32x4.add(w, f32x4.mul(m, decay)), scaled);
      else w = f32x4.add(w, m);
    } else if (operation == RMSPROP) {
      const v = f32x4.add(f32x4.mul(decay, v128.load(first)), f32x4.mul(share, f32x4.mul(g, g)));
      v128.store(first, v);
      w = f32x4.sub(w, f32x4.div(f32x4.mul(rate, g), f32x4.sqrt(f32x4.add(v, epsilon))));
    } else if (operation == ADAM) {
      w = f32x4.sub(w, f32x4.mul(w, shrink));
      let m = v128.load(first);
      let v = v128.load(second);
      m = f32x4.add(m, f32x4.mul(f32x4.sub(g, m), share));
      v = f32x4.add(v, f32x4.mul(f32x4.sub(f32x4.mul(g, g), v), secondShare));
      v128.store(first, m);
      v128.store(second, v);
      w = f32x4.sub(w, f32x4.div(f32x4.mul(m, rate), f32x4.add(f32x4.sqrt(v), epsilon)));
    }
    v128.store(weight, w);
    weight += 16;
    gradient += 16;
    first += 16;
    second += 16;
  }
}

function optimizeTask(task: i32): void {
  const piece = <usize>argument(PIECES) + <usize>task * PIECE_BYTES;
  const weight = load<u32>(piece);
  const gradient = load<u32>(piece, 4);
  const first = load<u32>(piece, 8);
  const second = load<u32>(piece, 12);
  const count = load<i32>(piece, 16);
  switch (argument(OPERATION)) {
    case SGD:
      step(SGD, weight, gradient, first, second, count);
      break;
    case MOMENTUM:
      step(MOMENTUM, weight, gradient, first, second, count);
      break;
    case NESTEROV:
      step(NESTEROV, weight, gradient, first, second, count);
      break;
    case RMSPROP:
      step(RMSPROP, weight, gradient, first, second, count);
      break;
    case ADAM:
      step(ADAM, weight, gradient, first, second, count);
      break;
  }
}

/**
 * Moves weights and slots in place.
 *
 * SGD: `w -= rate * g`. Momentum: `m = decay * m - rate * g`, `w += m`; Nesterov: `w += decay * m - rate * g`.
 * RMSprop: `v = decay * v + share * g^2`, `w -= rate * g / sqrt(v + epsilon)`.
 * Adam: `w -= weightDecay * w`, `m += share * (g - m)`, `v += secondShare * (g^2 - v)`,
 * `w -= rate * m / (sqrt(v) + epsilon)`.
 *
 * A share is a decay's distance from 1, given apart because float32 would lose digits in the subtraction.
 */
export function optimize(
  operation: i32,
  pieces: usize,
  count: i32,
  rate: f32,
  decay: f32,
  share: f32,
  secondShare: f32,
  epsilon: f32,
  weightDecay: f32,
): void {
  setArgument(OPERATION, operation);
  setArgument(PIECES, <i32>pieces);
  setArgumentF32(RATE, rate);
  setArgumentF32(DECAY, decay);
  setArgumentF32(SHARE, share);
  setArgumentF32(SECOND_SHARE, secondShare);
  setArgumentF32(EPSILON, epsilon);
  setArgumentF32(WEIGHT_DECAY, weightDecay);
  parallel(optimizeTask.index, count);
}
