// The viewer, in which a photo can be zoomed and an album swiped through: PhotoSwipe, made to
// speak.  No other file knows of PhotoSwipe.  While it is open the address ends in "#view", or in
// "#view-3" for the third photo, so that Back closes it and the address can be passed on.
import PhotoSwipe from "./vendor/photoswipe/photoswipe.esm.min.js";

const ADDRESS = /^#view(?:-(\d+))?$/;
const DURATION = 240; // milliseconds
const CONTROLS = 72; // CSS pixels at a film's lower edge that are its own
const DOUBLE_CLICK = 350; // milliseconds

const styled = (address) => new Promise((done, failed) => {
  const link = document.createElement("link");
  const href = new URL(address, import.meta.url);
  Object.assign(link, { rel: "stylesheet", href, onload: done, onerror: failed });
  document.head.append(link);
});
await Promise.all([styled("./vendor/photoswipe/photoswipe.css"), styled("./viewer.css")]);

const find = (selector) => document.querySelector(`.photostream ${selector}`);
const parts = [...document.querySelectorAll(".photostream [data-view]")];
const first = Math.max(parts.findIndex((part) => part.querySelector("[aria-current]")), 0);
const addressOf = (index) => (parts.length > 1 ? `#view-${index + 1}` : "#view");
let viewer = null; // while it is open
let opener = find(".view") ?? find("[aria-current]"); // has the focus afterwards

addEventListener("popstate", follow);
addEventListener("hashchange", follow);

// Open at the photo of this page, or at the first of an album.
export function open(link) {
  opener = link;
  history.pushState({ view: true }, "", addressOf(first));
  follow();
}

// Do as the address says: open, turn, or close.
export function follow() {
  const asked = ADDRESS.exec(location.hash);
  const index = asked?.[1] ? asked[1] - 1 : first;
  if (!asked) viewer?.close();
  else if (viewer) viewer.goTo(index);
  else show(index);
}

function show(index) {
  find(".stage video")?.pause();
  viewer = new PhotoSwipe({
    dataSource: parts.map(slide),
    index,
    bgOpacity: 1,
    loop: false,
    wheelToZoom: true,
    returnFocus: false, // as it comes back before the closing ends
    clickToCloseNonZoomable: false,
    showAnimationDuration: DURATION,
    hideAnimationDuration: DURATION,
    zoomAnimationDuration: DURATION,
    indexIndicatorSep: " of ",
  });
  for (const teach of [speak, keepFocus, holdFilms, ignoreSecondClicks, keepAddress]) teach(viewer);
  viewer.init();
}

// What PhotoSwipe shows for one photo.  The widest rendition gives the size.
function slide(part, index) {
  const image = part.querySelector("img");
  // A browser that takes AVIF has taken some for this page.
  const takesAvif = [...document.images].some((each) => /avif$/.test(each.currentSrc));
  const srcset = (takesAvif && part.dataset.avif) || part.dataset.view || image?.srcset || "";
  const [src, width = 960] = srcset.split(", ").at(-1).split(" ");
  const shown = (index === first && find(".stage img")) || image;
  return {
    ...part.dataset, // video, poster, track, title
    type: part.dataset.video ? "film" : "image",
    src,
    srcset,
    width: parseInt(width),
    height: parseInt(width) / getComputedStyle(part).getPropertyValue("--r"),
    alt: (image ?? part).alt ?? part.innerText,
    msrc: shown?.currentSrc,
    element: shown,
  };
}

// A dialog with a name that tells which photo it shows.
function speak(dialog) {
  const [caption, status] = ["viewer-caption pswp__hide-on-close", "viewer-status"].map((name) =>
    Object.assign(document.createElement("p"), { className: name }));
  status.setAttribute("role", "status");
  const tell = () => {
    const { currIndex, options: { dataSource } } = dialog;
    const { alt, title = "" } = dataSource[currIndex];
    status.textContent = dataSource[1] ? `${currIndex + 1} of ${dataSource.length}: ${alt}` : alt;
    caption.textContent = title;
  };
  dialog.on("change", tell);
  dialog.on("afterInit", () => {
    dialog.element.setAttribute("aria-modal", "true");
    dialog.element.setAttribute("aria-label", `${find("h1").textContent}, large`);
    dialog.element.append(caption, status);
  });
}

