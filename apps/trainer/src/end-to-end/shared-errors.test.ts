import { beforeAll, describe, expect, test } from "vitest";
import { discPicture, writeFiles } from "../testing/made-pictures.ts";
import { run } from "../testing/run.ts";
import { temporaryFolder } from "../testing/saved-model.ts";

/** How each command is called that opens what a network is trained on; sweep does not train without something to try. */
const calls: readonly (readonly [owner: string, ...words: string[]])[] = [
  ["train"],
  ["find-lr"],
  ["sweep", "--grid", "weight-decay=0,0.01"],
  ["data info"],
  ["data health"],
  ["data preview"],
  ["data split"],
  ["data pack"],
];
const training = ["train", "find-lr", "sweep"];
const choosing = [...training, "data info", "data preview", "data pack"];

describe("What commands share names the command that was typed", () => {
  const folder = temporaryFolder();
  const first = async (owner: string, data: string, ...words: string[]): Promise<string> => {
    const [name = "", ...own] = calls.find(([each]) => each === owner) ?? [];
    const { code, error } = await run([...name.split(" "), data, ...own, ...words]);
    expect({ code, error }).toMatchObject({ code: 2 });
    return error;
  };

  beforeAll(async () => {
    for (const part of ["train", "val"]) {
      for (const [label, name] of ["blue", "red"].entries()) {
        for (let number = 0; number < 3; number++) {
          const picture = await discPicture(label, number, [12, 12]).png().toBuffer();
          await writeFiles(folder.path("photos"), { [`${part}/${name}/${number}.png`]: picture });
        }
      }
    }
  });

  test.for(calls.map(([owner]) => owner))("%s, of data that are not there", async (owner) => {
    expect(await first(owner, folder.path("nothing"))).toMatch(`featuremap: ${owner}: data must be a folder`);
  });

  test.for(choosing)("%s, of a model that is not there", async (owner) => {
    expect(await first(owner, folder.path("photos"), "--model", "smal")).toMatch(
      `featuremap: ${owner}: --model must be one of`,
    );
  });

  test.for([...training, "data info", "data pack"])("%s, of a part that is kept twice", async (owner) => {
    expect(await first(owner, folder.path("photos"), "--val-fraction", "0.5")).toMatch(
      `featuremap: ${owner}: --val-fraction must be left out`,
    );
  });

  test.for(training)("%s, of how a network learns", async (owner) => {
    const photos = folder.path("photos");
    expect(await first(owner, photos, "--limit", "7")).toMatch(
      `featuremap: ${owner}: --limit must be an integer in [1, 6]`,
    );
    expect(await first(owner, photos, "--loss", "binaryCrossentropy")).toMatch(`featuremap: ${owner}: --loss must be`);
  });

  test("doctor, of data that are not there", async () => {
    const { output } = await run(["doctor", folder.path("nothing"), "--json"]);
    expect(output).toContain("doctor: data must be a folder");
    expect(output).not.toContain("train: data");
  });
});
