import { argument, argumentF32, setArgument, setArgumentF32 } from "../runtime/arguments";
import { launch } from "../runtime/control";
import {
  ADAM,
  AMSGRAD,
  CENTERED_RMSPROP,
  CENTERED_RMSPROP_WITH_MOMENTUM,
  MOMENTUM,
  NESTEROV,
  PIECE_WORDS,
  RMSPROP,
  RMSPROP_WITH_MOMENTUM,
  SGD,
} from "../../src/codes/optimizer";

const OPERATION: usize = 0;
/** Address of the list of pieces. */
const PIECES: usize = 1;
const RATE: usize = 2;
const DECAY: usize = 3;
const SHARE: usize = 4;
const SECOND_SHARE: usize = 5;
const EPSILON: usize = 6;
const WEIGHT_DECAY: usize = 7;
const MOVEMENT: usize = 8;

/** Bytes of a piece in the list. */
const PIECE_BYTES: usize = 4 * PIECE_WORDS;

/** RMSprop's step for four elements: `scaled` is the gradient over its root. */
@inline
function rmspropStep(operation: i32, g: v128, first: usize, second: usize, third: usize): v128 {
  const decay = f32x4.splat(argumentF32(DECAY));
  const share = f32x4.splat(argumentF32(SHARE));
  const v = f32x4.add(f32x4.mul(decay, v128.load(first)), f32x4.mul(share, f32x4.mul(g, g)));
  v128.store(first, v);
  let deviation = v;
  if (operation == CENTERED_RMSPROP || operation == CENTERED_RMSPROP_WITH_MOMENTUM) {
    const average = operation == CENTERED_RMSPROP ? second : third;
    const a = f32x4.add(f32x4.mul(decay, v128.load(average)), f32x4.mul(share, g));
    v128.store(average, a);
    deviation = f32x4.sub(v, f32x4.mul(a, a));
  }
  const root = f32x4.sqrt(f32x4.add(deviation, f32x4.splat(argumentF32(EPSILON))));
  const scaled = f32x4.div(f32x4.mul(f32x4.splat(argumentF32(RATE)), g), root);
  if (operation == RMSPROP || operation == CENTERED_RMSPROP) return scaled;
  const m = f32x4.add(f32x4.mul(f32x4.splat(argumentF32(MOVEMENT)), v128.load(second)), scaled);
  v128.store(second, m);
  return m;
}

/** Adam's step for four elements. */
@inline
function adamStep(operation: i32, g: v128, first: usize, second: usize, third: usize): v128 {
  let m = v128.load(first);
  let v = v128.load(second);
  m = f32x4.add(m, f32x4.mul(f32x4.sub(g, m), f32x4.splat(argumentF32(SHARE))));
  v = f32x4.add(v, f32x4.mul(f32x4.sub(f32x4.mul(g, g), v), f32x4.splat(argumentF32(SECOND_SHARE))));
  v128.store(first, m);
  v128.store(second, v);
  if (operation == AMSGRAD) {
    v = f32x4.max(v128.load(third), v);
    v128.store(third, v);
  }
  const root = f32x4.add(f32x4.sqrt(v), f32x4.splat(argumentF32(EPSILON)));
  return f32x4.div(f32x4.mul(m, f32x4.splat(argumentF32(RATE))), root);
}

/** The operation is a constant where this is inlined, so each gets a loop of its own. */
@inline
function step(operation: i32, piece: usize): void {
  let weight = <usize>load<u32>(piece);
  let gradient = <usize>load<u32>(piece, 4);
  let first = <usize>load<u32>(piece, 8);
  let second = <usize>load<u32>(piece, 12);
  let third = <usize>load<u32>(piece, 16);
  const count = load<i32>(piece, 20);
  const rate = f32x4.splat(argumentF32(RATE));
  const decay = f32x4.splat(argumentF32(DECAY));
  const shrink = f32x4.splat(argumentF32(WEIGHT_DECAY));
  // Blocks are larger than the tensors in them, and every tensor has its own: the last vector may be written whole.
  for (let index = 0; index < count; index += 4) {
    const g = v128.load(gradient);
    let w = v128.load(weight);
    w = f32x4.sub(w, f32x4.mul(w, shrink));
    if (operation == SGD) {
      w = f32x4.sub(w, f32x4.mul(rate, g));
    } else if (operation == MOMENTUM || operation == NESTEROV) {
      const scaled = f32x4.mul(g, rate);
      const m = f32x4.sub(f32x4.mul(v128.load(first), decay), scaled);
      v128.store(first, m);
      if (operation == NESTEROV) w = f32x4.sub(f32x4.add(w, f32x4.mul(m, decay)), scaled);
      else w = f32x4.add(w, m);
    } else if (operation == ADAM || operation == AMSGRAD) {
      w = f32x4.sub(w, adamStep(operation, g, first, second, third));
    } else {
      w = f32x4.sub(w, rmspropStep(operation, g, first, second, third));
    }
    v128.store(weight, w);
    weight += 16;
    gradient += 16;
    first += 16;
    second += 16;
    third += 16;
  }
}

function optimizeTask(task: i32): void {
  const piece = <usize>argument(PIECES) + <usize>task * PIECE_BYTES;
  switch (argument(OPERATION)) {
    case SGD:
      step(SGD, piece);
      break;
    case MOMENTUM:
      step(MOMENTUM, piece);
      break;
    case NESTEROV:
      step(NESTEROV, piece);
      break;
    case RMSPROP:
      step(RMSPROP, piece);
      break;
    case ADAM:
      step(ADAM, piece);
      break;
    case RMSPROP_WITH_MOMENTUM:
      step(RMSPROP_WITH_MOMENTUM, piece);
      break;
    case CENTERED_RMSPROP:
      step(CENTERED_RMSPROP, piece);
      break;
    case CENTERED_RMSPROP_WITH_MOMENTUM:
      step(CENTERED_RMSPROP_WITH_MOMENTUM, piece);
      break;
    case AMSGRAD:
      step(AMSGRAD, piece);
      break;
  }
}

/**
 * Moves weights and slots in place; `w -= weightDecay * w` comes first.
 *
 * SGD: `w -= rate * g`. Momentum: `m = decay * m - rate * g`, `w += m`; Nesterov: `w += decay * m - rate * g`.
 * RMSprop, slot v: `v = decay * v + share * g^2`, `w -= rate * g / sqrt(v + epsilon)`; with momentum, slots v and m:
 * `m = movement * m + rate * g / sqrt(v + epsilon)`, `w -= m`. Centered, with a as the last slot: the root is that of
 * `v - a^2 + epsilon`, where `a = decay * a + share * g`.
 * Adam, slots m and v: `m += share * (g - m)`, `v += secondShare * (g^2 - v)`, `w -= rate * m / (sqrt(v) + epsilon)`;
 * AMSGrad, slots m, v and h: the root is that of `h = max(h, v)`.
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
  movement: f32,
  epsilon: f32,
  weightDecay: f32,
): void {
  setArgument(OPERATION, operation);
  setArgument(PIECES, <i32>pieces);
  setArgumentF32(RATE, rate);
  setArgumentF32(DECAY, decay);
  setArgumentF32(SHARE, share);
  setArgumentF32(SECOND_SHARE, secondShare);
  setArgumentF32(MOVEMENT, movement);
  setArgumentF32(EPSILON, epsilon);
  setArgumentF32(WEIGHT_DECAY, weightDecay);
  launch(optimizeTask.index, count);
}
