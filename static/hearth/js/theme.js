// Runs before the first paint. What a signed-in person has chosen stands on <html>, and is kept for the sign-in page of
// this browser; where nobody is signed in, what is kept counts. Whether the list stands beside
// is kept as well. Nothing of a chat ever is.
const root = document.documentElement;
const said = root.dataset.theme;
if (said === "light" || said === "dark") localStorage.setItem("theme", said);
else if (said) localStorage.removeItem("theme");
else if (["light", "dark"].includes(localStorage.getItem("theme"))) root.dataset.theme = localStorage.getItem("theme");
root.toggleAttribute("data-alone", localStorage.getItem("sidebar") === "closed");
