// Before anything is drawn: what this device's person chose last, so that no page flashes in another theme.
(() => {
  const root = document.documentElement;
  try {
    const chosen = JSON.parse(localStorage.getItem("confab.preferences") ?? "{}");
    for (const name of ["theme", "accent", "density"]) if (chosen[name]) root.dataset[name] = chosen[name];
  } catch (error) {
    console.warn("The preferences of this device cannot be read", error);
  }
})();
