import { readFile, readdir } from "node:fs/promises";
import { createHash } from "node:crypto";
import { openDevice } from "@featuremap/devices";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reportOfDiscs } from "../testing/report-of-discs.ts";
import { temporaryFolder } from "../testing/saved-model.ts";
import { modelCard } from "../training/run/model-card.ts";
import { reportPage } from "./page/report-page.ts";
import { percent } from "./words.ts";
import type { ReportData } from "./report-data.ts";
import { writeReport } from "./write-report.ts";

const folder = temporaryFolder();
const hostile = ['</script><script>alert("1")</script>', "a|b\n# *c*", "frog"];
let data: ReportData;
let page: string;
let close: () => Promise<void>;

beforeAll(async () => {
  const device = await openDevice("wasm", { threads: 1 });
  close = () => device.dispose();
  data = await reportOfDiscs(hostile);
  ({ page } = await writeReport(folder.path("run"), data));
});
afterAll(() => close());

test("a report is one page, its drawings, and a table of answers", async () => {
  expect((await readdir(folder.path("run"))).toSorted()).toEqual(["pictures", "predictions.csv", "report.html"]);
  expect((await readdir(folder.path("run/pictures"))).toSorted()).toEqual([
    "calibration.svg",
    "classes.svg",
    "confusion-matrix.svg",
    "feature-maps-conv2d.png",
    "filters.png",
    "grad-cam.svg",
    "health.svg",
    "labelled.png",
    "labelled.svg",
    "learning-curves.svg",
    "most-wrong.svg",
    "training-batch-1.svg",
    "training-batch-2.svg",
  ]);
  const { width, height } = await sharp(folder.path("run/pictures/labelled.png")).metadata();
  expect([width, height]).toEqual([5 * 96 + 4 * 2, 5 * 96 + 4 * 2]);
});

