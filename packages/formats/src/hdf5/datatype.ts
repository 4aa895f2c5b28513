import type { ElementType } from "../tensors/element-types.ts";
import type { Fields } from "./hdf5-bytes.ts";

/** What the elements of a dataset or an attribute are. */
export type Datatype = NumberType | TextType | { readonly kind: "other"; readonly size: number; readonly name: string };

/** Numbers. */
export interface NumberType {
  readonly kind: "number";
  readonly element: ElementType;
  /** Bytes of an element. */
  readonly size: number;
  readonly isBigEndian: boolean;
}

/** Texts: of one length, or each of its own in a heap. */
export interface TextType {
  readonly kind: "text";
  /** Bytes of an element; where lengths differ, those of the place that says where it is. */
  readonly size: number;
  readonly hasOwnLength: boolean;
  /** Whether what is left over are spaces. */
  readonly isPadded: boolean;
}

const integers = {
  1: ["uint8", "int8"],
  2: ["uint16", "int16"],
  4: ["uint32", "int32"],
  8: ["uint64", "int64"],
} as const;

/** Size, exponent and mantissa of what float32 can be made of. Source: IEEE 754; bfloat16 is float32 without its lower half. */
const floats: readonly (readonly [size: number, exponent: number, mantissa: number, ElementType])[] = [
  [2, 5, 10, "float16"],
  [2, 8, 7, "bfloat16"],
  [4, 8, 23, "float32"],
  [8, 11, 52, "float64"],
];

const names = [
  "",
  "",
  "times",
  "",
  "bit fields",
  "opaque elements",
  "records",
  "references",
  "choices",
  "lists",
  "arrays",
];

/** @throws {FormatError} it is damaged. Source: HDF5 File Format Specification 3.0, "Datatype Message". */
export function readDatatype(fields: Fields): Datatype {
  const first = fields.number(1);
  const kind = first & 0xf;
  const bits = fields.number(1);
  fields.skip(2);
  const size = fields.number(4);
  if (size === 0) throw fields.refusal("of elements with a size", "elements of 0 bytes");
  const other: Datatype = { kind: "other", size, name: names[kind] ?? "unknown elements" };
  switch (kind) {
    case 0:
      return readInteger(fields, size, bits) ?? { ...other, name: `integers of ${size} bytes` };
    case 1:
      return readFloat(fields, size, bits) ?? { ...other, name: `floating-point numbers of ${size} bytes` };
    case 3:
      return { kind: "text", size, hasOwnLength: false, isPadded: (bits & 0xf) === 2 };
    case 5:
      // As h5py writes types that only NumPy extensions know; the attribute `dtype` tells which.
      return size === 2 ? { kind: "number", element: "bfloat16", size, isBigEndian: false } : other;
    case 8:
      return isBoolean(fields, size, bits) ? { kind: "number", element: "bool", size, isBigEndian: false } : other;
    case 9:
      return (bits & 0xf) === 1 && size === 16 ? { kind: "text", size, hasOwnLength: true, isPadded: false } : other;
    default:
      return other;
  }
}

function readInteger(fields: Fields, size: number, bits: number): NumberType | undefined {
  const [offset, precision] = [fields.number(2), fields.number(2)];
  const pair = size === 1 || size === 2 || size === 4 || size === 8 ? integers[size] : undefined;
  if (pair === undefined || offset !== 0 || precision !== 8 * size) return undefined;
  return { kind: "number", element: pair[(bits >> 3) & 1] ?? pair[0], size, isBigEndian: (bits & 1) === 1 };
}

function readFloat(fields: Fields, size: number, bits: number): NumberType | undefined {
  const [offset, precision] = [fields.number(2), fields.number(2)];
  const [exponentAt, exponent, mantissaAt, mantissa] = [1, 1, 1, 1].map(() => fields.number(1));
  const isPlain = offset === 0 && precision === 8 * size && mantissaAt === 0 && exponentAt === mantissa;
  const found = floats.find((entry) => entry[0] === size && entry[1] === exponent && entry[2] === mantissa);
  if (found === undefined || !isPlain || (bits & 0x40) !== 0) return undefined;
  return { kind: "number", element: found[3], size, isBigEndian: (bits & 1) === 1 };
}

/** NumPy's booleans, which h5py writes as a choice of FALSE (0) and TRUE (1) in a byte. */
function isBoolean(fields: Fields, size: number, members: number): boolean {
  if (size !== 1 || members !== 2) return false;
  const base = readDatatype(fields);
  if (base.kind !== "number") return false;
  const rest = String.fromCharCode(...fields.bytes(fields.left))
    .replaceAll("\0", " ")
    .trim();
  return /^FALSE +TRUE/.test(rest);
}

/** Number of elements, and their axes; undefined where there is nothing at all. */
export function readDataspace(fields: Fields): readonly number[] | undefined {
  const version = fields.number(1);
  const rank = fields.number(1);
  fields.skip(1);
  if (version === 1) fields.skip(5);
  else if (version !== 2) throw fields.refusal("with a shape of version 1 or 2", `version ${version}`);
  else if (fields.number(1) === 2) return undefined;
  return Array.from({ length: rank }, () => fields.number(8));
}
