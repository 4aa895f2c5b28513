import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { SUM } from "../../src/codes/scan";

const OPERATION: usize = 0;
const INPUT: usize = 1;
const OUTPUT: usize = 2;
const LENGTH: usize = 3;
const INNER: usize = 4;
const EXCLUSIVE: usize = 5;
const REVERSE: usize = 6;

/** Neighbouring columns that one task runs along. */
const COLUMNS: i32 = 64;

@inline
function combine(operation: i32, a: v128, b: v128): v128 {
  return operation == SUM ? f32x4.add(a, b) : f32x4.mul(a, b);
}

/** `next = earlier operation value` over `count` columns. */
@inline
function advance(operation: i32, next: usize, earlier: usize, value: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(next, combine(operation, v128.load(value), v128.load(earlier)));
    next += 16;
    earlier += 16;
    value += 16;
  }
  for (; count > 0; count--) {
    const x = load<f32>(value);
    const y = load<f32>(earlier);
    store<f32>(next, operation == SUM ? x + y : x * y);
    next += 4;
    earlier += 4;
    value += 4;
  }
}

@inline
function begin(operation: i32, target: usize, count: i32): void {
  for (let column: usize = 0; column < (<usize>count) << 2; column += 4) {
    store<f32>(target + column, operation == SUM ? 0 : 1);
  }
}

function scanTask(task: i32): void {
  const operation = argument(OPERATION);
  const length = argument(LENGTH);
  const inner = argument(INNER);
  const exclusive = argument(EXCLUSIVE) != 0;
  const backward = argument(REVERSE) != 0;
  const chunks = (inner + COLUMNS - 1) / COLUMNS;
  const column = (task % chunks) * COLUMNS;
  const count = min(COLUMNS, inner - column);
  const rowBytes = (<usize>inner) << 2;
  const start = (<usize>((task / chunks) * length * inner + column)) << 2;
  const step = backward ? <usize>0 - rowBytes : rowBytes;
  let at = start + (backward ? <usize>(length - 1) * rowBytes : 0);
  const input = <usize>argument(INPUT);
  const output = <usize>argument(OUTPUT);
  if (exclusive) begin(operation, output + at, count);
  else memory.copy(output + at, input + at, (<usize>count) << 2);
  for (let row = 1; row < length; row++) {
    const value = exclusive ? input + at : input + at + step;
    if (operation == SUM) advance(SUM, output + at + step, output + at, value, count);
    else advance(operation, output + at + step, output + at, value, count);
    at += step;
  }
}

/**
 * `output[o, l, i]` joins `input[o, 0 to l, i]`, without the last of them where `exclusive`; from the end where
 * `backward`.
 */
export function scan(
  operation: i32,
  input: usize,
  output: usize,
  outer: i32,
  length: i32,
  inner: i32,
  exclusive: bool,
  backward: bool,
): void {
  setArgument(OPERATION, operation);
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  setArgument(LENGTH, length);
  setArgument(INNER, inner);
  setArgument(EXCLUSIVE, exclusive);
  setArgument(REVERSE, backward);
  launch(scanTask.index, outer * ((inner + COLUMNS - 1) / COLUMNS));
}