test("the page allows itself its own script and nothing from elsewhere", async () => {
  const text = await readFile(page, "utf8");
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(text)?.[1]?.replaceAll("&#39;", "'");
  const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, body = ""]) => body);
  expect(scripts).toHaveLength(1);
  const hash = createHash("sha256")
    .update(scripts[0] ?? "")
    .digest("base64");
  expect(policy).toBe(
    `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`,
  );
  // Namespaces are names; all else that is loaded is within.
  const addresses = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address = ""]) => address);
  expect(addresses.filter((address) => !/^(#|data:)/.test(address))).toEqual([]);
});

test("names of classes are text, in the page and in its data", async () => {
  const text = await readFile(page, "utf8");
  expect(text).not.toContain('<script>alert("1")');
  const json = /id="cell-pictures">([\s\S]*?)<\/script>/.exec(text)?.[1] ?? "";
  expect(JSON.parse(json)).toMatchObject({ names: [hostile[0], hostile[1], "frog"] });
});

test("shares are told alike in the page and in its drawings", async () => {
  const text = await readFile(page, "utf8");
  const { scores } = "value" in data.judged ? data.judged.value : { scores: undefined };
  const told = percent(scores?.calibration.expectedCalibrationError ?? Number.NaN);
  expect(text).toContain(`<dd>${told}</dd>`);
  expect(text.replaceAll("\u00a0", " ")).toContain(`>expected calibration error ${told.replace("\u00a0", " ")}</text>`);
});

test.for([
  [0, "0 %"],
  [0.0004, "< 0.1 %"],
  [0.25, "25.0 %"],
  [0.99996, "> 99.9 %"],
  [1, "100 %"],
  [Number.NaN, "\u2013"],
] as const)("%d is written as %s", ([share, expected]) => {
  expect(percent(share).replaceAll("\u00a0", " ")).toBe(expected);
});

test("how it was trained is told where it is known, and which epoch was the best", async () => {
  const history = { loss: [3, 2, 1], val_loss: [2, 0.5, Number.NaN], "learning rate": [0.1, 0.2, 0.1] };
  const settings = { loss: "sparseCategorical", schedule: undefined, note: "<b>" };
  const told = await reportPage({
    ...data,
    history: { value: { history } },
    training: {
      device: "wasm",
      duration: "1:02:03",
      weights: { epoch: 3, isChosen: false, part: "validation", best: { epoch: 2, loss: 0.5, accuracy: 0.75 } },
      ended: "it was stopped",
      settings,
    },
  });
  expect(told.replaceAll(/\s+/g, " ")).toContain(
    "<p>The weights are those of the last epoch, 3. After epoch 2 the loss on the validation part was the lowest (0.5000, accuracy 75.0 %): its weights are in checkpoints/best,",
  );
  expect(told).toContain("<p>On wasm, in 1:02:03; it was stopped.</p>");
  expect(told.replaceAll(/>\s+</g, "><")).toContain(
    "<dt>schedule</dt><dd>-</dd></div><div><dt>note</dt><dd>&lt;b&gt;</dd>",
  );
  expect(told).toContain("<dd>sparse<wbr />Categorical</dd>");
  expect(told.match(/>learning rate<\/text>/g)).toHaveLength(2);
  const untold = await reportPage({ ...data, history: { value: { history } } });
  expect(untold).toContain("<p>The validation loss is the lowest after epoch 2 of 3: 0.5000.</p>");
  expect(untold).not.toContain("Settings of the training");
});

test("files that are most wrong are named in sight", async () => {
  const text = await readFile(folder.path("run/report.html"), "utf8");
  const wrong = text.slice(text.indexOf('<section aria-labelledby="wrong"'));
  const captions = wrong.slice(0, wrong.indexOf("</section>")).match(/<figcaption>.*?<\/figcaption>/gs) ?? [];
  expect(captions.length).toBeGreaterThan(3);
  for (const caption of captions)
    expect(caption).toMatch(/<span>(?:frog|script&gt;)\/<wbr \/>\d+\.png<\/span><\/figcaption>$/);
});

test("each picture has words for those who do not see it", async () => {
  const text = await readFile(page, "utf8");
  const pictures = [...text.matchAll(/<img [^>]*>/g)].map(([tag]) => tag);
  expect(pictures.length).toBeGreaterThan(40);
  expect(pictures.filter((tag) => !/ alt="[^"]+"/.test(tag))).toEqual([]);
});

test("the table of answers has a row for each picture", async () => {
  const table = await readFile(folder.path("run/predictions.csv"), "utf8");
  expect(table.startsWith("path,label,predicted,probability,loss\n")).toBe(true);
  expect(table.match(/\.png/g)).toHaveLength(60);
  expect(table).toContain('"</script><script>alert(""1"")</script>"');
});

test("a model card tells data, figures, settings, use and limits, with names as text", () => {
  const card = modelCard(data, {
    title: "discs",
    source: "The folder /data/*photos*",
    settings: { epochs: 1, "learning rate": 0.05, schedule: undefined, note: "a|b" },
  });
  expect(card).toContain(
    "\n| class | train | test | precision | recall | F1 |\n| --- | --- | --- | --- | --- | --- |\n",
  );
  expect(card).toContain(String.raw`a\|b \# \*c\*`);
  expect(card).toContain(String.raw`\</script\>\<script\>alert("1")`);
  expect(card).toContain(String.raw`The folder /data/\*photos\*.`);
  expect(card).toContain("| learning rate | 0.05 |\n| schedule | - |");
  expect(card).toContain("On the 60 pictures of the test part:");
  expect(card).toContain("- It was judged by only 60 pictures.");
  expect(card).toContain(`- Few pictures to learn from: `);
  for (const row of card.split("\n").filter((line) => line.startsWith("|"))) expect(row.endsWith(" |")).toBe(true);
});

const lowest = { epoch: 3, loss: 0.25, accuracy: 0.875 };

test.for([
  [
    { epoch: 3, isChosen: true, part: "validation", best: lowest },
    "The weights are those of epoch 3, after which the loss on the validation part was the lowest.",
  ],
  [
    { epoch: 3, isChosen: false, part: "test", best: lowest },
    "The weights are those of the last epoch, 3, after which the loss on the test part was the lowest.",
  ],
  [
    { epoch: 9, isChosen: false, part: "validation", best: lowest },
    `The weights are those of the last epoch, 9. After epoch 3 the loss on the validation part was the lowest (0.2500, accuracy ${percent(0.875)}): its weights are in \`checkpoints/best\`, and \`npx featuremap evaluate checkpoints/best\` judges them.`,
  ],
  [
    { epoch: undefined, isChosen: false, part: "validation", best: lowest },
    "The weights are those of the last step. After epoch 3",
  ],
  [{ epoch: undefined, isChosen: false, part: "validation" }, "The weights are those of the last step."],
] as const)("a card tells whose weights %j are", ([weights, expected]) => {
  const card = modelCard(data, { title: "discs", source: "Discs", settings: {}, weights });
  expect(card).toContain(`\n\n${expected}`);
});
