// Opens the map when somebody asks for it: until then nothing of it is fetched.
const button = document.querySelector(".opener button");
const words = document.querySelector(".opener p");
const region = document.querySelector(".live");
const still = document.querySelector(".atlas");
const promise = words.textContent;
let close;
let opening = false; // a button that is disabled meanwhile would lose the focus

async function open() {
  if (opening) return;
  opening = true;
  try {
    const { show } = await import("./live.js");
    region.hidden = false;
    close = show(region, [...document.querySelectorAll(".topics a[data-at]")], leave);
    turn(true);
    words.textContent = promise;
    region.focus();
  } catch (error) {
    region.hidden = true;
    words.textContent = "The map could not be loaded; the list holds every place.";
    console.error(error);
  } finally {
    opening = false;
  }
}

function leave() {
  close();
  region.hidden = true;
  turn(false);
  button.focus();
}

function turn(opened) {
  still.classList.toggle("beneath", opened);
  button.setAttribute("aria-expanded", opened);
  button.textContent = opened ? "Close map" : "Open map";
}

button.addEventListener("click", () => (region.hidden ? open() : leave()));
