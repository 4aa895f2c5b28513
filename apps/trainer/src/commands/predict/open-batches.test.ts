import { FormatError } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { type NamedPicture, openBatches } from "./open-batches.ts";

const decode = () => Promise.reject(new Error("Nothing is decoded here."));
const picture = (image: string, bytes: number): NamedPicture => ({ image, open: async () => ({ bytes, decode }) });

async function namesOf(pictures: readonly NamedPicture[], limits: { size: number; bytes?: number }): Promise<string[]> {
  const names: string[] = [];
  for await (const batch of openBatches(pictures, limits)) {
    names.push(batch.map((entry) => entry.picture.image + ("error" in entry ? "!" : "")).join(""));
  }
  return names;
}

test("small pictures come by number, large ones by what they take", async () => {
  const pictures = [..."abcde"].map((name) => picture(name, 10));
  expect(await namesOf(pictures, { size: 2 })).toEqual(["ab", "cd", "e"]);
  expect(await namesOf(pictures, { size: 64, bytes: 35 })).toEqual(["abc", "de"]);
  expect(await namesOf([picture("a", 1), picture("b", 99), picture("c", 1)], { size: 64, bytes: 35 })).toEqual([
    "a",
    "b",
    "c",
  ]);
  expect(await namesOf([], { size: 2 })).toEqual([]);
});

test("12 photos of 12 megapixels are never open at once", async () => {
  const photos = Array.from({ length: 12 }, () => picture("p", 48e6));
  expect(await namesOf(photos, { size: 64 })).toEqual(["pp", "pp", "pp", "pp", "pp", "pp"]);
});

test("what cannot be opened keeps its place", async () => {
  const broken = {
    image: "b",
    open: () => Promise.reject(new FormatError("b", "the file", "an image", "something else")),
  };
  expect(await namesOf([picture("a", 1), broken, picture("c", 1)], { size: 3 })).toEqual(["ab!c"]);
});

test("a mistake of this program is none of the picture's", async () => {
  const wrong = { image: "a", open: () => Promise.reject(new TypeError("a mistake")) };
  await expect(namesOf([wrong], { size: 1 })).rejects.toThrow("a mistake");
});
