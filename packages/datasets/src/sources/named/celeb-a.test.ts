import { describe, expect, test } from "vitest";
import { collect } from "../bytes/collect.ts";
import { celebA } from "./celeb-a.ts";
import { png, testFolder } from "../pictures/test-folder.test-support.ts";

const lists = {
  "list_attr_celeba.txt": "4\nMale Smiling\n1.jpg -1  1\n2.jpg  1 -1\n3.jpg  1  1\n4.jpg -1 -1\n",
  "list_eval_partition.txt": "1.jpg 0\n2.jpg 0\n3.jpg 1\n4.jpg 2\n",
};
const images = Object.fromEntries(
  [1, 2, 3, 4].map((number) => [`img_align_celeba/${number}.jpg`, png(3, 2, [number, 0, 0])]),
);

describe("celebA", () => {
  test("gives the official parts with one attribute as the label", async (context) => {
    const {
      train,
      validation,
      test: judged,
    } = await celebA({ directory: await testFolder(context, { ...lists, ...images }), attribute: "Smiling" });
    expect(train.classNames).toEqual(["not Smiling", "Smiling"]);
    expect([train, validation, judged].map(({ labels }) => [...(labels ?? [])])).toEqual([[1, 0], [1], [0]]);
    const [picture] = await collect(judged.images({ imageSize: [1, 1] }));
    expect([...(picture?.image.data ?? [])]).toEqual([4, 0, 0]);
    const [batch] = await collect(train.batch(2, { imageSize: 2, labelMode: "binary" }).batches(0));
    expect(batch?.y.toNested()).toEqual([[1], [0]]);
  });

  test("names the attributes there are, and a picture that no part has", async (context) => {
    const directory = await testFolder(context, lists);
    await expect(celebA({ directory, attribute: "Smile" })).rejects.toThrow(
      'attribute "Smile" must be one of its attributes, found Male Smiling',
    );
    const other = await testFolder(context, { ...lists, "list_eval_partition.txt": "1.jpg 0\n" });
    await expect(celebA({ directory: other, attribute: "Male" })).rejects.toThrow(
      "picture 2.jpg must be one of its pictures",
    );
  });
});
