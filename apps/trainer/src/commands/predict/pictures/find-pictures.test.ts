import { mkdir, symlink } from "node:fs/promises";
import { Readable } from "node:stream";
import { beforeAll, describe, expect, test } from "vitest";
import { writeFiles } from "../../../testing/made-pictures.ts";
import { temporaryFolder } from "../../../testing/saved-model.ts";
import { type PictureWords, findPictures } from "./find-pictures.ts";

const folder = temporaryFolder();

/** What is found: names of pictures, others in brackets with what they are. */
async function find(...words: string[]): Promise<string[]> {
  return findIn({ words });
}

async function findIn(where: PictureWords): Promise<string[]> {
  const names: string[] = [];
  for await (const found of findPictures({ folder: folder.path(), ...where })) {
    if (found.kind === "picture") names.push(found.name.replaceAll("\\", "/"));
    else if (found.kind !== "pause") names.push(`[${found.kind}] ${found.name.replaceAll("\\", "/")}`);
  }
  return names;
}

beforeAll(async () => {
  const names = [
    "b.JPG",
    "photos/2.png",
    "photos/10.jpeg",
    "photos/notes.txt",
    "photos/.hidden.png",
    "photos/.cache/3.png",
    'photos/sub dir/größe, "q".webp',
    "br[1]/x[2].jpg",
    "br1/x2.jpg",
    "=cmd.gif",
  ];
  await writeFiles(folder.path(), Object.fromEntries(names.map((name) => [name, ""])));
  await mkdir(folder.path("empty/.git"), { recursive: true });
  await symlink(folder.path("photos"), folder.path("photos/sub dir/loop"), "junction");
});

describe("findPictures", () => {
  test("goes through folders by name, without what is hidden, and enters each once", async () => {
    expect(await find("photos", "b.JPG")).toEqual([
      "photos/10.jpeg",
      "photos/2.png",
      "[foreign] photos/notes.txt",
      'photos/sub dir/größe, "q".webp',
      "b.JPG",
    ]);
  });

  test("takes what is named as it is, a file that is hidden or no picture too", async () => {
    const named = ["photos/notes.txt", "photos/.hidden.png", "absent.png", "=cmd.gif"];
    expect(await find(...named)).toEqual(named);
  });

  test("says where a folder has no picture", async () => {
    expect(await find("empty")).toEqual(["[wrong] empty"]);
  });

  test.for([
    ["photos/*.png", ["photos/2.png"]],
    ["photos/[1n]*", ["photos/10.jpeg", "[foreign] photos/notes.txt"]],
    [
      "photos/s*",
      [
        'photos/sub dir/größe, "q".webp',
        "photos/sub dir/loop/10.jpeg",
        "photos/sub dir/loop/2.png",
        "[foreign] photos/sub dir/loop/notes.txt",
      ],
    ],
    ["**/*.{jpg,JPG}", ["b.JPG", "br1/x2.jpg", "br[1]/x[2].jpg"]],
    ["photos/[0-9].png", ["photos/2.png"]],
    ["photos/*.txt", ["photos/notes.txt"]],
    ["br[1]/x[2].jpg", ["br[1]/x[2].jpg"]],
    ["br[1]/*.jpg", ["br[1]/x[2].jpg"]],
    ["br[0-9]/*.jpg", ["br1/x2.jpg"]],
    ["nothing/*.png", ["[wrong] nothing/*.png"]],
    ["absent[1].png", ["[wrong] absent[1].png"]],
  ] as const)("%s", async ([pattern, expected]) => {
    expect(await find(pattern)).toEqual(expected);
  });

  test("a pattern may begin at the root", async () => {
    const pattern = folder.path("photos/*.png").replaceAll("\\", "/");
    expect(await find(pattern)).toEqual([pattern.replace("*", "2")]);
  });

  test("reads names from standard input, and takes none of them for a pattern", async () => {
    const input = Readable.from(["b.J", Buffer.from("PG\r\nbr[1]/x[2].jpg\n\nphotos/*.p"), "ng\nempty\nphotos/2.png"]);
    expect(await findIn({ words: ["=cmd.gif", "-"], input })).toEqual([
      "=cmd.gif",
      "b.JPG",
      "br[1]/x[2].jpg",
      "photos/*.png",
      "[wrong] empty",
      "photos/2.png",
    ]);
  });

  test("names with line ends in them are told apart by null characters", async () => {
    const bytes = Buffer.from("a\nb.png\0größe.png\0");
    // A character of two bytes comes in two pieces.
    const input = Readable.from([bytes.subarray(0, 11), bytes.subarray(11)]);
    expect(await findIn({ words: ["-"], input, isNullSeparated: true })).toEqual(["a\nb.png", "größe.png"]);
  });

  test("pauses where no more names are there yet", async () => {
    const kinds: string[] = [];
    const input = Readable.from(["a.png\nb", ".png\n"]);
    for await (const { kind } of findPictures({ words: ["-"], input })) kinds.push(kind);
    expect(kinds).toEqual(["picture", "pause", "picture", "pause"]);
  });

  test("what is not a list of names is refused before it fills the memory", async () => {
    const input = Readable.from(["x".repeat(40_000)]);
    await expect(findIn({ words: ["-"], input })).rejects.toThrow(
      "standard input: a path must be at most 32768 characters",
    );
  });
});
