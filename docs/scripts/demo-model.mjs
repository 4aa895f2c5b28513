/* Trains the network of the demo, once: `.cache/` and `public/demo-model/` are kept until someone deletes them. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const docs = fileURLToPath(new URL("../", import.meta.url));
const model = join(docs, "public/demo-model");
const run = join(docs, ".cache/demo");

/** Runs the command that the site describes. @param {readonly string[]} words */
function featuremap(...words) {
  const command = join(docs, "../apps/trainer/dist/cli.js");
  if (!existsSync(command)) throw new Error("The demo needs the built packages: npm run build.");
  execFileSync(process.execPath, [command, ...words], { cwd: docs, stdio: "inherit" });
}

if (!existsSync(join(model, "model.json"))) {
  featuremap("train", "mnist", "--epochs", "2", "--seed", "1", "--no-report", "--out", run);
  featuremap("export", run, "--out", model, "--dtype", "float16", "--force");
}
