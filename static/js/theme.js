// Runs before the first paint, so that a remembered theme never flashes.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // Storage may be switched off; the system's own theme then stands.
  }
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
})();
