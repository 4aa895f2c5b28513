import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { exponential, logarithm } from "../vector/math";
import { sumLanes } from "../vector/simd";

/**
 * Cross-entropy between labels and the softmax of logits, row by row, with its gradient.
 *
 * `loss = -sum_k y_k (z_k - m - ln(sum_j e^(z_j - m)))` with `m = max(z)`, and `gradient_k = softmax(z)_k - y_k`.
 */

const LOGITS: usize = 0;
const LABELS: usize = 1;
const LOSS: usize = 2;
const GRADIENT: usize = 3;
const ROWS: usize = 4;
const LENGTH: usize = 5;
const ROWS_PER_TASK: usize = 6;

/** Logits that a task should have at least. */
const TASK: i32 = 2048;

@inline
function largest(row: usize, bytes: usize): f32 {
  let best: f32 = -Infinity;
  let at: usize = 0;
  if (bytes >= 16) {
    let four = v128.load(row);
    for (at = 16; at + 16 <= bytes; at += 16) four = f32x4.max(four, v128.load(row + at));
    const low = max<f32>(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1));
    best = max<f32>(low, max<f32>(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)));
  }
  for (; at < bytes; at += 4) best = max<f32>(best, load<f32>(row + at));
  return best;
}

/** The labels of the four classes from `at` bytes on: where `sparse`, 1 for the class of that index and 0 elsewhere. */
@inline
function fourLabels(labels: usize, at: usize, label: v128, sparse: bool): v128 {
  if (!sparse) return v128.load(labels + at);
  const classes = i32x4.add(i32x4.splat(<i32>(at >> 2)), i32x4(0, 1, 2, 3));
  return v128.and(i32x4.eq(classes, label), f32x4.splat(1));
}

@inline
function oneLabel(labels: usize, at: usize, label: i32, sparse: bool): f32 {
  if (!sparse) return load<f32>(labels + at);
  return <i32>(at >> 2) == label ? <f32>1 : <f32>0;
}

@inline
function rows(task: i32, sparse: bool): void {
  const bytes = (<usize>argument(LENGTH)) << 2;
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(ROWS));
  for (let row = first; row < end; row++) {
    const logits = <usize>argument(LOGITS) + <usize>row * bytes;
    const gradient = <usize>argument(GRADIENT) + <usize>row * bytes;
    const labels = <usize>argument(LABELS) + (sparse ? (<usize>row) << 2 : <usize>row * bytes);
    const label = sparse ? load<i32>(labels) : 0;
    const fourOf = i32x4.splat(label);
    const most = largest(logits, bytes);
    const shift = f32x4.splat(most);
    let sums = f32x4.splat(0);
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      const e = exponential(f32x4.sub(v128.load(logits + at), shift));
      v128.store(gradient + at, e);
      sums = f32x4.add(sums, e);
    }
    let total = sumLanes(sums);
    for (; at < bytes; at += 4) {
      const e = f32x4.extract_lane(exponential(f32x4.sub(v128.load_splat<f32>(logits + at), shift)), 0);
      store<f32>(gradient + at, e);
      total += e;
    }
    const logTotal = f32x4.extract_lane(logarithm(f32x4.splat(total)), 0);
    sums = f32x4.splat(0);
    for (at = 0; at + 16 <= bytes; at += 16) {
      const y = fourLabels(labels, at, fourOf, sparse);
      const logarithms = f32x4.sub(f32x4.sub(v128.load(logits + at), shift), f32x4.splat(logTotal));
      sums = f32x4.add(sums, f32x4.mul(y, logarithms));
      v128.store(gradient + at, f32x4.sub(f32x4.div(v128.load(gradient + at), f32x4.splat(total)), y));
    }
    let loss = sumLanes(sums);
    for (; at < bytes; at += 4) {
      const y = oneLabel(labels, at, label, sparse);
      loss += y * (load<f32>(logits + at) - most - logTotal);
      store<f32>(gradient + at, load<f32>(gradient + at) / total - y);
    }
    store<f32>(<usize>argument(LOSS) + ((<usize>row) << 2), -loss);
  }
}

function sparseTask(task: i32): void {
  rows(task, true);
}

function denseTask(task: i32): void {
  rows(task, false);
}

/**
 * @param labels where `sparse`, int32 `[rows]`, of which those outside [0, length) mean no class; else float32
 *   `[rows, length]`
 * @param loss float32 `[rows]`
 * @param gradient float32 `[rows, length]`: of each row's loss, by its logits
 */
export function softmaxCrossentropy(
  logits: usize,
  labels: usize,
  sparse: bool,
  loss: usize,
  gradient: usize,
  rowCount: i32,
  length: i32,
): void {
  setArgument(LOGITS, <i32>logits);
  setArgument(LABELS, <i32>labels);
  setArgument(LOSS, <i32>loss);
  setArgument(GRADIENT, <i32>gradient);
  setArgument(ROWS, rowCount);
  setArgument(LENGTH, length);
  const perTask = max(1, TASK / max(1, length));
  setArgument(ROWS_PER_TASK, perTask);
  launch(sparse ? sparseTask.index : denseTask.index, (rowCount + perTask - 1) / perTask);
}
