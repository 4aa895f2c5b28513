import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type * as xterm from "@xterm/xterm";
import type { Browser } from "playwright-core";
import type { Frame } from "./animation.ts";

const columns = 98;
const rows = 14;
/** Pictures a second of the recording. */
const rate = 8;
/** What the recording takes, however long the command did: training takes longer than anyone watches a picture. */
const seconds = 11;
const promptMilliseconds = 1_200;
const endMilliseconds = 4_000;

declare global {
  /* What xterm's script defines in the page, and the terminal there. */
  var Terminal: typeof xterm.Terminal;
  var terminal: xterm.Terminal;
}

interface Output {
  readonly text: string;
  /** After the command's start. */
  readonly milliseconds: number;
}

/** What a command writes to a terminal of that size, as it comes. */
async function runInTerminal(command: string, folder: string): Promise<Output[]> {
  const whole = `stty cols ${columns} rows ${rows}; ${command}`;
  const child = spawn("script", ["--quiet", "--return", "--command", whole, "/dev/null"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const began = performance.now();
  const outputs: Output[] = [];
  const decoder = new TextDecoder();
  child.stdout.on("data", (bytes: Buffer) =>
    outputs.push({ text: decoder.decode(bytes, { stream: true }), milliseconds: performance.now() - began }),
  );
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ended with exit code ${String(code)}.`);
  return outputs;
}

/**
 * Runs a command in a terminal, and pictures the terminal while it runs.
 *
 * @param shown the command as a user types it
 */
export async function recordTerminal(
  browser: Browser,
  shown: string,
  command: string,
  folder: string,
): Promise<Frame[]> {
  const outputs = await runInTerminal(command, folder);
  const page = await browser.newPage({ viewport: { width: 860, height: 300 }, deviceScaleFactor: 1 });
  const asset = (path: string): Promise<string> =>
    readFile(fileURLToPath(import.meta.resolve(`@xterm/xterm/${path}`)), "utf8");
  await page.setContent(`<style>body{margin:0;background:#141c32;padding:14px 16px}.scrollbar{display:none}</style>`);
  await page.addStyleTag({ content: await asset("css/xterm.css") });
  await page.addScriptTag({ content: await asset("lib/xterm.js") });
  await page.evaluate(
    ([width, height]) => {
      globalThis.terminal = new Terminal({
        cols: width,
        rows: height,
        fontFamily: "'DejaVu Sans Mono', Menlo, Consolas, monospace",
        fontSize: 14,
        lineHeight: 1.25,
        cursorInactiveStyle: "none",
        theme: { background: "#141c32", foreground: "#e6f1e9", green: "#8ccfa7", cyan: "#8ccfa7" },
      });
      globalThis.terminal.open(document.body);
    },
    [columns, rows] as const,
  );
  const write = (text: string): Promise<void> =>
    page.evaluate(
      (written) =>
        new Promise<void>((resolve) =>
          globalThis.terminal.write(written, () => requestAnimationFrame(() => resolve())),
        ),
      text,
    );
  const { width = 0, height = 0 } = (await page.locator(".xterm-screen").boundingBox()) ?? {};
  await page.setViewportSize({ width: Math.ceil(width) + 32, height: Math.ceil(height) + 28 });
  const frames: Frame[] = [];
  const picture = async (milliseconds: number): Promise<void> => {
    frames.push({ picture: await page.screenshot(), milliseconds });
  };
  await write(`$ ${shown}\r\n`);
  await picture(promptMilliseconds);
  const step = (outputs.at(-1)?.milliseconds ?? 0) / (seconds * rate);
  let next = 0;
  for (let at = 0; next < outputs.length; at += step) {
    let text = "";
    for (let output = outputs[next]; output !== undefined && output.milliseconds <= at; output = outputs[next]) {
      text += output.text;
      next += 1;
    }
    if (text !== "") await write(text);
    await picture(1000 / rate);
  }
  await picture(endMilliseconds);
  await page.close();
  return frames;
}
