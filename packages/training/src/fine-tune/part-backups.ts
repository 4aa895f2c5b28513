import { removeEmptyFolder } from "@featuremap/files";
import { BackupAndRestore } from "../callbacks/backup/backup-and-restore.ts";
import { CallbackList } from "../loop/callback-list.ts";
import { Callback, type TrainingRun } from "../run/callback.ts";

/** A backup while the base is frozen: in a folder within that of the whole training, which keeps what follows. */
class HeadBackup extends BackupAndRestore {
  constructor({ backupDir, saveFreq, doubleCheckpoint }: BackupAndRestore) {
    super({ backupDir: `${backupDir}/head`, saveFreq, doubleCheckpoint, deleteCheckpoint: true });
  }

  /** It stays until the other part has a backup of its own. */
  override async onTrainEnd(): Promise<void> {}

  async remove(): Promise<void> {
    await super.onTrainEnd({ epoch: [], history: {} });
  }
}

/** Saves the second part before its first step, so that nobody goes back to the first. */
class PartBegins extends Callback {
  static override readonly className: string = "PartBegins";
  override readonly last = true;
  readonly #whole: BackupAndRestore;
  readonly #head: HeadBackup;

  constructor(whole: BackupAndRestore, head: HeadBackup) {
    super();
    this.#whole = whole;
    this.#head = head;
  }

  override async onTrainBegin(run: TrainingRun): Promise<void> {
    if (this.#whole.restored === undefined) await this.#whole.onInterrupt(run);
    await this.#head.remove();
  }
}

/** Backups of a training in two parts, each with an optimizer of its own. */
export class PartBackups {
  readonly #callbacks: readonly Callback[];
  readonly #heads: ReadonlyMap<Callback, HeadBackup>;

  /** @throws {InvalidConfigError} they are not a list of callbacks. */
  constructor(owner: string, given: readonly Callback[]) {
    const { all: callbacks } = new CallbackList(owner, given);
    this.#callbacks = callbacks;
    this.#heads = new Map(
      callbacks.flatMap((each) => (each instanceof BackupAndRestore ? [[each, new HeadBackup(each)] as const] : [])),
    );
  }

  /** What hears of the epochs with a frozen base. */
  get first(): readonly Callback[] {
    return this.#callbacks.map((each) => this.#heads.get(each) ?? each);
  }

  /** What hears of the others. */
  get second(): readonly Callback[] {
    return this.#callbacks.flatMap((each) => {
      const head = this.#heads.get(each);
      return head !== undefined && each instanceof BackupAndRestore ? [each, new PartBegins(each, head)] : [each];
    });
  }

  /** Whether the second part had begun before an interruption. @throws {UnavailableError} the system does not tell. */
  async hasSecond(): Promise<boolean> {
    for (const each of this.#callbacks) {
      if (each instanceof BackupAndRestore && (await each.hasBackup())) return true;
    }
    return false;
  }

  /** No second part follows the first, which has ended. */
  async endFirst(): Promise<void> {
    for (const [whole, head] of this.#heads) {
      if (!(whole instanceof BackupAndRestore && whole.deleteCheckpoint)) continue;
      await head.remove();
      await removeEmptyFolder(whole.backupDir);
    }
  }
}
