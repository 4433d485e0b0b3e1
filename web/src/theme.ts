// Dark or light: the system's setting until the user presses the button. Choosing the system's setting follows it
// again. public/theme.js does the same before the first paint.
type Name = "dark" | "light";

const key = "tidemark-theme";
const system_light = matchMedia("(prefers-color-scheme: light)");

export class Theme {
  private chosen = remembered();

  constructor(private readonly button: HTMLButtonElement, private readonly on_change: () => void) {
    button.addEventListener("click", () => this.toggle());
    system_light.addEventListener("change", () => this.show());
    this.show();
  }

  private now(): Name {
    return this.chosen ?? system();
  }

  private toggle(): void {
    const wanted = other(this.now());
    this.chosen = wanted === system() ? null : wanted;
    remember(this.chosen);
    this.show();
  }

  private show(): void {
    document.documentElement.dataset.theme = this.now();
    const next = other(this.now());
    this.button.textContent = next === "dark" ? "Dark" : "Light";
    this.button.setAttribute("aria-label", `Switch to the ${next} theme`);
    this.on_change();
  }
}

function system(): Name {
  return system_light.matches ? "light" : "dark";
}

function other(name: Name): Name {
  return name === "dark" ? "light" : "dark";
}

// A browser without storage follows the system; a choice then lasts as long as the page.
function remembered(): Name | null {
  try {
    const name = localStorage.getItem(key);
    return name === "dark" || name === "light" ? name : null;
  } catch {
    return null;
  }
}

function remember(name: Name | null): void {
  try {
    if (name) localStorage.setItem(key, name);
    else localStorage.removeItem(key);
  } catch {
    // Not stored.
  }
}
