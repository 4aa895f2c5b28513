import type { Classifier, DeviceChoice } from "@featuremap/inference";
import { readsDigits } from "@featuremap/images";
import { FeaturemapError, UnavailableError } from "@featuremap/tensor";
import { DrawingBoard } from "./drawing/drawing-board.ts";
import { acceptDrops } from "./input/accept-drops.ts";
import { chosenFiles } from "./input/collect-files.ts";
import { readImage } from "./input/read-image.ts";
import { type NamedFile, sortDrop } from "./input/sort-drop.ts";
import { latestOnly } from "./latest-only.ts";
import { offerDevices, toDeviceChoice } from "./model/device-choice.ts";
import { type LoadedModel, ModelHost, type ModelSource } from "./model/model-host.ts";
import { ASSUMED_READER, describeInput, networkInput } from "./network-input.ts";
import { Bars } from "./view/bars.ts";
import { drawingContext, element } from "./view/element.ts";
import { showExamples } from "./view/examples.ts";
import { formatProgress } from "./view/format.ts";
import { ModelFacts } from "./view/model-facts.ts";
import { Notice } from "./view/notice.ts";
import { type SeenPicture, seenPicture } from "./view/seen-picture.ts";
import { enableTheme } from "./view/theme.ts";
import { Verdict } from "./view/verdict.ts";

declare global {
  /**
   * The classifier in use, for the console: `await featuremapClassifier.classify(pixels)`. Undefined until a model is
   * loaded; another one once another model is.
   */
  var featuremapClassifier: Classifier | undefined;
}

