import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runProcess } from "./processes.mjs";

describe("runProcess", () => {
  test("gives the exit code and what was printed", async () => {
    const result = await runProcess(
      process.execPath,
      ["-e", "console.log('out'); console.error('error'); process.exitCode = 3"],
      { capture: true },
    );
    expect(result.code).toBe(3);
    expect(result.output.trim().split("\n").toSorted()).toEqual(["error", "out"]);
  });

  test.skipIf(process.platform === "win32")("gives 128 and the signal's number where a signal ended it", async () => {
    const script = "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)";
    expect((await runProcess(process.execPath, ["-e", script], { capture: true })).code).toBe(143);
  });

  test("rejects where the program does not exist", async () => {
    await expect(runProcess("no-such-program", [], { capture: true })).rejects.toThrow("ENOENT");
  });

  test.skipIf(process.platform === "win32")("lets the program decide how it stops", async () => {
    const folder = await mkdtemp(join(tmpdir(), "processes-"));
    const ready = JSON.stringify(join(folder, "ready"));
    const child = `
      process.on("SIGINT", () => { console.log("kept"); process.exit(0); });
      require("node:fs").writeFileSync(${ready}, "");
      setInterval(() => {}, 1000);
    `;
    const script = `
      import { existsSync } from "node:fs";
      import { runProcess, stopSignal } from ${JSON.stringify(new URL("processes.mjs", import.meta.url).href)};
      const wait = setInterval(() => {
        if (!existsSync(${ready})) return;
        clearInterval(wait);
        process.kill(process.pid, "SIGINT");
      }, 50);
      const { code, output } = await runProcess(process.execPath, ["-e", ${JSON.stringify(child)}], { capture: true });
      console.log(code, output.trim(), stopSignal());
    `;
    const parent = execFile(process.execPath, ["--input-type=module", "-e", script]);
    let printed = "";
    parent.stdout?.on("data", (text: string) => (printed += text));
    await once(parent, "close");
    await rm(folder, { recursive: true });
    expect(printed.trim()).toBe("0 kept SIGINT");
  });
});
