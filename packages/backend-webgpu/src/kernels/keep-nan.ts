import type { WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";

/**
 * A kernel of TensorFlow.js's that gives NaN for NaN.
 *
 * WGSL's `min`, `max`, `clamp` and comparisons may drop NaN, and so may `exp` and its like; compilers may even assume that
 * there is none. So each is followed by a test of the bits, which no compiler can leave out.
 *
 * Buffers and dispatch: the kernel's own; it gets two more instructions for each element, and no more passes.
 * Tolerance: exact for numbers; NaN comes out as it went in.
 */
export function keepingNan(program: WebGPUProgram): WebGPUProgram {
  const getUserCode = (): string => keepNan(program.getUserCode.call(kept));
  // The backend completes what it is given, so that it must have the program's own fields.
  const kept: WebGPUProgram = Object.assign(Object.create(program), { getUserCode });
  return kept;
}

/**
 * The operation of an elementwise kernel, and the activation that a convolution or matrix product applies to its sums; but
 * for what tells whether a number is NaN, and what makes an integer of it, which begin with `return f32(`.
 */
const functionOfOne = /\bfn (unaryOperation|activation)\(a : (f32|vec4<f32>)(.*?)\) -> \S+ \{(?!\s*return f32\()/;

/** Where else a value is compared or goes through `exp`: what is written there, and whose NaN it would lose. */
const losses: readonly (readonly [found: string, values: readonly string[]])[] = [
  ["clamp(value, uniforms.minVal, uniforms.maxVal)", ["value"]],
  ["max(value, resultValue)", ["value", "resultValue"]],
  ["exp(getLogits(row, col) - rowMaxShared)", ["getLogits(row, col)"]],
];

/** The body of a shader, with functions that the backend puts before each: `isnan` and `isnanVec4`, which look at bits. */
function keepNan(code: string): string {
  const ofNumbers = code.replace(functionOfOne, (header: string, name: string, type: string, rest: string) => {
    const test = type === "f32" ? "isnan" : "isnanVec4";
    const parameters = rest === "" ? "a" : "a, coords";
    return `${header}
      return select(${name}OfNumbers(${parameters}), a, ${test}(a));
    }
    fn ${name}OfNumbers(a : ${type}${rest}) -> ${type} {`;
  });
  return losses.reduce(
    (kept, [found, values]) =>
      kept.includes(found)
        ? `fn orNan(value : f32, result : f32) -> f32 { return select(result, value, isnan(value)); }
          ${kept.replaceAll(
            found,
            values.reduce((result, value) => `orNan(${value}, ${result})`, found),
          )}`
        : kept,
    ofNumbers,
  );
}
