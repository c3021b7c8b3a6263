// Fetches the search when somebody uses it, or when the address says what to look for.
const form = document.querySelector(".photostream .search");
const { q: field } = form.elements;
const words = new URLSearchParams(location.search).get("q");
let search;

function begin(event) {
  event?.preventDefault();
  search ??= import("./search.js").catch(() => {
    search = undefined;
    document.querySelector(".photostream [role=status]").textContent =
      "The search could not be loaded. Try again when you are online.";
  });
}

form.addEventListener("submit", begin);
form.addEventListener("input", begin);
field.value = words ?? field.value;
if (field.value) begin();
else field.focus();
