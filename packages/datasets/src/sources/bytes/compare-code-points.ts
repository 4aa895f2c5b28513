/** Sorts texts as Python does, by code points; JavaScript sorts by UTF-16's units, which puts U+FF00 behind an emoji. */
export function compareCodePoints(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (left === right) continue;
    const [leftIsSurrogate, rightIsSurrogate] = [left >= 0xd800 && left < 0xe000, right >= 0xd800 && right < 0xe000];
    if (leftIsSurrogate === rightIsSurrogate) return left - right;
    return leftIsSurrogate ? 1 : -1;
  }
  return one.length - other.length;
}
