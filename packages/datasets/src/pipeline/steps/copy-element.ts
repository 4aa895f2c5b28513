import { HostArray } from "@featuremap/tensor";

/** An element that its consumer may write to: lists, plain objects and arrays are copied, whatever else is in it is not. */
export function copyElement<T>(element: T): T {
  return copyOf(element, new Map()) as T;
}

function copyOf(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const copied = known.get(value);
  if (copied !== undefined) return copied;
  const keep = <Copy>(copy: Copy): Copy => {
    known.set(value, copy);
    return copy;
  };
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? value : keep(copyArray(value));
  if (value instanceof HostArray) return keep(new HostArray(copyArray(value.data), value.shape));
  if (Array.isArray(value)) {
    const list = keep<unknown[]>([]);
    for (const each of value) list.push(copyOf(each, known));
    return list;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy = keep<Record<string, unknown>>({});
  for (const [name, each] of Object.entries(value)) {
    // A plain assignment to __proto__ would set no property.
    Object.defineProperty(copy, name, {
      value: copyOf(each, known),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return copy;
}

/** By what all typed arrays share: a Buffer's own `slice` copies nothing. */
function copyArray<Data extends ArrayBufferView>(data: Data): Data {
  return Uint8Array.prototype.slice.call(data) as ArrayBufferView as Data;
}
