import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { commands } from "../declare-commands.ts";
import { commandWords, firstWords } from "../../options/command.ts";
import { flagName } from "../../options/names.ts";
import { sweepable } from "../../options/commands/sweep.ts";
import { runOptions } from "../../options/commands/training.ts";
import { parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";
import { type Shell, completions } from "./completions.ts";

const temporary = temporaryFolder();
const file = (shell: Shell): string => temporary.path(`completions.${shell}`);

/** Runs a script of a shell that reads nothing of its user. */
function inShell(shell: Shell, script: string): string {
  const words = { bash: ["--norc", "--noprofile"], zsh: ["-f"], fish: ["--no-config"] }[shell];
  const environment = { PATH: process.env["PATH"], HOME: temporary.path(), XDG_CONFIG_HOME: temporary.path() };
  const { status, stdout, stderr, error } = spawnSync(shell, [...words, "-c", script], {
    cwd: temporary.path("files"),
    env: environment,
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

function isInstalled(shell: Shell): boolean {
  return spawnSync(shell, ["-c", "exit 0"]).status === 0;
}

const allNames = firstWords(commands);
const ofData = commands.flatMap(({ name }) => (name.startsWith("data ") ? [name.slice("data ".length)] : []));
const devices = ["auto", "node-gpu", "node", "wasm", "cpu"];

const entries = Object.keys(sweepable).map((key) => `${flagName(key)}=`);

/** What is typed, and what is offered for its last word. */
const offered: readonly (readonly [readonly string[], readonly string[]])[] = [
  [["featuremap", ""], allNames],
  [["featuremap", "ex"], ["export"]],
  [["featuremap", "evaluate", "la"], ["last"]],
  [["featuremap", "serve", "l"], ["last"]],
  [["featuremap", "train", "--dev"], ["--device"]],
  [["featuremap", "train", "--device", ""], devices],
  [["featuremap", "train", "--device", "w"], ["wasm"]],
  [["featuremap", "train", "--epochs", ""], []],
  [
    ["featuremap", "bench", ""],
    ["train", "infer"],
  ],
  [["featuremap", "bench", "train", ""], []],
  [["featuremap", "bench", "--network", "n1", "i"], ["infer"]],
  [["featuremap", "bench", "train", "--ker"], ["--kernels"]],
  [["featuremap", "train", "--model", "xc"], ["xception"]],
  [["featuremap", "sweep", "--grid", ""], entries],
  [["featuremap", "sweep", "--grid", "mo"], ["model="]],
  [["featuremap", "sweep", "--random", "label"], ["label-smoothing="]],
  [["featuremap", "sweep", "--random", "labelS"], ["labelSmoothing="]],
  [["featuremap", "sweep", "--method", "h"], ["halving"]],
  [["featuremap", "data", ""], ofData],
  [["featuremap", "data", "inf"], ["info"]],
  [["featuremap", "data", "info", "--val"], ["--val-fraction"]],
  [["featuremap", "data", "info", "mnist", "--print"], ["--print-config"]],
  [
    ["featuremap", "completions", ""],
    ["bash", "zsh", "fish"],
  ],
];

beforeAll(async () => {
  await mkdir(temporary.path("files/fo lder"), { recursive: true });
  await writeFile(temporary.path("files/photo.json"), "");
  for (const shell of ["bash", "zsh", "fish"] as const) await writeFile(file(shell), completions(shell, commands));
});

describe.runIf(isInstalled("bash"))("in bash", () => {
  const complete = (words: readonly string[]): string[] => {
    const typed = words.map((word) => `'${word}'`).join(" ");
    const script = `source '${file("bash")}'; complete -p featuremap > /dev/null || exit 3
COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _featuremap; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return inShell("bash", script).split("\n").filter(Boolean);
  };

  test.for(offered)("%j", ([words, expected]) => {
    expect(complete(words)).toEqual(expected);
  });

  test("a value after =, which is a word of its own there", () => {
    expect(complete(["featuremap", "train", "--device", "="])).toEqual(devices);
    expect(complete(["featuremap", "train", "--device", "=", "no"])).toEqual(["node-gpu", "node"]);
  });

  test("the values of an option that is tried, which = parts from its name", () => {
    const sweep = (...words: string[]): string[] => complete(["featuremap", "sweep", ...words]);
    expect(sweep("--grid", "model", "=")).toEqual(runOptions.model.suggestions);
    expect(sweep("--grid", "=", "model", "=", "xc")).toEqual(["xception"]);
    expect(sweep("--grid", "model", "=", "small,xc")).toEqual(["small,xception"]);
    expect(sweep("--grid", "classWeight", "=", "b")).toEqual(["balanced"]);
    expect(sweep("--grid", "epochs", "=")).toEqual([]);
    expect(sweep("--grid", "model", "=", "small", "--grid", "lo")).toEqual(["loss="]);
  });

  test("what = and : part is one word, and the word behind it the next", () => {
    expect(complete(["featuremap", "sweep", "--random", "ema", "=", "0.9..0.99", ":", "log", "mn"])).toEqual(["mnist"]);
    expect(complete(["featuremap", "sweep", "--name", "a", "=", "b", "mn"])).toEqual(["mnist"]);
    expect(complete(["featuremap", "evaluate", "a", "=", "b", "mn"])).toEqual(["mnist"]);
  });

  test("after -- all are words", () => {
    expect(complete(["featuremap", "bench", "--", "--ker"])).toEqual([]);
    expect(complete(["featuremap", "bench", "--", "in"])).toEqual(["infer"]);
  });

  test.for(commands)("every option of $name", ({ name, options }) => {
    const flags = complete(["featuremap", ...commandWords({ name }), "--"]);
    expect(new Set(flags).size).toBe(flags.length);
    expect(flags).toHaveLength(Object.keys(options).length + 4);
  });
});

/** What gives a program a terminal of its own; it belongs to util-linux, and other systems have another of that name. */
const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") ?? false;

describe.runIf(isInstalled("bash") && hasScript)("in a bash that is typed into", { timeout: 60_000 }, () => {
  test("each line is completed, files too", async () => {
    const start = temporary.path("start.bash");
    // A key says what stands in the line, and empties it.
    const show = String.raw`show() { printf '<%s>\n' "$READLINE_LINE"; READLINE_LINE=; }; bind -x '"\C-t": show'`;
    await writeFile(start, `source '${file("bash")}'\n${show}\n`);
    const lines = [
      ["featuremap tra", "featuremap train "],
      ["featuremap train --device=w", "featuremap train --device=wasm "],
      ["featuremap train ph", "featuremap train photo.json "],
      ["featuremap train --out f", String.raw`featuremap train --out fo\ lder/`],
      ["featuremap train --config=ph", "featuremap train --config=photo.json "],
      ["featuremap data inf", "featuremap data info "],
      ["featuremap sweep --grid mo", "featuremap sweep --grid model="],
      ["featuremap sweep --grid model=small,res", "featuremap sweep --grid model=small,resnet"],
      ["featuremap sweep --grid model=ph", "featuremap sweep --grid model=photo.json"],
      ["featuremap sweep --random ema=0.9..0.99:log mn", "featuremap sweep --random ema=0.9..0.99:log mnist "],
    ] as const;
    const typed = lines.map(([line]) => `${line}\t\u0014`).join("");
    const { stdout } = spawnSync("script", ["-qec", `bash --noprofile --rcfile '${start}' -i`, "/dev/null"], {
      cwd: temporary.path("files"),
      env: { PATH: process.env["PATH"], HOME: temporary.path(), INPUTRC: "/dev/null", TERM: "dumb" },
      input: `${typed}exit\n`,
      encoding: "utf8",
    });
    const shown = Array.from(stdout.matchAll(/<(featuremap[^>]*)>/g), ([, line]) => line);
    expect(shown).toEqual(lines.map(([, completed]) => completed));
  });
});

describe.runIf(isInstalled("fish"))("in fish", () => {
  const complete = (words: readonly string[]): string[] =>
    inShell("fish", `source '${file("fish")}'; complete -C '${words.join(" ")}'`)
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("\t")[0] ?? "");

  test.for(offered)("%j", ([words, expected]) => {
    expect(complete(words).toSorted()).toEqual(expected.toSorted());
  });

  test("the values of an option that is tried", () => {
    expect(complete(["featuremap", "sweep", "--grid", "model=xc"])).toEqual(["model=xception"]);
    expect(complete(["featuremap", "sweep", "--grid=model=xc"])).toEqual(["--grid=model=xception"]);
    expect(complete(["featuremap", "sweep", "--grid", "model=small,xc"])).toEqual(["model=small,xception"]);
    expect(complete(["featuremap", "sweep", "--grid", "classWeight=b"])).toEqual(["classWeight=balanced"]);
    expect(complete(["featuremap", "sweep", "--grid", "epochs="])).toEqual([]);
  });

  test("files and folders", () => {
    expect(complete(["featuremap", "train", "ph"])).toEqual(["photo.json"]);
    expect(complete(["featuremap", "train", "--out", ""])).toEqual(["fo lder/"]);
    expect(complete(["featuremap", "train", "--config", ""]).toSorted()).toEqual(["fo lder/", "photo.json"]);
    expect(complete(["featuremap", "predict", "model", "ph"])).toEqual(["photo.json"]);
  });
});

describe.runIf(isInstalled("zsh"))("in zsh", { timeout: 60_000 }, () => {
  test("each line is completed as in the others", () => {
    const lines = [
      ["featuremap tra", "featuremap train "],
      ["featuremap train --dev", "featuremap train --device="],
      ["featuremap train --device w", "featuremap train --device wasm "],
      ["featuremap train --device=w", "featuremap train --device=wasm "],
      ["featuremap bench inf", "featuremap bench infer "],
      ["featuremap dat", "featuremap data "],
      ["featuremap data inf", "featuremap data info "],
      ["featuremap data info --val", "featuremap data info --val-fraction="],
      ["featuremap data info fashion", "featuremap data info fashion-mnist "],
      ["featuremap predict model ph", "featuremap predict model photo.json "],
      ["featuremap predict model mn", "featuremap predict model mnist "],
      ["featuremap train --out f", String.raw`featuremap train --out fo\ lder/`],
      ["featuremap completions z", "featuremap completions zsh "],
      ["featuremap sweep --grid mo", "featuremap sweep --grid model="],
      ["featuremap sweep --grid classW", "featuremap sweep --grid classWeight="],
      ["featuremap sweep --grid model=res", "featuremap sweep --grid model=resnet"],
      ["featuremap sweep --grid=model=small,res", "featuremap sweep --grid=model=small,resnet"],
      ["featuremap sweep --grid model=ph", "featuremap sweep --grid model=photo.json "],
      ["featuremap train --model resn", "featuremap train --model resnet "],
      ["featuremap train ph", "featuremap train photo.json "],
    ] as const;
    // What a widget finds in the line after completion is what a user would see.
    const script = `zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner 'PS1=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; source "${file("zsh")}"'
zpty -w inner 'show() { print -r -- "<$BUFFER>"; BUFFER= }; zle -N show; bindkey "^X" show; print -r -- "<ready""x>"'
until [[ $all == *"<readyx>"* ]]; do zpty -r inner part || exit 4; all+=$part; done
for line in ${lines.map(([typed]) => `'${typed}'`).join(" ")}; do
  zpty -w -n inner "$line"$'\\t\\x18'
  shown=""
  until [[ $shown == *"<featuremap"*">"* ]]; do zpty -r inner part || exit 5; shown+=$part; done
  print -r -- "$shown"
done
zpty -d inner`;
    const shown = Array.from(inShell("zsh", script).matchAll(/<(featuremap[^>]*)>/g), ([, line]) => line);
    expect(shown).toEqual(lines.map(([, completed]) => completed));
  });
});

test("--json gives the script as one object, and a shell that is not known is refused", async () => {
  const { output } = await run(["completions", "fish", "--json"]);
  expect(parseLines(output)).toEqual([{ event: "completions", shell: "fish", script: completions("fish", commands) }]);
  expect((await run(["completions", "zsh"])).output).toBe(completions("zsh", commands));
  expect(await run(["completions", "csh"])).toMatchObject({
    code: 2,
    error: 'featuremap: completions: shell must be one of bash, zsh, fish, received "csh".\n',
  });
});
