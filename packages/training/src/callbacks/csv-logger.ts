import { appendToFile, readFileIfAny, writeFileWhole } from "@featuremap/files";
import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { checkOptions } from "../config/check-options.ts";
import type { Logs } from "../run/logs.ts";
import { Callback } from "../run/callback.ts";

export interface CSVLoggerConfig {
  /** The file; its folder is made if missing. */
  readonly filename: string;
  /** Between numbers. Default: a comma. */
  readonly separator?: string;
  /** Whether to go on in a file that is there instead of replacing it. Default: false. */
  readonly append?: boolean;
}

const options: OptionNames<CSVLoggerConfig> = { filename: true, separator: true, append: true };

/**
 * Writes a line of numbers for every epoch: its number from 0, then the logs by name in order of the alphabet.
 *
 * The columns are those of the first epoch, and where it was not validated, those of a validation; what an epoch lacks
 * is `NA`. Needs files, which Node has and a page has not. Source: Keras 3 `CSVLogger`.
 */
export class CSVLogger extends Callback {
  static override readonly className: string = "CSVLogger";
  readonly filename: string;
  readonly separator: string;
  readonly append: boolean;
  #columns: readonly string[] | undefined;
  #withHeader = true;

  /** @throws {InvalidConfigError} an option is unknown, or there is no file. */
  constructor(config: CSVLoggerConfig) {
    checkOptions("CSVLogger", config, options);
    super();
    if ((config.filename ?? undefined) === undefined) {
      throw new InvalidConfigError("CSVLogger", "filename", "a path", config.filename);
    }
    this.filename = config.filename;
    this.separator = config.separator ?? ",";
    this.append = config.append ?? false;
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
