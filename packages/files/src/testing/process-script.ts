import { appendFileSync, writeSync } from "node:fs";
import { lockFolder, writeFileWhole, writeFolder } from "@featuremap/files";

/** What a test lets other processes do: `<task> <path> <label> <times>`. */
const [task = "", path = "", label = "", times = "1"] = process.argv.slice(2);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
// Before the parent can act on it; a pipe's stream may keep it for later.
const say = (text: string): unknown => writeSync(1, `${text}\n`);

if (task === "save") {
  for (let time = 0; time < Number(times); time++) {
    const weights = `weights of ${label}-${time} `.repeat(1000);
    await writeFolder(path, new Map([["w.safetensors", encode(weights)]]), {
      name: "model.json",
      contents: (nameOf) => encode(JSON.stringify({ weights, file: nameOf("w.safetensors") })),
    });
  }
} else if (task === "lock") {
  await lockFolder(path, label);
  say("locked");
  setInterval(() => {}, 1000);
} else if (task === "write") {
  for (;;) {
    await writeFileWhole(path, new Uint8Array(2 ** 24));
    say("written");
  }
} else if (task === "count") {
  for (let time = 0; time < Number(times); time++) {
    const release = await lockFolder(path, "counting", { patience: 60 });
    appendFileSync(label, "in\n");
    await new Promise((resolve) => setTimeout(resolve, 2));
    appendFileSync(label, "out\n");
    await release();
  }
}
