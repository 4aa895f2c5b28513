import type { ElementType } from "../tensors/element-types.ts";

/** The element types of safetensors that are read, with the size of an element in bytes. Those of 8-bit floats are not. */
export const safetensorsSizes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

/** A safetensors element type that is read. */
type SafetensorsType = keyof typeof safetensorsSizes;

/** NumPy's names of the element types. */
export const elementTypeOf: Readonly<Record<SafetensorsType, ElementType>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U64: "uint64",
  U32: "uint32",
  U16: "uint16",
  U8: "uint8",
  BOOL: "bool",
};
