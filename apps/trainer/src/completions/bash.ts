import { type CommandDescription, firstWords } from "../options/command.ts";
import { globalOptions } from "../options/global.ts";
import { flagName } from "../options/names.ts";
import type { Options } from "../options/option.ts";
import {
  type Offers,
  type Subject,
  argumentOffers,
  flagsWithValue,
  offeredFlag,
  optionOffers,
  quoted,
  subjectsOf,
} from "./offers.ts";

/**
 * The completions of bash 3.2 and newer.
 *
 * bash makes a word of every "=", so that `--device=wasm` is three. Names of files are left to readline, which quotes
 * them; `compopt`, which asks for folders alone, is of bash 4.
 */
export function bashCompletions(commands: readonly CommandDescription[]): string {
  const subjects = subjectsOf(commands);
  return `# Completions of featuremap. To have them: source <(featuremap completions bash)
_featuremap_offer() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}
_featuremap_names() {
  type compopt > /dev/null 2>&1 || return
  case $1 in
    file) compopt -o default 2> /dev/null ;;
    folder) compopt -o dirnames 2> /dev/null ;;
  esac
}
_featuremap() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command="" words=0 only_words="" option="" index word
  COMPREPLY=()
  if [[ $current == "=" ]]; then
    current=""
  elif [[ $previous == "=" ]]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ $word == "=" ]]; then
      continue
    elif [[ -n $option ]]; then
      option=""
    elif [[ -n $only_words || $word != -* || $word == "-" ]]; then
      case $command in
        ${subjects.map(({ name }) => `${name}) command="$command $word" ;;\n        `).join("")}"") command=$word ;;
        *) ((words += 1)) ;;
      esac
    elif [[ $word == "--" ]]; then
      only_words=1
    else
      case $word in
        ${allFlagsWithValue(commands).join("|")}) option=$word ;;
      esac
    fi
  done
  if [[ -z $command ]]; then
    if [[ $current == -* ]]; then
      _featuremap_offer ${lines(["--help", "--version"])}
    else
      _featuremap_offer ${lines(firstWords(commands))}
    fi
    return
  fi
  case $command in
${[...subjects.map(subjectCase), ...commands.map(commandCase)].join("\n")}
  esac
}
complete -F _featuremap featuremap
`;
}

function subjectCase({ name, commands }: Subject): string {
  return `    ${name})
      if [[ $current == -* ]]; then
        _featuremap_offer ${lines(["--help"])}
      else
        _featuremap_offer ${lines(commands.map(([word]) => word))}
      fi
      ;;`;
}

function commandCase({ name, options: own, arguments: words }: CommandDescription): string {
  const options: Options = { ...own, ...globalOptions };
  const values = Object.entries(options).filter(([, { kind }]) => kind !== "flag");
  const flags = Object.entries(options).map(([key, option]) => offeredFlag(key, option));
  return `    ${quoted(name)})
      if [[ -n $option ]]; then
        case $option in
${values.map(([key, option]) => `          --${flagName(key)}) ${offer(optionOffers(option))} ;;`).join("\n")}
        esac
      elif [[ -z $only_words && $current == -* ]]; then
        _featuremap_offer ${lines(flags)}
      else
        case $words in
${words.map((word, index) => `          ${word.rest === true ? "*" : index}) ${offer(argumentOffers(word))} ;;`).join("\n")}
          *) ;;
        esac
      fi
      ;;`;
}

function offer({ words, names }: Offers): string {
  const parts = [
    ...(words.length === 0 ? [] : [`_featuremap_offer ${lines(words)}`]),
    ...(names === undefined ? [] : [`_featuremap_names ${names}`]),
  ];
  return parts.length === 0 ? ":" : parts.join("; ");
}

function lines(words: readonly string[]): string {
  return `$${quoted(words.join(String.raw`\n`))}`;
}

function allFlagsWithValue(commands: readonly CommandDescription[]): string[] {
  return [...new Set([...commands.map(({ options }) => options), globalOptions].flatMap(flagsWithValue))];
}
