// Runs before the first paint: a chosen theme wins over the system's. Nothing else is ever kept in this browser.
const chosen = localStorage.getItem("theme");
if (chosen) document.documentElement.dataset.theme = chosen;
