import { RELU6 } from "../../src/codes/epilogue";

/** Copies `count` floats of dy, zero where the activation held its output at 0, or ReLU6 at 6. */
export function maskGradient(target: usize, gradient: usize, activated: usize, count: i32, activation: i32): void {
  const zero = f32x4.splat(0);
  const limit: f32 = activation == RELU6 ? 6 : Infinity;
  const ceiling = f32x4.splat(limit);
  let index = 0;
  if (activation != RELU6) {
    for (; index + 8 <= count; index += 8) {
      const low = v128.and(v128.load(gradient), f32x4.gt(v128.load(activated), zero));
      const high = v128.and(v128.load(gradient, 16), f32x4.gt(v128.load(activated, 16), zero));
      v128.store(target, low);
      v128.store(target, high, 16);
      target += 32;
      gradient += 32;
      activated += 32;
    }
  }
  for (; index + 4 <= count; index += 4) {
    const y = v128.load(activated);
    v128.store(target, v128.and(v128.load(gradient), v128.and(f32x4.gt(y, zero), f32x4.lt(y, ceiling))));
    target += 16;
    gradient += 16;
    activated += 16;
  }
  for (; index < count; index++) {
    const y = load<f32>(activated);
    store<f32>(target, y > 0 && y < limit ? load<f32>(gradient) : 0);
    target += 4;
    gradient += 4;
    activated += 4;
  }
}
