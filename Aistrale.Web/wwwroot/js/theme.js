// Runs before the first paint. Our own colours follow <html data-theme>, which the server wrote from a cookie;
// the component library keeps its choice in local storage and must agree before it starts.
(() => {
  const theme = document.documentElement.dataset.theme;
  try {
    localStorage.setItem("fluentui-blazor:theme-settings", JSON.stringify(theme === "system" ? {} : { mode: theme }));
  } catch {
    // Storage may be forbidden; the library then follows the system.
  }
})();
