import { optionMeaning } from "../../options/help.ts";
import { type CommandDescription, commandWords } from "../../options/command.ts";
import { globalOptions } from "../../options/global.ts";
import { flagName } from "../../options/names.ts";
import type { Option } from "../../options/option.ts";
import { placeholderOf } from "../../options/read-value.ts";
import {
  type EntryOffers,
  type Offers,
  type Subject,
  argumentOffers,
  offeredFlag,
  optionOffers,
  quoted,
  spacesOf,
  subjectsOf,
} from "./offers.ts";

/** The completions of zsh, by its own `_arguments`. */
export function zshCompletions(commands: readonly CommandDescription[]): string {
  const subjects = subjectsOf(commands);
  const single = commands.filter((command) => commandWords(command).length === 1);
  return `#compdef featuremap
# Completions of featuremap. To have them: source <(featuremap completions zsh), after compinit,
# or write them to _featuremap in a folder of $fpath.
_featuremap_or() {
  compadd -- "\${@:2}"
  if [[ $1 == folder ]]; then _files -/; else _files; fi
}
${Array.from(spacesOf(commands), ([flag, entries]) => spaceFunction(flag, entries)).join("\n")}
_featuremap() {
  local state line
  local -A opt_args
  _arguments -C -S \\
    '(- *)'{-h,--help}'[print this]' \\
    '(- *)'{-v,--version}'[print the version]' \\
    '1:command:->command' \\
    '*::argument:->argument'
  case $state in
    command)
      local -a commands=(
${[...single.map(({ name, summary }) => [name, summary] as const), ...subjects.map(({ name, commands: of }) => [name, of.map(([word]) => word).join(", ")] as const)].map(described).join("\n")}
      )
      _describe command commands
      ;;
    argument)
      case $words[1] in
${[...single.map((command) => commandCase(command.name, command)), ...subjects.map(subjectCase)].join("\n")}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _featuremap ]]; then
  _featuremap "$@"
else
  compdef _featuremap featuremap
fi
`;
}

function described([name, summary]: readonly [name: string, summary: string]): string {
  return `        ${quoted(`${name}:${escaped(summary)}`)}`;
}

function subjectCase({ name, commands }: Subject): string {
  return `        ${name})
          _arguments -C -S '1:command:->second' '*::argument:->rest'
          case $state in
            second)
              local -a ${name}_commands=(
${commands.map(([word, { summary }]) => described([word, summary])).join("\n")}
              )
              _describe command ${name}_commands
              ;;
            rest)
              case $words[1] in
${commands.map(([word, command]) => commandCase(word, command)).join("\n")}
              esac
              ;;
          esac
          ;;`;
}

function commandCase(word: string, { options, arguments: words }: CommandDescription): string {
  const specs = [
    ...Object.entries({ ...options, ...globalOptions }).map(([key, option]) => optionSpec(key, option)),
    ...words.map((argument, index) => {
      const position = argument.rest === true ? "*" : String(index + 1);
      return quoted(`${position}:${escaped(argument.name)}:${action(argumentOffers(argument))}`);
    }),
  ];
  return `        ${word})\n          _arguments -S ${specs.map((spec) => `\\\n            ${spec}`).join(" ")}\n          ;;`;
}

function optionSpec(key: string, option: Option): string {
  const flag = offeredFlag(key, option);
  const meaning = `[${escaped(optionMeaning(option))}]`;
  if (option.kind === "flag") return quoted(flag + meaning);
  const offered = option.kind === "space" ? ` _featuremap_entries_${flagName(key)}` : action(optionOffers(option));
  return quoted(`${flag}=${meaning}:${escaped(placeholderOf(option))}:${offered}`);
}

/** Offers what the value of an option may become that names others. */
function spaceFunction(flag: string, entries: readonly EntryOffers[]): string {
  const cases = entries.flatMap(({ name, key, words, names }) => {
    const offered = [
      ...(words.length === 0 ? [] : [`compadd -S '' -- ${words.join(" ")}`]),
      ...(names === undefined ? [] : [names === "folder" ? "_files -/" : "_files"]),
    ];
    return offered.length === 0 ? [] : [`    ${[...new Set([name, key])].join("|")}) ${offered.join("; ")} ;;`];
  });
  return `_featuremap_entries_${flag}() {
  local name=\${PREFIX%%=*}
  if ! compset -P 1 '*='; then
    compadd -S '' -- ${entries.map(({ name }) => `${name}=`).join(" ")} ||
      compadd -S '' -- ${entries.map(({ key }) => `${key}=`).join(" ")}
    return
  fi
  compset -P '*,'
  case $name in
${cases.join("\n")}
  esac
}`;
}

function action({ words, names }: Offers): string {
  const files = names === "folder" ? "_files -/" : "_files";
  if (words.length === 0) return names === undefined ? " " : files;
  if (names === undefined) return `(${words.map(escaped).join(" ")})`;
  return ` _featuremap_or ${names} ${words.map(escaped).join(" ")}`;
}

/** Text without what means something in a spec. */
function escaped(text: string): string {
  return text.replaceAll(/[\\:[\]]/g, String.raw`\$&`);
}
