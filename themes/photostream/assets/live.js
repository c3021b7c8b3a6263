// The map that can be moved; the only file that knows Leaflet.
import "./vendor/leaflet/leaflet.js";

const { L } = globalThis;
const APART = 60; // pixels: nearer places share a marker
const DEEPEST = 18;

const styled = [
  new URL("./vendor/leaflet/leaflet.css", import.meta.url), new URL("./map.css", import.meta.url),
].map((address) => new Promise((done, failed) => {
  const sheet = document.createElement("link");
  Object.assign(sheet, { rel: "stylesheet", href: address.href, onload: done, onerror: failed });
  document.head.append(sheet);
}));
await Promise.all(styled);

// Leaflet's own layer of tiles empties pictures by a data: address, which a policy may forbid.
const Tiles = L.GridLayer.extend({
  initialize(address, options) {
    this.address = address;
    L.setOptions(this, options);
  },
  createTile(at, done) {
    const tile = document.createElement("img");
    tile.alt = "";
    tile.addEventListener("load", () => done(null, tile));
    tile.addEventListener("error", () => done(new Error(`no tile at ${tile.src}`), tile));
    tile.src = L.Util.template(this.address, {
      ...at, "-y": 2 ** at.z - 1 - at.y, s: "abc"[(at.x + at.y) % 3], r: devicePixelRatio > 1 ? "@2x" : "",
    });
    return tile;
  },
});

// Show the places behind some links; `leave` is called by Escape.  Gives what takes it all away.
export function show(region, links, leave) {
  const moving = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(region, {
    zoomAnimation: moving, fadeAnimation: moving, markerZoomAnimation: moving, inertia: moving,
    scrollWheelZoom: false, worldCopyJump: true, maxZoom: DEEPEST, zoomControl: false,
  });
  // Below, as popups open above their markers, and on a telephone they are as wide as the map.
  L.control.zoom({ position: "bottomleft" }).addTo(map);
  map.attributionControl.setPrefix(false);
  new Tiles(region.dataset.tiles, { attribution: credit(region) }).addTo(map);
  // The wheel scrolls the page, until the map is what somebody is busy with.
  map.on("focus", () => map.scrollWheelZoom.enable()).on("blur", () => map.scrollWheelZoom.disable());

  const places = links.map(placeOf).sort((one, other) => other.count - one.count);
  const markers = L.layerGroup().addTo(map);
  const bounds = L.latLngBounds(places.map((place) => place.at));
  map.fitBounds(bounds, { padding: [32, 48], maxZoom: 11, animate: false });
  draw(map, markers, places);
  map.on("zoomend", () => draw(map, markers, places));

  let telling = false; // a popup that closes is there until it has faded
  map.on("popupopen", () => { telling = true; }).on("popupclose", () => { telling = false; });
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (telling) map.closePopup();
    else leave();
  };
  region.addEventListener("keydown", escape, true);
  return () => {
    region.removeEventListener("keydown", escape, true);
    map.remove();
    region.removeAttribute("tabindex");
  };
}

function credit(region) {
  const words = document.createElement(region.dataset.credit.includes("OpenStreetMap") ? "a" : "span");
  words.textContent = region.dataset.credit;
  if (words.localName === "a") words.href = "https://www.openstreetmap.org/copyright";
  return words.outerHTML;
}

function placeOf(link) {
  return {
    at: L.latLng(link.dataset.at.split(",").map(Number)),
    count: Number(link.dataset.count),
    name: link.textContent.trim(),
    href: link.href,
    picture: link.querySelector("img")?.src,
  };
}

// One marker for what lies together at this depth; the place with most posts stands for it.
function draw(map, markers, places) {
  const focused = document.activeElement?.dataset?.place;
  const groups = [];
  for (const place of places) {
    const point = map.project(place.at);
    const near = groups.find((group) => group.point.distanceTo(point) < APART);
    if (near) near.places.push(place);
    else groups.push({ point, places: [place] });
  }
  markers.clearLayers();
  for (const group of groups) mark(map, markers, group.places);
  if (focused === undefined) return;
  const again = [...map.getPane("markerPane").children].find((each) => each.dataset.place === focused);
  (again ?? map.getContainer()).focus({ preventScroll: true });
}

function mark(map, markers, places) {
  const total = places.reduce((sum, place) => sum + place.count, 0);
  const [first] = places;
  const icon = L.divIcon({ className: "pin", iconSize: [48, 48], html: face(first, total) });
  const marker = L.marker(first.at, { icon, riseOnHover: true }).addTo(markers);
  const others = places.length === 1 ? "" : ` and ${counted(places.length - 1, "place")} near it`;
  const element = marker.getElement();
  element.setAttribute("aria-label", `${first.name}${others}, ${counted(total, "post")}`);
  element.dataset.place = first.href;
  const bounds = L.latLngBounds(places.map((place) => place.at));
  const choose = () => {
    // What only a deeper map takes apart is taken apart; what nothing does is listed.
    if (places.length > 1 && map.getZoom() < DEEPEST && !bounds.getNorthEast().equals(bounds.getSouthWest())) {
      map.fitBounds(bounds, { padding: [64, 64], animate: map.options.zoomAnimation });
    } else {
      tell(map, marker, places);
    }
  };
  marker.on("click", choose);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose();
  });
}

function tell(map, marker, places) {
  const list = document.createElement("ul");
  list.append(...places.map(entryOf));
  const popup = L.popup({ offset: [0, -18], closeOnEscapeKey: false, maxHeight: 260, minWidth: 230 })
    .setLatLng(marker.getLatLng()).setContent(list);
  popup.on("remove", () => {
    const inside = popup.getElement()?.contains(document.activeElement);
    if (inside || document.activeElement === document.body) marker.getElement()?.focus({ preventScroll: true });
  });
  popup.openOn(map);
  list.querySelector("a").focus({ preventScroll: true });
}

function entryOf(place) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const name = document.createElement("b");
  const count = document.createElement("span");
  link.href = place.href;
  name.textContent = place.name;
  count.textContent = counted(place.count, "post");
  link.append(...pictureOf(place), name, " ", count);
  item.append(link);
  return item;
}

function face(place, total) {
  const box = document.createElement("span");
  const number = document.createElement("b");
  number.dataset.count = total.toLocaleString("en"); // shown by the style: the marker's name says it
  box.append(...pictureOf(place), number);
  return box;
}

function pictureOf(place) {
  if (!place.picture) return [];
  const picture = document.createElement("img");
  return [Object.assign(picture, { src: place.picture, alt: "" })];
}

function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