/** The page: joins the board, the model and the fields that show what it reads. */
export class ClassifierPage {
  readonly #board = new DrawingBoard(
    element("board", HTMLElement),
    element("board-canvas", HTMLCanvasElement),
    element("pen-status", HTMLElement),
    () => this.#changed(),
  );
  readonly #bars = new Bars(element("bars", HTMLElement));
  readonly #verdict = new Verdict();
  readonly #facts = new ModelFacts();
  readonly #notice = new Notice();
  readonly #writeTitle = element("write-title", HTMLElement);
  readonly #examplesField = element("examples-field", HTMLElement);
  readonly #seen = element("seen", HTMLCanvasElement);
  readonly #seenNote = element("seen-note", HTMLElement);
  readonly #deviceChoice = element("device-choice", HTMLSelectElement);
  readonly #host = new ModelHost({
    loading: (stage, share, loadedBytes) => this.#loading(stage, share, loadedBytes),
    ready: (model) => this.#ready(model),
    failed: (source, error) => this.#failed(source, error),
  });
  readonly #read = latestOnly<void>(() => this.#readBoard());
  #unmarkExamples: () => void = () => undefined;

  constructor() {
    enableTheme(element("theme", HTMLButtonElement), element("theme-name", HTMLElement), () => this.#board.repaint());
    this.#connectBoard();
    this.#connectModel();
    acceptDrops((files) => void this.#accept(files));
    void this.#addExamples();
    this.#changed();
  }

  /**
   * Loads a model.
   *
   * @param address of a `model.json` or its folder, relative to the page
   * @param about.optional whether it is not an error that there is none
   */
  open(address: string, device: DeviceChoice, about: Pick<ModelSource, "optional" | "outputs"> = {}): void {
    this.#deviceChoice.value = device;
    if (URL.canParse(address, document.baseURI)) {
      const url = new URL(address, document.baseURI);
      void this.#host.load({ name: nameOf(url), location: url.href, ...about }, device);
    } else {
      const remedy = "Give the address of a model.json, or of the folder that it lies in.";
      this.#failed({ name: address, location: address }, new UnavailableError("That is not an address", remedy));
    }
  }

  /** Loads a model whose files are at hand. */
  openFiles(source: ModelSource, device: DeviceChoice): void {
    this.#deviceChoice.value = device;
    void this.#host.load(source, device);
  }

  async #addExamples(): Promise<void> {
    this.#unmarkExamples = await showExamples(element("examples", HTMLElement), (digit) =>
      this.#board.show({ kind: "digit", digit }),
    );
  }

  #connectBoard(): void {
    const imageFile = element("image-file", HTMLInputElement);
    element("clear", HTMLButtonElement).addEventListener("click", () => this.#board.clear());
    element("undo", HTMLButtonElement).addEventListener("click", () => this.#board.undo());
    element("choose-image", HTMLButtonElement).addEventListener("click", () => imageFile.click());
    imageFile.addEventListener("change", () => void this.#acceptChosen(imageFile));
    addEventListener("keydown", ({ key, target }) => {
      if (key !== "Escape") return;
      const inField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
      if (this.#notice.isShown) this.#notice.hide();
      else if (!inField) this.#board.clear();
    });
  }

  #connectModel(): void {
    offerDevices(this.#deviceChoice);
    const folderFiles = element("folder-files", HTMLInputElement);
    const address = element("model-url", HTMLInputElement);
    element("choose-folder", HTMLButtonElement).addEventListener("click", () => folderFiles.click());
    folderFiles.addEventListener("change", () => void this.#acceptChosen(folderFiles));
    element("open-model", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const text = address.value.trim();
      if (text === "") address.focus();
      else this.open(text, this.#device);
    });
    this.#deviceChoice.addEventListener("change", () => {
      const { wanted } = this.#host;
      if (wanted !== undefined) void this.#host.load(wanted, this.#device);
    });
  }

  get #device(): DeviceChoice {
    return toDeviceChoice(this.#deviceChoice.value);
  }

  async #acceptChosen(input: HTMLInputElement): Promise<void> {
    await this.#accept(Promise.resolve(chosenFiles(input)));
    // So that choosing the same files again counts as a change.
    input.value = "";
  }

  async #accept(files: Promise<NamedFile<File>[]>): Promise<void> {
    try {
      const drop = sortDrop(await files);
      if (drop.kind === "bundle") {
        await this.#host.load({ name: drop.name, location: drop.files }, this.#device);
      } else if (drop.kind === "image") {
        this.#board.show({ kind: "image", ...(await readImage(drop.content)) });
        this.#notice.hide();
      } else {
        this.#notice.show("That cannot be read", drop.explanation);
      }
    } catch (error) {
      this.#notice.show("That cannot be read", messageOf(error));
      reportUnexpected(error);
    }
  }

  #loading(stage: "download" | "warm-up", share: number | undefined, loadedBytes: number): void {
    this.#facts.showProgress(share);
    if (this.#host.current !== undefined) return;
    const progress = formatProgress(share, loadedBytes);
    if (stage === "download") this.#verdict.blank("", `Fetching the network${progress}. You can write already.`);
    else this.#verdict.blank("", "Warming up. You can write already.");
  }

  #ready(model: LoadedModel): void {
    globalThis.featuremapClassifier = model.classifier;
    this.#notice.hide();
    this.#facts.hideProgress();
    this.#facts.showModel(model);
    const digits = readsDigits(model.classifier);
    this.#writeTitle.textContent = digits ? "Write a digit" : "Draw or drop an image";
    this.#examplesField.hidden = !digits;
    this.#bars.begin(model.classifier.labels);
    this.#changed();
  }

  #failed(source: ModelSource, error: unknown): void {
    const { current } = this.#host;
    this.#facts.hideProgress();
    this.#deviceChoice.value = current?.device ?? this.#deviceChoice.value;
    const reason = messageOf(error);
    if (current !== undefined) {
      this.#notice.show(`“${source.name}” could not be loaded`, `${reason} “${current.name}” stays in use.`);
      return;
    }
    this.#facts.showNone("Train one with “npx featuremap train mnist”, or open a bundle’s folder here.");
    this.#verdict.blank("", "No network to read with yet.");
    if (source.optional === true && error instanceof UnavailableError) return;
    this.#notice.show(`“${source.name}” could not be loaded`, reason);
    reportUnexpected(error);
  }

  /** The board or the model is another: shows at once what the network will be given, and asks for a reading. */
  #changed(): void {
    this.#unmarkExamples();
    this.#read();
  }

  async #readBoard(): Promise<void> {
    const { current } = this.#host;
    const { content } = this.#board;
    const model = current?.classifier ?? ASSUMED_READER;
    const pixels = networkInput(content, model);
    this.#showSeen(seenPicture(pixels, model.preprocessing), describeInput(content, model));
    if (current === undefined) return;
    if (this.#board.isEmpty) {
      this.#bars.blank();
      this.#verdict.blank("", "Ready.");
      return;
    }
    try {
      const { predictions, milliseconds } = await current.classifier.classify(pixels, { topK: this.#bars.wanted });
      if (current !== this.#host.current || this.#board.isEmpty) return;
      this.#bars.show(predictions);
      this.#verdict.show(predictions);
      this.#facts.showTiming(milliseconds);
    } catch (error) {
      // A model that has just been replaced may fail; the one in use may not.
      if (current === this.#host.current) this.#notice.show("Reading failed", messageOf(error));
    }
  }

  #showSeen({ data, width, height }: SeenPicture, note: string): void {
    this.#seen.width = width;
    this.#seen.height = height;
    drawingContext(this.#seen).putImageData(new ImageData(data, width, height), 0, 0);
    this.#seen.ariaLabel = this.#board.isEmpty ? "Nothing yet" : `Your picture as ${width} by ${height} pixels`;
    this.#seenNote.textContent = note;
  }
}

/** What this project did not throw on purpose is a mistake that someone should see whole. */
function reportUnexpected(error: unknown): void {
  if (!(error instanceof FeaturemapError)) reportError(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What to call a model at an address: the folder of its `model.json`. */
function nameOf(url: URL): string {
  const parts = url.pathname.split("/").filter((part) => part !== "" && part !== "model.json");
  const name = parts.at(-1) ?? url.host;
  try {
    return decodeURIComponent(name);
  } catch {
    // A percent sign that stands for itself.
    return name;
  }
}
