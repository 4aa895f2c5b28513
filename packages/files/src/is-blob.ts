/** Whether a value is a `Blob` or a `File`, also one of another realm, such as a frame. */
export function isBlob(value: unknown): value is Blob {
  return /^\[object (?:Blob|File)\]$/.test(Object.prototype.toString.call(value));
}
