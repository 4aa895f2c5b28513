import { HostArray, sizeOf } from "@featuremap/tensor";

/** The axes in reverse order: what lies in Fortran order, put in C order. */
export function transposed(array: HostArray): HostArray {
  const shape = array.shape.toReversed();
  const data = array.data.slice();
  const length = shape.length;
  // Where the next element of the result lies in the source: moves by the source's strides, which are reversed too.
  const strides = array.shape.map((_, axis) => sizeOf(array.shape.slice(axis + 1))).toReversed();
  const indices = new Array<number>(length).fill(0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    data[to] = array.data[from] ?? 0;
    for (let axis = length - 1; axis >= 0; axis--) {
      const index = (indices[axis] ?? 0) + 1;
      from += strides[axis] ?? 0;
      if (index < (shape[axis] ?? 0)) {
        indices[axis] = index;
        break;
      }
      from -= index * (strides[axis] ?? 0);
      indices[axis] = 0;
    }
  }
  return new HostArray(data, shape);
}
