import { collectFiles } from "./collect-files.ts";
import type { NamedFile } from "./sort-drop.ts";

/**
 * Takes files dropped anywhere on the page, and pasted anywhere but into a text field.
 *
 * While files are dragged over the page, its root has the class `dropping`.
 */
export function acceptDrops(accept: (files: Promise<NamedFile<File>[]>) => void): void {
  const root = document.documentElement;
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    root.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => {
    // Leaving an element for another one inside the page is not a leaving.
    if (event.relatedTarget === null) root.classList.remove("dropping");
  });
  addEventListener("drop", (event) => {
    root.classList.remove("dropping");
    if (event.dataTransfer === null || !carriesFiles(event)) return;
    event.preventDefault();
    accept(collectFiles(event.dataTransfer));
  });
  addEventListener("paste", (event) => {
    if (event.target instanceof HTMLInputElement || !event.clipboardData?.types.includes("Files")) return;
    event.preventDefault();
    accept(collectFiles(event.clipboardData));
  });
}
