// Sets the chosen theme before the first paint; without a choice the system's counts.
try {
  const theme = localStorage.getItem("tidemark-theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing follows the system.
}
