import type { FixedShape } from "@featuremap/tensor";
import type { ElementType } from "./element-types.ts";

/** A tensor of a file: its place was checked, and its values are read when they are asked for. */
export interface StoredTensor {
  readonly shape: FixedShape;
  readonly type: ElementType;
  /**
   * Its elements as float32, row-major; a new array each time.
   *
   * @throws {FormatError} the file is damaged there.
   * @throws {UnavailableError} the file cannot be read.
   */
  read(): Promise<Float32Array<ArrayBuffer>>;
}

/** The tensors of a file by name, in the order of the file: safetensors, npz, HDF5 and those of other programs' models alike. */
export interface TensorStore {
  /** The file, for errors. */
  readonly source: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Lets go of the file. */
  close(): Promise<void>;
}
