// Dark or light: the system's wish until somebody presses the button, which goes system → the other one → back.
const key = "tidemark-theme";
const system_dark = matchMedia("(prefers-color-scheme: dark)");

export class Theme {
  constructor(private readonly button: HTMLButtonElement, private readonly on_change: () => void) {
    button.addEventListener("click", () => this.toggle());
    system_dark.addEventListener("change", () => this.show());
    this.show();
  }

  private toggle(): void {
    const root = document.documentElement;
    const system = system_dark.matches ? "dark" : "light";
    const wanted = this.now() === "dark" ? "light" : "dark";
    if (wanted === system) delete root.dataset.theme;
    else root.dataset.theme = wanted;
    try {
      if (wanted === system) localStorage.removeItem(key);
      else localStorage.setItem(key, wanted);
    } catch {
      // Not kept: the choice lasts as long as the page.
    }
    this.show();
  }

  private now(): "dark" | "light" {
    const chosen = document.documentElement.dataset.theme;
    return chosen === "dark" || chosen === "light" ? chosen : system_dark.matches ? "dark" : "light";
  }

  private show(): void {
    const other = this.now() === "dark" ? "Light" : "Dark";
    this.button.textContent = other;
    this.button.setAttribute("aria-label", `Switch to the ${other.toLowerCase()} theme`);
    this.on_change();
  }
}
