import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { ALL, ANY, PRODUCT } from "../../src/codes/fold";

const INPUT: usize = 0;
const OUTPUT: usize = 1;
const OPERATION: usize = 2;
const OUTER: usize = 3;
const LENGTH: usize = 4;
const INNER: usize = 5;
const OUTER_PER_TASK: usize = 6;

const TASK: i32 = 16384;

/** Whether all, or any, of the bytes are not 0. */
@inline
function foldBytes(operation: i32, input: usize, length: i32): i32 {
  for (; length >= 16; length -= 16) {
    const bytes = v128.load(input);
    if (operation == ALL && !i8x16.all_true(bytes)) return 0;
    if (operation == ANY && v128.any_true(bytes)) return 1;
    input += 16;
  }
  for (; length > 0; length--) {
    const byte = load<u8>(input++);
    if (operation == ALL && byte == 0) return 0;
    if (operation == ANY && byte != 0) return 1;
  }
  return operation == ALL;
}

/** Row by row into the output, so that every byte is read in order. */
@inline
function foldByteColumns(operation: i32, input: usize, output: usize, length: i32, inner: i32): void {
  memory.copy(output, input, inner);
  for (let row = 1; row < length; row++) {
    input += inner;
    let column = 0;
    for (; column + 16 <= inner; column += 16) {
      const total = v128.load(output + column);
      const bytes = v128.load(input + column);
      v128.store(output + column, operation == ALL ? v128.and(total, bytes) : v128.or(total, bytes));
    }
    for (; column < inner; column++) {
      const total = load<u8>(output + column);
      const byte = load<u8>(input + column);
      store<u8>(output + column, operation == ALL ? total & byte : total | byte);
    }
  }
}

/** Products of long rows leave the range of float32 on the way to a result inside it; float64 holds them. */
function multiply(input: usize, step: usize, length: i32): f32 {
  let product: f64 = 1;
  for (; length > 0; length--) {
    product *= load<f32>(input);
    input += step;
  }
  return <f32>product;
}

function foldTask(task: i32): void {
  const operation = argument(OPERATION);
  const length = argument(LENGTH);
  const inner = argument(INNER);
  const shift = operation == PRODUCT ? 2 : 0;
  const first = task * argument(OUTER_PER_TASK);
  const end = min(first + argument(OUTER_PER_TASK), argument(OUTER));
  for (let outer = first; outer < end; outer++) {
    const input = <usize>argument(INPUT) + ((<usize>outer * <usize>(length * inner)) << shift);
    const output = <usize>argument(OUTPUT) + ((<usize>outer * <usize>inner) << shift);
    if (operation == PRODUCT) {
      for (let at: usize = 0; at < (<usize>inner) << 2; at += 4) {
        store<f32>(output + at, multiply(input + at, (<usize>inner) << 2, length));
      }
    } else if (inner == 1) {
      store<u8>(output, operation == ALL ? foldBytes(ALL, input, length) : foldBytes(ANY, input, length));
    } else if (operation == ALL) foldByteColumns(ALL, input, output, length, inner);
    else foldByteColumns(ANY, input, output, length, inner);
  }
}

/** `output[o, i]` joins `input[o, l, i]` over l: bytes for `ALL` and `ANY`, float32 for `PRODUCT`. */
export function fold(operation: i32, input: usize, output: usize, outer: i32, length: i32, inner: i32): void {
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  setArgument(OPERATION, operation);
  setArgument(OUTER, outer);
  setArgument(LENGTH, length);
  setArgument(INNER, inner);
  const perTask = max(1, TASK / (length * inner));
  setArgument(OUTER_PER_TASK, perTask);
  launch(foldTask.index, (outer + perTask - 1) / perTask);
}
