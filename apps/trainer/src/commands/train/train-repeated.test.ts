import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { writeDiscs } from "../../testing/made-pictures.ts";
import { type Run, run } from "../../testing/run.ts";
import { saveTunableModel, temporaryFolder } from "../../testing/saved-model.ts";

const folder = temporaryFolder();
const path = (name: string): string => folder.path(name);
const briefly = "--epochs 1 --workers 0 --no-report".split(" ");
const succeeded = { code: 0, error: "" };

/** Trains on the discs. */
function train(out: string, words: string, model?: string): Promise<Run> {
  const given = words === "" ? [] : words.split(" ");
  const started = model === undefined ? [] : ["--model", path(model)];
  return run(["train", path("discs"), ...briefly, ...started, ...given, "--out", path(out)]);
}

async function configOf(out: string): Promise<Readonly<Record<string, unknown>>> {
  const { train: found } = JSON.parse(await readFile(path(`${out}/config.json`), "utf8")) as {
    readonly train: Record<string, unknown>;
  };
  return found;
}

beforeAll(async () => {
  await writeDiscs(path("discs"), [16, 16], { a: [0, 6], b: [1, 6], c: [2, 6] });
  await saveTunableModel({ [path("same")]: ["a", "b", "c"], [path("other")]: ["x", "y", "z"] });
});

describe("config.json of a run", () => {
  test.for<[string, string?]>([
    [""],
    ["--device cpu --batch-size auto", "same"],
    ["--device wasm", "same"],
    ["--device wasm --threads 1", "same"],
    ["--device auto", "same"],
    ["--device auto --threads 2", "same"],
    ["--model resnet --image-size 32"],
    ["--learning-rate auto --schedule plateau --optimizer lion"],
    ["--schedule cosine --warmup-epochs 1 --weight-decay 0 --label-smoothing 0.1 --limit 11 --val-fraction 0.3"],
    ["--mixup 0.2 --cutmix 1 --loss categoricalFocalCrossentropy --fraction 0.9 --image-size 12x8 --name discs"],
    ["--erasing 0.2 --augment strong --ema 0.9 --patience 2 --time 1h --tta --seed 4 --class-weight balanced"],
    ["--frozen-features keep --feature-memory 0.5 --save-steps 1 --save-every 1m"],
    ["--preprocessing keras", "same"],
    ["--freeze-epochs 1 --frozen-features compute --learning-rate-per-depth 0.5 --train-batch-normalization", "other"],
    ["--image-size 16", "other"],
  ])("starts the same run again: %s", async ([words, model], { task }) => {
    const [out, again] = [`first-${task.id}`, `second-${task.id}`];
    expect(await train(out, words, model)).toMatchObject(succeeded);
    const config = path(`${out}/config.json`);
    expect(await run(["train", "--config", config, "--out", path(again)])).toMatchObject(succeeded);
    expect(await configOf(again)).toEqual(await configOf(out));
  });
});

describe("threads, which not every device has,", () => {
  test.for(["cpu", "wasm", "auto"])("do not stand in the way of a run on %s that goes on", async (device) => {
    const out = `on-${device}`;
    expect(await train(out, `--device ${device}`, "same")).toMatchObject(succeeded);
    expect(Object.hasOwn(await configOf(out), "threads")).toBe(device !== "cpu");
    const resume = ["train", "--resume", path(out)];
    expect(await run([...resume, "--epochs", "2"])).toMatchObject(succeeded);
    for (const [index, other] of ["cpu", "wasm", "auto"].entries()) {
      const more = ["--epochs", `${3 + index}`, "--device", other];
      expect(await run([...resume, ...more])).toMatchObject(succeeded);
    }
  });

  test("are passed over in the config file of an older run on cpu, and in a variable", async () => {
    expect(await train("older", "--device cpu", "same")).toMatchObject(succeeded);
    const config = path("older/config.json");
    const written = { train: { ...(await configOf("older")), threads: 1 } };
    await writeFile(config, JSON.stringify(written));
    expect(await run(["train", "--resume", path("older"), "--epochs", "2"])).toMatchObject(succeeded);
    expect(await run(["train", "--config", config, "--out", path("newer")])).toMatchObject(succeeded);
    expect(await configOf("newer")).not.toHaveProperty("threads");
    const shown = await run(["train", "--config", config, "--print-config"], {
      environment: { FEATUREMAP_THREADS: "2" },
    });
    expect(shown.output).toMatch(/^threads +one a core +default$/m);
  });

  test("are refused where they are typed for a device without any", async () => {
    const refused = await train("refused", "--device cpu --threads 2");
    expect(refused).toMatchObject({
      code: 2,
      error: 'featuremap: train: --threads must be absent for "cpu", received 2.\n',
    });
  });
});
