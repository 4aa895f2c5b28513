import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { type Run, parseLines, run } from "./testing/run.ts";
import { saveSlowModel, saveSmallModel, temporaryFolder } from "./testing/saved-model.ts";

const cli = fileURLToPath(new URL("./testing/cli-under-test.mjs", import.meta.url));

/** Runs the command in a process of its own; `onOutput` sees all that was printed so far. */
function runProcess(words: readonly string[], onOutput?: (output: string, pid: number) => void): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...words]);
    let output = "";
    let error = "";
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString();
      onOutput?.(output, child.pid ?? 0);
    });
    child.stderr.on("data", (part: Buffer) => (error += part.toString()));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === null) reject(new Error(`ended by ${signal}: ${error}`));
      else resolve({ code, output, error });
    });
  });
}

const long = ["train", "mnist", "--limit", "4000", "--batch-size", "16", "--epochs", "9"];

describe("the featuremap process", () => {
  const folder = temporaryFolder();

  test("exits with 2 after wrong use, and with 1 after a failure", async () => {
    const [wrong, failed] = await Promise.all([runProcess(["tarin"]), runProcess(["summary", folder.path("nowhere")])]);
    expect(wrong).toMatchObject({ code: 2, output: "", error: expect.stringContaining('no command "tarin"') });
    expect(failed).toMatchObject({ code: 1, output: "", error: expect.stringContaining("There is no bundle") });
  });

  // Vite, which runs the sources, needs a folder itself.
  const isBuilt = process.env["FEATUREMAP_TESTS_BUILT"] === "1";
  test.runIf(isBuilt && process.platform !== "win32")("says so in one line where its folder is gone", async () => {
    const script = 'cd "$1" && rmdir "$1" && exec "$2" "$3" doctor';
    await mkdir(folder.path("gone"));
    const child = spawn("sh", ["-c", script, "sh", folder.path("gone"), process.execPath, cli]);
    let error = "";
    child.stderr.on("data", (part: Buffer) => (error += part.toString()));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(error).toBe("featuremap: The folder that this runs in is gone. Go to one that exists.\n");
    expect(code).toBe(1);
  });

  test("Ctrl-C while it trains ends it in good order, with the model so far", { timeout: 120_000 }, async () => {
    const out = folder.path("run");
    const words = [...long, "--out", out, "--json"];
    let pressed = false;
    const { code, output, error } = await runProcess(words, (printed, pid) => {
      if (pressed || !printed.includes('"progress"')) return;
      pressed = true;
      process.kill(pid, "SIGINT");
    });
    expect(error).toBe("");
    expect(code).toBe(130);
    expect(parseLines(output).at(-1)).toMatchObject({ event: "end", stopped: true, stepsPlanned: 2250 });
    expect(await readdir(out)).toEqual(
      expect.arrayContaining(["checkpoints", "config.json", "history.jsonl", "model"]),
    );
    expect(await readdir(`${out}/model`)).toEqual(["model.json", "weights.safetensors"]);
    expect(await run(["summary", `${out}/model`])).toMatchObject({ code: 0 });
  });

  test.for([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s does the same, and the code is the signal's", { timeout: 120_000 }, async ([signal, expected]) => {
    const out = folder.path(signal);
    let sent = false;
    const { code, output, error } = await runProcess([...long, "--out", out, "--json"], (printed, pid) => {
      if (sent || !printed.includes('"progress"')) return;
      sent = true;
      process.kill(pid, signal);
    });
    expect({ code, error }).toEqual({ code: expected, error: "" });
    expect(parseLines(output).at(-1)).toMatchObject({ event: "end", stopped: true });
    expect(await readdir(out)).toEqual(
      expect.arrayContaining(["checkpoints", "config.json", "history.jsonl", "model"]),
    );
    expect(await run(["summary", `${out}/model`])).toMatchObject({ code: 0 });
  });

  test("a terminal that goes away takes no training with it", { timeout: 120_000 }, async () => {
    const out = folder.path("closed");
    const child = spawn(process.execPath, [cli, ...long, "--out", out, "--json"]);
    let printed = "";
    child.stdout.on("data", (part: Buffer) => {
      printed += part.toString();
      if (!printed.includes('"progress"') || child.stdout.destroyed) return;
      child.kill("SIGHUP");
      // Nobody reads from now on, neither output nor errors.
      child.stdout.destroy();
      child.stderr.destroy();
    });
    const code = await new Promise((resolve) => child.on("exit", resolve));
    expect(code).toBe(129);
    expect(await readdir(out)).toEqual(
      expect.arrayContaining(["checkpoints", "config.json", "history.jsonl", "model"]),
    );
    expect(await run(["summary", `${out}/model`])).toMatchObject({ code: 0 });
  });

  test("a reader that is gone (| head -1) ends it quietly, with the model so far", { timeout: 120_000 }, async () => {
    const out = folder.path("unread");
    const child = spawn(process.execPath, [cli, ...long, "--out", out, "--json"]);
    let error = "";
    child.stderr.on("data", (part: Buffer) => (error += part.toString()));
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, error }).toEqual({ code: 141, error: "" });
    expect(await run(["summary", `${out}/model`])).toMatchObject({ code: 0 });
  });

  test.for(["SIGINT", "SIGTERM"] as const)(
    "%s ends predict in the midst of a pass",
    { timeout: 60_000 },
    async (signal) => {
      const [bundle, picture, none] = [
        folder.path(`slow-${signal}`),
        folder.path("white.png"),
        folder.path("none.png"),
      ];
      await saveSlowModel(bundle);
      await sharp({ create: { width: 8, height: 8, channels: 3, background: "white" } }).toFile(picture);
      const words = ["predict", bundle, none, picture, "--batch-size", "1", "--device", "wasm", "--threads", "1"];
      const child = spawn(process.execPath, [cli, ...words]);
      let sent = 0;
      child.stderr.on("data", (part: Buffer) => {
        // The first picture's failure is told before the second is computed, which takes seconds.
        if (!part.toString().includes("none.png")) return;
        setTimeout(() => {
          sent = performance.now();
          child.kill(signal);
        }, 300);
      });
      const endedBy = await new Promise((resolve) => child.on("exit", (_, by) => resolve(by)));
      expect(endedBy).toBe(signal);
      expect(performance.now() - sent).toBeLessThan(2000);
    },
  );

  test("predict ends quietly where nobody reads its answers any more", { timeout: 60_000 }, async () => {
    const [bundle, picture] = [folder.path("slow"), folder.path("grey.png")];
    await saveSlowModel(bundle);
    await sharp({ create: { width: 8, height: 8, channels: 3, background: "grey" } }).toFile(picture);
    const pictures = Array.from({ length: 200 }, () => picture);
    const words = ["predict", bundle, ...pictures, "--batch-size", "1", "--device", "wasm", "--threads", "1"];
    const child = spawn(process.execPath, [cli, ...words]);
    let [first, error] = ["", ""];
    child.stdout.once("data", (part: Buffer) => {
      first = part.toString();
      child.stdout.destroy();
    });
    child.stderr.on("data", (part: Buffer) => (error += part.toString()));
    // All of them would take minutes.
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(first).toContain("grey.png: ");
    expect({ code, error }).toEqual({ code: 141, error: "" });
  });

  test("predict reads names from a pipe, and answers before all have come", { timeout: 60_000 }, async () => {
    const [bundle, picture] = [folder.path("digits"), folder.path("white.png")];
    await saveSmallModel(bundle);
    await sharp({ create: { width: 28, height: 28, channels: 3, background: "white" } }).toFile(picture);
    const child = spawn(process.execPath, [cli, "predict", bundle, "-", "--json"]);
    let output = "";
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString();
      if (output.includes('"image"') && !child.stdin.writableEnded) child.stdin.end(`${picture}\n`);
    });
    child.stdin.write(`${picture}\n`);
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(code).toBe(0);
    expect(parseLines(output).map(({ event }) => event)).toEqual(["image", "image", "predict"]);
  });

  test.runIf(existsSync("/dev/full"))("output that finds no room is told in one line", async () => {
    const child = spawn(process.execPath, [cli, "--help"], { stdio: ["ignore", openSync("/dev/full", "w"), "pipe"] });
    let error = "";
    child.stderr?.on("data", (part: Buffer) => (error += part.toString()));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(error).toMatch(/^featuremap: Cannot write to standard output \(ENOSPC[^\n]*\)\.\n$/);
    expect(code).toBe(1);
  });
});
