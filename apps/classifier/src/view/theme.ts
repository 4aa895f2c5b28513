const KEY = "featuremap-theme";

type Theme = "light" | "dark";

/**
 * Lets a button switch between light and dark. Until it is used, and again once it agrees with it, the page follows the
 * system.
 *
 * @param name where the button says what it switches to
 * @param changed called when the colours have changed, by the button or by the system
 */
export function enableTheme(button: HTMLButtonElement, name: HTMLElement, changed: () => void): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const systemTheme = (): Theme => (system.matches ? "dark" : "light");
  let chosen = recall();

  const apply = (): void => {
    const root = document.documentElement;
    if (chosen === undefined) delete root.dataset["theme"];
    else root.dataset["theme"] = chosen;
    const other = opposite(chosen ?? systemTheme());
    name.textContent = other === "dark" ? "Dark" : "Light";
    button.ariaLabel = `Use ${other} colours`;
    changed();
  };

  button.addEventListener("click", () => {
    const wanted = opposite(chosen ?? systemTheme());
    chosen = wanted === systemTheme() ? undefined : wanted;
    remember(chosen);
    apply();
  });
  system.addEventListener("change", apply);
  apply();
}

function opposite(theme: Theme): Theme {
  return theme === "dark" ? "light" : "dark";
}

function recall(): Theme | undefined {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : undefined;
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
    return undefined;
  }
}

function remember(theme: Theme | undefined): void {
  try {
    if (theme === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // As above.
  }
}
