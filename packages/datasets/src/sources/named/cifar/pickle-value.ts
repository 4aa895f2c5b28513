import type { HostArray } from "@featuremap/tensor";

/** What a pickle of CIFAR's kind holds: nothing in it is code. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly PickleValue[]
  | Map<string, PickleValue>
  | PickleObject;

/** What stands for objects of Python while a pickle is read. */
export type PickleObject =
  /** The name of a function or class; only those known here lead anywhere. */
  | { readonly kind: "name"; readonly name: string }
  /** numpy's element type. */
  | { readonly kind: "dtype"; readonly type: string }
  /** numpy's array; empty until its state is set. */
  | { readonly kind: "array"; array: HostArray<Uint8Array> | undefined };
