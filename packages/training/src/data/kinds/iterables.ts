export function isIterable(given: unknown): given is Iterable<unknown> {
  return typeof given === "object" && given !== null && Symbol.iterator in given;
}

export function isAsyncIterable(given: unknown): given is AsyncIterable<unknown> {
  return typeof given === "object" && given !== null && Symbol.asyncIterator in given;
}

export function hasMethod(given: unknown, name: string): boolean {
  return typeof given === "object" && given !== null && name in given && typeof Reflect.get(given, name) === "function";
}
