/**
 * Opens the pictures of a cell. It reads what the page holds, and asks nobody for anything.
 *
 * Text is set as text; the only addresses are those of pictures in the page.
 */
export const script = `
"use strict";
(() => {
  const source = document.getElementById("cell-pictures");
  const dialog = document.getElementById("cell");
  if (!source || !dialog || typeof dialog.showModal !== "function") return;
  const { names, cells, grainy } = JSON.parse(source.textContent);
  const byPlace = new Map(cells.map((cell) => [cell.row + "," + cell.column, cell]));
  const make = (name, text, more) => Object.assign(document.createElement(name), { textContent: text, ...more });
  const title = ({ row, column }) => row === column ? names[row] + ", right" : names[row] + " taken for " + names[column];
  const amount = ({ count, pictures }) => {
    const all = count === 1 ? "1 picture" : count.toLocaleString("en-US") + " pictures";
    return pictures.length === count ? all : pictures.length + " of " + all + ", those with the highest loss";
  };
  const grid = (cell) => {
    const box = make("div", "", { className: "pictures" });
    for (const { file, name, answer } of cell.pictures) {
      const figure = make("figure", "");
      const className = grainy ? "grainy" : "";
      figure.append(make("img", "", { src: "data:image/webp;base64," + file, alt: title(cell) + ": " + name, className }));
      const caption = make("figcaption", "");
      const path = make("span", "", { title: name });
      path.append(...name.split("/").flatMap((part, at) => at === 0 ? [part] : ["/", document.createElement("wbr"), part]));
      caption.append(path, make("span", answer));
      figure.append(caption);
      box.append(figure);
    }
    return box;
  };
  const show = (heading, list) => {
    document.getElementById("cell-title").textContent = heading;
    const content = document.getElementById("cell-content");
    content.replaceChildren();
    for (const cell of list) {
      if (list.length > 1) content.append(make("h3", title(cell)));
      content.append(make("p", amount(cell), { className: "muted" }), grid(cell));
    }
    dialog.showModal();
    dialog.scrollTop = 0;
  };
  const open = (row, column) => {
    const cell = byPlace.get(row + "," + column);
    if (cell) show(title(cell), [cell]);
  };
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const neighbour = (svg, { row, column }, [down, across]) => {
    for (let far = 1; far < names.length; far++) {
      const place = "[data-row='" + (row + far * down) + "'][data-column='" + (column + far * across) + "']";
      const found = svg.querySelector("[role=button]" + place);
      if (found) return found;
    }
    return undefined;
  };
  document.getElementById("cell-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  for (const group of document.querySelectorAll(".matrix [data-row]")) {
    const cell = byPlace.get(group.dataset.row + "," + group.dataset.column);
    if (!cell) continue;
    const svg = group.closest("svg");
    const isFirst = svg.getAttribute("role") !== "group";
    if (isFirst) {
      svg.setAttribute("role", "group");
      svg.setAttribute("aria-label", svg.getAttribute("aria-label") + ", arrow keys go from cell to cell");
    }
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", isFirst ? "0" : "-1");
    group.setAttribute("aria-label", title(cell) + ": show " + amount(cell));
    group.addEventListener("click", () => open(cell.row, cell.column));
    group.addEventListener("focus", () => {
      for (const stop of svg.querySelectorAll("[tabindex='0']")) stop.setAttribute("tabindex", "-1");
      group.setAttribute("tabindex", "0");
    });
    group.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (step) {
        event.preventDefault();
        neighbour(svg, cell, step)?.focus();
      }
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      open(cell.row, cell.column);
    });
  }
  for (const entry of document.querySelectorAll("td[data-row]")) {
    const cell = byPlace.get(entry.dataset.row + "," + entry.dataset.column);
    if (!cell) continue;
    const button = make("button", entry.textContent, { type: "button" });
    button.setAttribute("aria-label", title(cell) + ": show " + amount(cell));
    button.addEventListener("click", () => show(title(cell), [cell]));
    entry.replaceChildren(button);
  }
  const chooser = document.getElementById("chooser");
  if (chooser) {
    chooser.hidden = false;
    const select = chooser.querySelector("select");
    const rows = [...new Set(cells.map(({ row }) => row))];
    for (const row of rows) select.append(make("option", names[row], { value: String(row) }));
    chooser.querySelector("button").addEventListener("click", () => {
      const list = cells.filter(({ row }) => String(row) === select.value);
      if (list.length > 0) show(names[list[0].row], list);
    });
  }
})();
`;
