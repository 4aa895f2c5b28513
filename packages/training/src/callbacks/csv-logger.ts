import { appendToFile, readFileIfAny, writeFileWhole } from "@featuremap/files";
import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { settleConfig } from "../config/settle-config.ts";
import type { Logs } from "../run/logs.ts";
import { Callback } from "../run/callback.ts";
import { textOption } from "../config/kinds.ts";
import { pathOption } from "./callback-options.ts";

export interface CSVLoggerConfig {
  /** The file; its folder is created if missing. */
  readonly filename: string;
  /** Between numbers. Default: a comma. */
  readonly separator?: string;
  /** Whether to append to an existing file instead of replacing it. Default: false. */
  readonly append?: boolean;
}

/**
 * Writes a line of numbers for every epoch: its number, counted from 0, then the logs in alphabetical order of their names.
 *
 * The columns are those of the first epoch, and if it was not validated, those of a validation; what an epoch lacks is
 * `NA`. Needs files, so it works in Node but not in a page. Source: Keras 3 `CSVLogger`.
 */
export class CSVLogger extends Callback {
  static override readonly className: string = "CSVLogger";
  static readonly options: PlainOptions<CSVLoggerConfig> = {
    filename: pathOption(),
    separator: textOption().default(","),
    append: Option.flag().default(false),
  };
  readonly filename: string;
  readonly separator: string;
  readonly append: boolean;
  #columns: readonly string[] | undefined;
  #withHeader = true;

  /** @throws {InvalidConfigError} an option is unknown, or there is no file. */
  constructor(config: CSVLoggerConfig) {
    super();
    const settled = settleConfig(CSVLogger, config);
    ({ filename: this.filename, separator: this.separator, append: this.append } = settled);
  }

  /** @throws {UnavailableError} the file cannot be written. */
  override async onTrainBegin(): Promise<void> {
    this.#columns = undefined;
    this.#withHeader = !this.append || ((await readFileIfAny(this.filename))?.length ?? 0) === 0;
    if (!this.append) await writeFileWhole(this.filename, "");
  }

  /** @throws {UnavailableError} the file cannot be written. */
  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    let text = "";
    if (this.#columns === undefined) {
      const own = Object.keys(logs).toSorted();
      const validated = own.some((name) => name.startsWith("val_"));
      this.#columns = validated ? own : [...own, ...own.map((name) => `val_${name}`)];
      if (this.#withHeader) text += this.#line(["epoch", ...this.#columns]);
    }
    const numbers = this.#columns.map((name) => (logs[name] === undefined ? "NA" : String(logs[name])));
    await appendToFile(this.filename, text + this.#line([String(epoch), ...numbers]));
  }

  #line(fields: readonly string[]): string {
    const quoted = fields.map((field) =>
      field.includes(this.separator) || /["\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field,
    );
    return `${quoted.join(this.separator)}\r\n`;
  }
}
