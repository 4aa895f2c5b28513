import { AbortedError, UnavailableError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import type { ImageWorkers } from "../../../workers/image-workers.ts";
import type { FilledGroup, PictureGroup } from "../../../workers/picture-group.ts";
import type { BatchableFiles } from "../files/file-example.ts";
import { FileNotes } from "../files/file-notes.ts";
import { PictureGroups } from "./picture-groups.ts";

const filePaths = Array.from({ length: 40 }, (_, index) => `${index}.png`);
const files = { onDisk: true, filePaths, size: 40 } as unknown as BatchableFiles;

/** Groups that are filled by a function in place of three workers. */
function groupsOf(fill: (group: PictureGroup) => Promise<FilledGroup>, notes = new FileNotes()): PictureGroups {
  const workers = { count: 3, fill: () => fill } as unknown as ImageWorkers;
  const groups = PictureGroups.of({
    files,
    kept: undefined,
    workers,
    recipe: { size: [1, 1] },
    pictureBytes: 1,
    notes,
  });
  if (groups === undefined) throw new Error("no groups");
  return groups;
}

const wanted = filePaths.map((_, file) => ({ file }));
const pass = { random: undefined, signal: new AbortController().signal };

describe("groups of pictures", () => {
  test("hand out each picture once, and tell faults and notes of their files", async () => {
    const notes = new FileNotes();
    const sizes: number[] = [];
    const groups = groupsOf(async ({ pictures, target }) => {
      sizes.push(pictures.length);
      new Uint8Array(target).set(pictures.map(({ element }) => element));
      const faults = pictures.flatMap(({ element }, place) =>
        element === 7
          ? [[place, { name: "FormatError", code: "INVALID_FORMAT", message: "7 is damaged." }] as const]
          : [],
      );
      const note = { code: "FIRST_FRAME", kind: "GIF", message: "only the first frame" } as const;
      return { target, faults, notes: pictures[0]?.element === 0 ? [[1, note]] : [] };
    }, notes);
    const taken: number[] = [];
    const failed: unknown[] = [];
    const left = await groups.readAll(wanted, pass, {
      take: ({ file }, { data }) => taken.push(file === data[0] ? file : -1),
      fail: ({ file }, error) => failed.push([file, error]),
    });
    expect(left).toEqual([]);
    expect(sizes).toEqual([14, 14, 12]);
    expect(taken.toSorted((a, b) => a - b)).toEqual([...filePaths.keys()].filter((file) => file !== 7));
    expect(failed).toEqual([[7, expect.objectContaining({ code: "INVALID_FORMAT", message: "7 is damaged." })]]);
    expect(notes.list).toHaveLength(1);
  });

  test("leave the pictures of a worker that has ended to be read one by one, so that one of them is named", async () => {
    const groups = groupsOf(async ({ pictures, target }) => {
      if (pictures.some(({ element }) => element === 20)) throw new UnavailableError("It has ended.", "Go on.");
      return { target, faults: [], notes: [] };
    });
    const left = await groups.readAll(wanted, pass, {
      take() {},
      fail: (_, error) => {
        throw error;
      },
    });
    expect(left.map(({ file }) => file)).toEqual(Array.from({ length: 14 }, (_, index) => 14 + index));
  });

  test("end where nobody wants them any more", async () => {
    const groups = groupsOf(() => Promise.reject(new AbortedError("stopped")));
    await expect(groups.readAll(wanted, pass, { take() {}, fail() {} })).rejects.toThrow("stopped");
  });

  test("are none without workers, and of pictures that are too large", () => {
    const options = { files, kept: undefined, recipe: {}, notes: new FileNotes() };
    const none = { count: 0, fill: () => undefined } as unknown as ImageWorkers;
    expect(PictureGroups.of({ ...options, workers: none, pictureBytes: 1 })).toBeUndefined();
    const some = { count: 1, fill: () => async () => {} } as unknown as ImageWorkers;
    expect(PictureGroups.of({ ...options, workers: some, pictureBytes: 2 ** 22 + 1 })).toBeUndefined();
  });
});
