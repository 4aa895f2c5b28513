import { describe, expect, test } from "vitest";
import { collect } from "../bytes/collect.ts";
import { bytesOf, goldenFiles } from "../golden-files.test-support.ts";
import { png } from "../pictures/test-folder.test-support.ts";
import { type Selection, imageFilesFromSelection } from "./image-files-from-selection.ts";

const zip = bytesOf(goldenFiles.pictures.zip) as Uint8Array<ArrayBuffer>;

/** What browsers give of a dropped folder: a hundred entries at a time, by callbacks. */
function droppedFolder(path: string, children: readonly object[]): object {
  const parts = [children.slice(0, 2), children.slice(2), []];
  const readEntries = (give: (entries: readonly object[]) => void): void => give(parts.shift() ?? []);
  return { isFile: false, fullPath: path, createReader: () => ({ readEntries }) };
}

function droppedFile(path: string, shade: number): object {
  const file = new File([png(2, 2, [shade, shade, shade]) as Uint8Array<ArrayBuffer>], path.split("/").at(-1) ?? "");
  return { isFile: true, fullPath: path, file: (give: (file: File) => void) => give(file) };
}

describe("imageFilesFromSelection", () => {
  test("walks a dropped folder to its end", async () => {
    const folder = droppedFolder("/photos", [
      droppedFolder(
        "/photos/cat",
        [1, 2, 3].map((shade) => droppedFile(`/photos/cat/${shade}.png`, shade)),
      ),
      droppedFolder("/photos/dog", [droppedFile("/photos/dog/4.png", 4), droppedFile("/photos/dog/x.txt", 0)]),
    ]);
    const items = [{ webkitGetAsEntry: () => folder }, { webkitGetAsEntry: () => null }];
    const files = await imageFilesFromSelection({ items } as unknown as DataTransfer);
    expect(files.filePaths).toEqual(["photos/cat/1.png", "photos/cat/2.png", "photos/cat/3.png", "photos/dog/4.png"]);
    const examples = await collect(files.images({ imageSize: 1 }));
    expect(examples.map(({ image, label }) => [image.data[0], label])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 1],
    ]);
    expect(files.skipped).toHaveLength(1);
  });

  test("takes a list of files, and the one that is a zip as an archive", async () => {
    const files = await imageFilesFromSelection([new File([zip], "photos.zip")]);
    expect(files.classNames).toEqual(["cat", "dog"]);
    const one = new File([png(2, 2, [9, 9, 9]) as Uint8Array<ArrayBuffer>], "cat.1.png");
    const named = await imageFilesFromSelection([one], { classOf: (name) => name.split(".")[0] });
    expect([named.classNames, named.size]).toEqual([["cat"], 1]);
  });

  test.for([undefined, 7, "folder", [1], {}, { length: 1, 0: {} }])("refuses %s", async (selection) => {
    await expect(imageFilesFromSelection(selection as unknown as Selection)).rejects.toThrow(
      /must be files, a folder|one with pictures/,
    );
  });
});
