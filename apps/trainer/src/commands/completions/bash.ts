import { type CommandDescription, firstWords } from "../../options/command.ts";
import { globalOptions } from "../../options/global.ts";
import { flagName } from "../../options/names.ts";
import type { Option, Options } from "../../options/option.ts";
import {
  type Offers,
  type Subject,
  argumentOffers,
  entryOffers,
  flagsWithValue,
  offeredFlag,
  optionOffers,
  quoted,
  subjectsOf,
} from "./offers.ts";

/**
 * The completions of bash 3.2 and newer.
 *
 * bash makes a word of every "=" and ":", so that `--device=wasm` is three; what stands around one is put together. Names of files are left to readline, which quotes
 * them; `compopt`, which asks for folders alone, is of bash 4.
 */
export function bashCompletions(commands: readonly CommandDescription[]): string {
  const subjects = subjectsOf(commands);
  return `# Completions of featuremap. To have them: source <(featuremap completions bash)
_featuremap_offer() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}
_featuremap_unspaced() {
  if type compopt > /dev/null 2>&1; then compopt -o nospace 2> /dev/null; fi
}
_featuremap_list() {
  local before="" typed=$current
  if [[ $current == *,* ]]; then before=\${current%,*},; fi
  current=\${current##*,}
  _featuremap_offer "$1"
  COMPREPLY=("\${COMPREPLY[@]/#/$before}")
  current=$typed
  _featuremap_unspaced
}
_featuremap_keys() {
  _featuremap_offer "$1"
  if [[ \${#COMPREPLY[@]} == 0 ]]; then _featuremap_offer "$2"; fi
  _featuremap_unspaced
}
_featuremap_names() {
  type compopt > /dev/null 2>&1 || return
  case $1 in
    file) compopt -o default 2> /dev/null ;;
    folder) compopt -o dirnames 2> /dev/null ;;
  esac
}
_featuremap() {
  local current=\${COMP_WORDS[COMP_CWORD]}
  local command="" words=0 only_words="" option="" entry="" valued="" value="" joined="" index word
  COMPREPLY=()
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ -n $word && $word != *[!=:]* ]]; then
      if [[ -z $option ]]; then
        option=$valued entry=$value joined=1
      fi
      if ((index == COMP_CWORD)); then current=""; fi
      continue
    elif ((index == COMP_CWORD)); then
      break
    elif [[ -n $option || -n $joined ]]; then
      valued=$option value=$word option="" entry="" joined=""
      continue
    fi
    valued=""
    if [[ -n $only_words || $word != -* || $word == "-" ]]; then
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
  if [[ -n $joined && -z $option ]]; then
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
${values.map(([key, option]) => `          --${flagName(key)}) ${valueOffer(option)} ;;`).join("\n")}
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

function valueOffer(option: Option): string {
  if (option.kind !== "space") return offer(optionOffers(option));
  const entries = entryOffers(option);
  const cases = entries.flatMap(({ name, key, words, names }) => {
    if (words.length === 0 && names === undefined) return [];
    const list = words.length === 0 ? "" : `_featuremap_list ${lines(words)}`;
    const shown = [list, names === undefined ? "" : `_featuremap_names ${names}`].filter(Boolean).join("; ");
    return [`${[...new Set([name, key])].join("|")}) ${shown} ;;`];
  });
  const [names, keys] = [entries.map(({ name }) => `${name}=`), entries.map(({ key }) => `${key}=`)];
  return `
            case $entry in
              "") _featuremap_keys ${lines(names)} ${lines(keys)} ;;
              ${cases.join("\n              ")}
            esac
           `;
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
