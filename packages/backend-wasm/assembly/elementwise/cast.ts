import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import {
  BOOL_TO_FLOAT,
  BOOL_TO_INT,
  FLOAT_TO_BOOL,
  FLOAT_TO_INT,
  INT_TO_BOOL,
  INT_TO_FLOAT,
} from "../../src/codes/cast";
import { loadBytes, truthBytes } from "../vector/bytes";

const INPUT: usize = 0;
const OUTPUT: usize = 1;
const COUNT: usize = 2;
const OPERATION: usize = 3;

/** Elements of one task. */
const TASK: i32 = 16384;

/** JavaScript's ToInt32: toward zero, then modulo 2^32; 0 for NaN and infinities. */
function wrap(x: f32): i32 {
  // From 2^63 on, every float32 is a multiple of 2^32.
  return abs(x) < 9223372036854775808.0 ? <i32>(<i64>x) : 0;
}

@inline
function toInt(x: v128): v128 {
  if (!v128.any_true(f32x4.ge(f32x4.abs(x), f32x4.splat(2147483648)))) return i32x4.trunc_sat_f32x4_s(x);
  const low = i32x4.replace_lane(i32x4.splat(wrap(f32x4.extract_lane(x, 0))), 1, wrap(f32x4.extract_lane(x, 1)));
  const three = i32x4.replace_lane(low, 2, wrap(f32x4.extract_lane(x, 2)));
  return i32x4.replace_lane(three, 3, wrap(f32x4.extract_lane(x, 3)));
}

/** The last vector may be read and written whole: blocks are larger than the tensors in them. */
@inline
function convert(operation: i32, input: usize, output: usize, count: i32): void {
  for (; count > 0; count -= 4) {
    if (operation == BOOL_TO_FLOAT) v128.store(output, f32x4.convert_i32x4_s(loadBytes(input)));
    else if (operation == BOOL_TO_INT) v128.store(output, loadBytes(input));
    else {
      const x = v128.load(input);
      if (operation == FLOAT_TO_INT) v128.store(output, toInt(x));
      else if (operation == INT_TO_FLOAT) v128.store(output, f32x4.convert_i32x4_s(x));
      else if (operation == FLOAT_TO_BOOL) store<i32>(output, truthBytes(f32x4.ne(x, f32x4.splat(0))));
      else store<i32>(output, truthBytes(i32x4.ne(x, i32x4.splat(0))));
    }
    input += operation >= BOOL_TO_FLOAT ? 4 : 16;
    output += operation == FLOAT_TO_BOOL || operation == INT_TO_BOOL ? 4 : 16;
  }
}

function castTask(task: i32): void {
  const operation = argument(OPERATION);
  const first = task * TASK;
  const count = min(TASK, argument(COUNT) - first);
  const input = <usize>argument(INPUT) + ((<usize>first) << (operation >= BOOL_TO_FLOAT ? 0 : 2));
  const toBool = operation == FLOAT_TO_BOOL || operation == INT_TO_BOOL;
  const output = <usize>argument(OUTPUT) + ((<usize>first) << (toBool ? 0 : 2));
  switch (operation) {
    case FLOAT_TO_INT:
      convert(FLOAT_TO_INT, input, output, count);
      break;
    case INT_TO_FLOAT:
      convert(INT_TO_FLOAT, input, output, count);
      break;
    case FLOAT_TO_BOOL:
      convert(FLOAT_TO_BOOL, input, output, count);
      break;
    case INT_TO_BOOL:
      convert(INT_TO_BOOL, input, output, count);
      break;
    case BOOL_TO_FLOAT:
      convert(BOOL_TO_FLOAT, input, output, count);
      break;
    case BOOL_TO_INT:
      convert(BOOL_TO_INT, input, output, count);
      break;
  }
}

/** Converts `count` elements. */
export function cast(operation: i32, input: usize, output: usize, count: i32): void {
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  setArgument(COUNT, count);
  setArgument(OPERATION, operation);
  launch(castTask.index, (count + TASK - 1) / TASK);
}
