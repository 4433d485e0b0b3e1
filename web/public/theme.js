// Sets the theme before the first paint: the chosen one, or the system's. src/theme.ts has the button.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("tidemark-theme");
  } catch {
    // A browser without storage follows the system.
  }
  const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  document.documentElement.dataset.theme = theme === "dark" || theme === "light" ? theme : system;
})();
