import { optionMeaning } from "../../options/help.ts";
import { type CommandDescription, commandWords } from "../../options/command.ts";
import { globalOptions } from "../../options/global.ts";
import { flagName } from "../../options/names.ts";
import type { Option } from "../../options/option.ts";
import {
  type EntryOffers,
  type Offers,
  type Subject,
  argumentOffers,
  flagsWithValue,
  offeredFlag,
  optionOffers,
  spacesOf,
  subjectsOf,
} from "./offers.ts";

/** The completions of fish 3 and newer. */
export function fishCompletions(commands: readonly CommandDescription[]): string {
  const valued = [...new Set([...commands.map(({ options }) => options), globalOptions].flatMap(flagsWithValue))];
  return `# Completions of featuremap. To have them: featuremap completions fish | source
# The command, and how many words follow it.
function __featuremap_words
    set -l words (commandline -opc)
    set -e words[1]
    set -l found
    set -l takes_value 0
    for word in $words
        if test $takes_value = 1
            set takes_value 0
        else if contains -- "$word" ${valued.join(" ")}
            set takes_value 1
        else if not string match -q -- '-*' "$word"
            set -a found "$word"
        end
    end
    string join \\n -- $found
end
function __featuremap_is
    set -l found (__featuremap_words)
    set -l wanted (string split ' ' -- $argv[1])
    set -l length (count $wanted)
    test (count $found) -ge $length; and test "$found[1..$length]" = "$argv[1]"
end
function __featuremap_at
    set -l found (__featuremap_words)
    set -l wanted (string split ' ' -- $argv[1])
    __featuremap_is $argv[1]; and test (math (count $found) - (count $wanted)) $argv[3] $argv[2]
end
${Array.from(spacesOf(commands), ([flag, entries]) => spaceFunction(flag, entries)).join("\n")}
complete -c featuremap -e
complete -c featuremap -f
complete -c featuremap -s h -l help -d 'print this'
complete -c featuremap -s v -l version -d 'print the version'
${[...subjectsOf(commands).flatMap(subjectLines), ...commands.flatMap(commandLines)].join("\n")}
`;
}

function subjectLines({ name, commands }: Subject): string[] {
  const what = commands.map(([word]) => word).join(", ");
  return [
    `complete -c featuremap -n 'test (count (__featuremap_words)) = 0' -a ${name} -d ${quotedForFish(what)}`,
    ...commands.map(
      ([word, { summary }]) =>
        `complete -c featuremap -n '__featuremap_at ${name} 0 -eq' -a ${word} -d ${quotedForFish(summary)}`,
    ),
  ];
}

function commandLines(command: CommandDescription): string[] {
  const { summary, options, arguments: words } = command;
  const [first = "", ...more] = commandWords(command);
  const name = quotedForFish(command.name).replaceAll("'", '"');
  const { help: _help, version: _version, ...general } = globalOptions;
  return [
    ...(more.length > 0
      ? []
      : [`complete -c featuremap -n 'test (count (__featuremap_words)) = 0' -a ${first} -d ${quotedForFish(summary)}`]),
    ...Object.entries({ ...options, ...general }).map(([key, option]) => {
      const flag = offeredFlag(key, option).slice(2);
      const value = option.kind === "flag" ? "" : valueOffer(key, option);
      return `complete -c featuremap -n '__featuremap_is ${name}' -l ${flag}${value} -d ${quotedForFish(optionMeaning(option))}`;
    }),
    ...words.map((word, index) => {
      const condition = `'__featuremap_at ${name} ${index} ${word.rest === true ? "-ge" : "-eq"}'`;
      return `complete -c featuremap -n ${condition}${offer(argumentOffers(word))}`;
    }),
  ];
}

/** Writes out what the value of an option may become that names others. */
function spaceFunction(flag: string, entries: readonly EntryOffers[]): string {
  const cases = entries.map(({ name, key, words }) => {
    const names = [...new Set([name, key])].join(" ");
    return `        case ${names}\n            set offers ${words.join(" ")}`;
  });
  return `function __featuremap_entries_${functionName(flag)}
    set -l typed (string replace -r -- '^--${flag}=' '' (commandline -ct))
    set -l parts (string match -r -g -- '^(([^=]*)=(?:.*,)?)[^,]*$' "$typed")
    set -l offers
    switch "$parts[2]"
        case ''
            set offers ${entries.map(({ name }) => `${name}=`).join(" ")}
            string match -q -r -- '[A-Z]' "$typed"; and set offers ${entries.map(({ key }) => `${key}=`).join(" ")}
${cases.join("\n")}
    end
    for offered in $offers
        echo "$parts[1]$offered"
    end
end`;
}

function functionName(flag: string): string {
  return flag.replaceAll("-", "_");
}

/** `-x` wants a value and no file, `-r` a value. */
function valueOffer(key: string, option: Option): string {
  const flag = flagName(key);
  if (option.kind === "space") return ` -x -a '(__featuremap_entries_${functionName(flag)})'`;
  const offers = optionOffers(option);
  return `${offers.names === "file" ? " -r" : " -x"}${offer(offers)}`;
}

function offer({ words, names }: Offers): string {
  const folders = names === "folder" ? ["(__fish_complete_directories)"] : [];
  const offered = [...words, ...folders];
  return `${offered.length === 0 ? "" : ` -a ${quotedForFish(offered.join(" "))}`}${names === "file" ? " -F" : ""}`;
}

/** Text between single quotes, where fish knows the backslash too. */
function quotedForFish(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
