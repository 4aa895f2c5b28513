/** Data types that kernels are checked with. */
export type NumericType = "float32" | "int32" | "bool";

/** A tensor that is on no device. */
export interface HostTensor {
  readonly shape: number[];
  readonly dtype: NumericType;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** Numbers, computed in float64, as float32. */
export function floats(values: ArrayLike<number>, shape: readonly number[] = [values.length]): HostTensor {
  return { shape: [...shape], dtype: "float32", values: Float32Array.from(values) };
}

export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
