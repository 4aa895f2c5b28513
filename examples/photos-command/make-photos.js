/*
 * Draws what stands for your photos: shapes of any colour, size and place on grainy grounds, a folder for each class.
 * With pictures of your own in `photos`, leave this file out.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { toPng } from "@featuremap/visualize";

const side = 48;
const shapes = {
  circle: (x, y) => Math.hypot(x, y) < 1,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.85,
  triangle: (x, y) => y < 0.7 && y > 1.8 * Math.abs(x) - 1,
};

/** Numbers in [0, 1), the same in every run: a linear congruential generator. */
let state = 1;
function random() {
  state = (1_664_525 * state + 1_013_904_223) % 2 ** 32;
  return state / 2 ** 32;
}
const between = (from, to) => from + (to - from) * random();
const colour = (from, to) => [between(from, to), between(from, to), between(from, to)];

function photo(isInside) {
  const radius = between(9, 16);
  const [left, top] = [between(radius, side - radius), between(radius, side - radius)];
  const turn = between(-0.4, 0.4);
  const [light, dark] = [colour(140, 235), colour(15, 110)];
  const [ground, ink] = random() < 0.5 ? [light, dark] : [dark, light];
  const data = new Uint8Array(side * side * 3);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [x, y] = [(column - left) / radius, (row - top) / radius];
      const inside = isInside(x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn));
      const grain = between(-12, 12);
      data.set(
        (inside ? ink : ground).map((level) => level + grain),
        (row * side + column) * 3,
      );
    }
  }
  return toPng({ data, width: side, height: side });
}

await mkdir("new-photos", { recursive: true });
for (const [name, isInside] of Object.entries(shapes)) {
  await mkdir(`photos/${name}`, { recursive: true });
  for (let index = 1; index <= 200; index++) await writeFile(`photos/${name}/${index}.png`, photo(isInside));
  for (let index = 1; index <= 5; index++) await writeFile(`new-photos/${name}-${index}.png`, photo(isInside));
}
console.log("Drew 600 pictures into photos, and 15 that the network has never seen into new-photos.");
