interface SignRow {
  readonly element: HTMLElement;
  showExample(picture: ImageData | ImageBitmap): void;
  showProbability(probability: number): void;
}

interface SignRowEvents {
  /** What is on the board is this sign. */
  onDrawing: () => void;
  /** These files are pictures of this sign. */
  onPictures: (files: readonly File[]) => void;
}

/** A sign with its examples, buttons to add more, and a bar of how sure the network is. */
export function signRow(name: string, { onDrawing, onPictures }: SignRowEvents): SignRow {
  const element = document.createElement("div");
  element.className = "sign";
  element.innerHTML = `
    <h2></h2>
    <meter></meter>
    <div class="examples"></div>
    <button type="button"></button>
    <label>Choose pictures <input type="file" accept="image/*" multiple /></label>`;
  const part = <Kind extends Element>(selector: string) => element.querySelector<Kind>(selector)!;
  part("h2").textContent = name;
  part("button").textContent = `This is a ${name.toLowerCase()}`;
  part("button").addEventListener("click", onDrawing);
  const input = part<HTMLInputElement>("input");
  input.addEventListener("change", () => {
    onPictures([...(input.files ?? [])]);
    input.value = "";
  });

  return {
    element,
    showExample(picture) {
      const thumbnail = document.createElement("canvas");
      [thumbnail.width, thumbnail.height] = [picture.width, picture.height];
      const context = thumbnail.getContext("2d")!;
      if (picture instanceof ImageData) context.putImageData(picture, 0, 0);
      else context.drawImage(picture, 0, 0);
      part(".examples").append(thumbnail);
    },
    showProbability(probability) {
      part<HTMLMeterElement>("meter").value = probability;
    },
  };
}
