import type { CAC, Command } from "cac";
import type { Run } from "./invocation.ts";

/**
 * Declares every command with its options.
 *
 * @param on called for each, with what loads it: only the command that is run is loaded
 */
export function declareCommands(program: CAC, on: (command: Command, start: () => Promise<Run>) => void): void {
  const device =
    "auto, node-gpu, node, wasm or cpu (default: auto, which is node-gpu where @tensorflow/tfjs-node-gpu is " +
    "installed and finds a GPU, else wasm)";
  const json = "print one JSON object a line, and nothing else";

  on(
    program
      .command("train <preset>", "Train a network and save it; presets: mnist")
      .option("--epochs <n>", "passes over the training images (default: 2)")
      .option("--batch-size <n>", "images a step (default: 64)")
      .option("--learning-rate <x>", "step size of the optimizer (default: 0.001)")
      .option("--seed <n>", "start of every random stream; the same seed gives the same losses with the same --threads")
      .option("--device <name>", device)
      .option("--threads <n>", "threads of wasm, node and node-gpu (default: one a core)")
      .option("--out <folder>", "where model/ and history.json go (default: runs/<preset>)")
      .option("--limit <n>", "use only the first n images, for a quick try")
      .option("--json", json)
      .example("featuremap train mnist --epochs 2 --seed 7"),
    async () => (await import("./invocations/train.ts")).runTrain,
  );
  on(
    program
      .command("evaluate <bundle> <dataset>", "Judge a saved model on test images; datasets: mnist")
      .option("--device <name>", device)
      .option("--threads <n>", "threads of wasm, node and node-gpu (default: one a core)")
      .option("--batch-size <n>", "images a step (default: 256)")
      .option("--limit <n>", "use only the first n images")
      .option("--json", json)
      .example("featuremap evaluate runs/mnist/model mnist"),
    async () => (await import("./invocations/evaluate.ts")).runEvaluate,
  );
  on(
    program
      .command("predict <bundle> <...images>", "Classify image files, or the first test images of mnist")
      .option("--top <n>", "answers for each image (default: 3)")
      .option("--count <n>", "how many test images of a dataset (default: 10)")
      .option("--batch-size <n>", "most images that are classified together (default: 64)")
      .option("--max-pixels <n>", "refuse image files of more pixels (default: 100000000)")
      .option(
        "--outputs <kind>",
        "what the model gives: probabilities, logits or binaryLogits (default: as the bundle or its layers tell)",
      )
      .option("--device <name>", device)
      .option("--threads <n>", "threads of wasm, node and node-gpu (default: one a core)")
      .option("--json", json)
      .example("featuremap predict runs/mnist/model digit.png")
      .example("featuremap predict runs/mnist/model mnist --count 200"),
    async () => (await import("./invocations/predict.ts")).runPredict,
  );
  on(
    program
      .command("summary <bundle>", "Show a saved model's layers, labels and preprocessing")
      .option("--json", json)
      .example("featuremap summary runs/mnist/model"),
    async () => (await import("./invocations/summary.ts")).runSummary,
  );
  on(
    program
      .command("export <bundle>", "Check a saved model and write it to another folder")
      .option("--out <folder>", "a new or empty folder, or one with an older model")
      .option("--json", json)
      .example("featuremap export runs/mnist/model --out public/model"),
    async () => (await import("./invocations/export.ts")).runExport,
  );
  on(
    program
      .command("bench <work>", "Measure how fast this machine trains or classifies; works: train, infer")
      .option("--network <name>", "n1 (MNIST's digits) or n3 (CIFAR-10's colour images) (default: n1)")
      .option("--batch-size <n>", "images a step or prediction (default: 64)")
      .option("--device <name>", device)
      .option("--threads <n>", "threads of wasm, node and node-gpu (default: one a core)")
      .option("--rounds <n>", "measurements, whose median counts (default: 7)")
      .option("--seconds <x>", "about as long as a measurement takes (default: 1)")
      .option("--seed <n>", "start of the first weights and of the made-up images (default: 1)")
      .option("--kernels", "also show what each kernel takes of a step")
      .option("--json", json)
      .example("featuremap bench train --network n1 --threads 2")
      .example("featuremap bench infer --batch-size 1 --kernels"),
    async () => (await import("./invocations/bench.ts")).runBench,
  );
  on(
    program
      .command("serve [bundle]", "Serve the web classifier, with a model of yours")
      .option("--port <n>", "port to listen on; 0 takes any free one (default: 4180)")
      .option("--host <name>", "address to listen on (default: 127.0.0.1, this machine only)")
      .option(
        "--allowed-hosts <names>",
        "names, besides localhost and --host, under which it is asked, with commas between",
      )
      .option("--json", json)
      .example("featuremap serve runs/mnist/model"),
    async () => (await import("./invocations/serve.ts")).runServe,
  );
}
