import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PixelBox, Pixels } from "@featuremap/images";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type PackedPlace, PackedStore } from "../pipeline/packed/packed-store.ts";
import { lendKeptPicture } from "./kept-picture.ts";

let directory: string;
let place: PackedPlace;

const [width, height] = [7, 5];
const picture: Pixels = { data: Uint8Array.from({ length: width * height * 3 }, (_, at) => 100 + at), width, height };
const box: PixelBox = { left: 2, top: 1, width: 3, height: 2 };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "featuremap-kept-"));
  const store = await PackedStore.open({ directory, key: "test", size: 2, memory: 0 });
  await store.put(0, "a", { element: { ...picture, data: picture.data.map((level) => 255 - level) } });
  await store.put(1, "b", { element: picture });
  const found = store.locate(1, "b");
  if (found === undefined) throw new Error("it was not written");
  place = found;
});

afterEach(() => rm(directory, { recursive: true }));

/** The levels of a part, cut out of what is lent. */
function levelsOf({ data, ...size }: Pixels, { left, top, ...part }: PixelBox): number[] {
  const rows = Array.from({ length: part.height }, (_, row) => ((top + row) * size.width + left) * 3);
  return rows.flatMap((from) => Array.from(data.subarray(from, from + part.width * 3)));
}

function readPart(): { readonly levels: number[]; readonly lent: number } {
  return lendKeptPicture(
    place,
    (size) => {
      expect([size.width, size.height]).toEqual([width, height]);
      return box;
    },
    (pixels, at = box) => ({ levels: levelsOf(pixels, at), lent: pixels.height }),
  );
}

/** Changes a byte of the picture where it lies. */
async function damage(): Promise<void> {
  const file = await open(place.path, "r+");
  // Even the same moment counts as another.
  await file.write(Uint8Array.of(1), 0, 1, place.offset + place.length - 1);
  await file.utimes(1, 1);
  await file.close();
}

test("a part is read whole once, and after that its lines alone", () => {
  const expected = levelsOf(picture, box);
  expect(readPart()).toEqual({ levels: expected, lent: height });
  expect(readPart()).toEqual({ levels: expected, lent: box.height });
  const all = lendKeptPicture(place, undefined, (pixels) => ({ ...pixels, data: pixels.data.slice() }));
  expect(all).toEqual(picture);
});

test("damage is found before a picture is read and after it was", async () => {
  readPart();
  await damage();
  expect(readPart).toThrow(expect.objectContaining({ code: "UNAVAILABLE", name: "CacheError" }));
  expect(readPart).toThrow(expect.objectContaining({ code: "UNAVAILABLE", name: "CacheError" }));
});

test("a pack that became shorter is not a picture", async () => {
  readPart();
  const file = await open(place.path, "r+");
  await file.truncate(place.offset + 60);
  await file.close();
  expect(readPart).toThrow(expect.objectContaining({ name: "CacheError" }));
});

test("a picture that lies where another should is not taken for it", () => {
  readPart();
  const other = { ...place, place: place.place + 1 };
  for (let time = 0; time < 2; time++) {
    expect(() => lendKeptPicture(other, undefined, () => 0)).toThrow(expect.objectContaining({ name: "CacheError" }));
  }
  expect(readPart().levels).toEqual(levelsOf(picture, box));
});

test("what went wrong when it was kept goes wrong again", async () => {
  const store = await PackedStore.open({ directory: join(directory, "faults"), key: "test", size: 1, memory: 0 });
  await store.put(0, "a", { fault: { name: "FormatError", code: "INVALID_FORMAT", message: "a.jpg: damaged" } });
  const found = store.locate(0, "a") as PackedPlace;
  for (let time = 0; time < 2; time++) {
    expect(() => lendKeptPicture(found, undefined, () => 0)).toThrow(
      expect.objectContaining({ code: "INVALID_FORMAT", message: "a.jpg: damaged" }),
    );
  }
});