// Whoever uses a keyboard is alone with the dialog, sees its controls, and comes back afterwards.
function keepFocus(dialog) {
  let outside = [];
  dialog.on("afterInit", () => {
    outside = [...document.body.children].filter((each) => each !== dialog.element && !each.inert);
    outside.forEach((each) => { each.inert = true; });
  });
  dialog.on("close", () => {
    outside.forEach((each) => { each.inert = false; });
    queueMicrotask(() => opener?.focus({ preventScroll: true }));
  });
  // At the last photo the button to the next would take the focus with it.
  dialog.on("change", () => queueMicrotask(() => {
    const lost = document.activeElement.matches(":disabled, [inert], body");
    if (lost && dialog.opener.isOpen) dialog.element.focus();
  }));
  dialog.on("keydown", ({ originalEvent: event }) => {
    if (event.key !== "Tab") return;
    dialog.element.classList.add("pswp--ui-visible"); // a tap may have hidden them
    const stops = [...dialog.element.querySelectorAll("button, video")].filter((each) =>
      !each.inert && each.checkVisibility({ visibilityProperty: true }));
    if (event.shiftKey) stops.reverse();
    if (document.activeElement === stops.at(-1)) {
      event.preventDefault();
      stops[0].focus();
    }
  });
}

// Films play in the viewer with their own controls and keys; one that is left pauses.
function holdFilms(dialog) {
  const isFilm = ({ target }) => target.localName === "video";
  const rest = (inert) => ({ content: { type, element } }) => {
    if (type !== "film" || !element) return;
    element.inert = inert;
    if (inert) element.pause();
  };
  dialog.on("contentActivate", rest(false));
  dialog.on("contentDeactivate", rest(true));
  dialog.on("contentLoad", (event) => {
    const { content } = event;
    if (content.type !== "film") return;
    event.preventDefault();
    content.element = film(content.data);
    content.element.inert = content.index !== dialog.currIndex;
  });
  dialog.on("keydown", (event) => {
    const { originalEvent: it } = event;
    if (isFilm(it) && it.key !== "Escape" && it.key !== "Tab") event.preventDefault();
  });
  dialog.on("pointerDown", (event) => {
    const { originalEvent: it } = event;
    const depth = it.target.getBoundingClientRect().bottom - it.clientY;
    if (isFilm(it) && (it.pointerType === "mouse" || depth < CONTROLS)) event.preventDefault();
  });
}

function film({ video: src, poster = "", track, alt }) {
  const element = document.createElement("video");
  Object.assign(element, { controls: true, playsInline: true, preload: "none", poster, src });
  element.setAttribute("aria-label", alt);
  if (track) {
    const captions = document.createElement("track");
    const srclang = document.documentElement.lang;
    Object.assign(captions, { kind: "captions", src: track, srclang, label: "Captions" });
    element.append(captions);
  }
  return element;
}

// A click zooms, so that the second click of a double one would take that back.
function ignoreSecondClicks(dialog) {
  let last = -DOUBLE_CLICK;
  dialog.on("imageClickAction", (event) => {
    const { timeStamp } = event.originalEvent;
    if (timeStamp - last < DOUBLE_CLICK) event.preventDefault();
    last = timeStamp;
  });
}

// The address follows what is shown.  What was pushed is taken back, so that Back leads on.
function keepAddress(dialog) {
  const change = (address) => history.replaceState(history.state, "", address);
  const isAsked = () => ADDRESS.test(location.hash);
  dialog.on("change", () => isAsked() && change(addressOf(dialog.currIndex)));
  // While it opens it cannot be closed; the address may have changed meanwhile.
  dialog.on("openingAnimationEnd", () => setTimeout(follow));
  dialog.on("close", () => {
    viewer = null;
    if (isAsked() && history.state?.view) history.back();
    else if (isAsked()) change(location.pathname + location.search);
  });
}
