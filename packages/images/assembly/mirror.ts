/**
 * Mirrors lines of pixels of three bytes.
 *
 * @param source up to 4 bytes past the end are read too
 */
export function mirrorLines(source: usize, width: i32, height: i32, target: usize): void {
  const line = width * 3;
  const whole = width & ~3;
  for (let row = 0; row < height; row++, source += line) {
    target += line;
    let to = target;
    let from = source;
    const last = source + whole * 3;
    for (; from < last; from += 12) {
      to -= 12;
      const bytes = v128.load(from);
      const turned = i8x16.shuffle(bytes, bytes, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2, 0, 0, 0, 0);
      v128.store64_lane(to, turned, 0);
      v128.store32_lane(to + 8, turned, 2);
    }
    for (const end = source + line; from < end; from += 3) {
      to -= 3;
      store<u8>(to, load<u8>(from));
      store<u8>(to, load<u8>(from, 1), 1);
      store<u8>(to, load<u8>(from, 2), 2);
    }
  }
}
