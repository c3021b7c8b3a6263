// What a page does when somebody uses it.
import { setTimeout as pause } from "node:timers/promises";

import { PATIENCE, patiently } from "./visitor.mjs";

// Every stop of the Tab key, from the top of the page until it leaves the page.
export async function keyboard(visitor, { pages }) {
  const found = {};
  for (const kind of ["index", "photo", "album", "picture of the album", "tags", "home", "archive", "map", "days"]) {
    found[kind] = await visitor.visit(pages[kind], async (page) => {
      const stops = await walk(page);
      const reachable = await page.evaluate(() => [...document.querySelectorAll(
        "a[href]:not([tabindex='-1']), summary, button, input, video",
      )].filter((each) => each.checkVisibility()).length);
      return { stops, reachable, skipped: await skip(page) };
    });
  }
  return found;
}

// The page notes each stop when the key goes up, so that nobody has to ask it in between.
async function walk(page) {
  await page.evaluate(`{
    const whereFocusIs = ${whereFocusIs};
    window.stops = [];
    addEventListener("keyup", () => {
      if (window.stops.at(-1) !== null) window.stops.push(whereFocusIs());
    });
  }`);
  for (let presses = 0; presses < 300; presses += 20) {
    for (let press = 0; press < 20; press += 1) await page.keyboard.press("Tab");
    const stops = await page.evaluate(() => (window.stops.at(-1) === null ? window.stops : null));
    if (stops) return stops.slice(0, -1);
  }
  throw new Error("the Tab key does not leave the page");
}

function whereFocusIs() {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const box = it.getBoundingClientRect();
  const { outlineStyle, outlineWidth } = getComputedStyle(it);
  const boxes = [];
  for (let each = it; each; each = each.parentElement) boxes.push(each.getBoundingClientRect());
  return {
    name: it.textContent.trim() || it.querySelector("img")?.alt || it.tagName,
    order: [...document.querySelectorAll("*")].indexOf(it),
    outline: outlineStyle === "none" ? 0 : parseFloat(outlineWidth),
    unseen: boxes.some(({ width, height }) => Math.min(width, height) <= 1),
    inView: box.top >= 0 && box.left >= 0 && box.top < innerHeight && box.left < innerWidth,
    box: { top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right },
    inside: Boolean(it.closest("main")),
  };
}

// Follow the skip link, and tell where the next Tab leads.
async function skip(page) {
  await page.reload({ waitUntil: "load" });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  return page.evaluate(whereFocusIs);
}

// Where the arrow keys lead from a photo's page, and where they must not.
export async function arrows(visitor, { pages }) {
  const found = {};
  for (const key of ["ArrowLeft", "ArrowRight"]) {
    found[key] = await visitor.visit(pages.photo, async (page) => {
      await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
      return page.evaluate(() => location.pathname);
    });
  }
  found.links = await visitor.visit(pages.photo, (page) => page.evaluate(() => {
    const target = (rel) => document.querySelector(`a[rel=${rel}]`).pathname;
    return { ArrowLeft: target("prev"), ArrowRight: target("next") };
  }));
  found.asked = {};
  for (const [name, [kind, modifiers, focus]] of Object.entries(PRESSES)) {
    found.asked[name] = await visitor.visit(pages[kind], (page) => press(page, modifiers, focus));
  }
  return found;
}

// Name → page, modifiers, and what has the focus.  The first shows that a press is noticed.
const PRESSES = {
  "nothing else": ["photo", [], () => {}],
  "Alt": ["photo", ["Alt"], () => {}],
  "Control": ["photo", ["Control"], () => {}],
  "Meta": ["photo", ["Meta"], () => {}],
  "Shift": ["photo", ["Shift"], () => {}],
  "a text field": ["photo", [], () => {
    document.querySelector("main").insertAdjacentHTML("beforeend", "<input value='words'>");
    document.querySelector("input").focus();
  }],
  "editable text": ["photo", [], () => {
    document.querySelector("main").insertAdjacentHTML("beforeend", "<p contenteditable>words</p>");
    document.querySelector("[contenteditable]").focus();
  }],
  "a film": ["film", [], () => document.querySelector("video").focus()],
  "the strip of an album": ["picture of the album", [], () => {
    document.querySelector(".strip a").focus();
  }],
};

// Press the right arrow, and tell where the page asked to go: it asks while the key goes down.
async function press(page, modifiers, focus) {
  await page.evaluate(() => {
    window.asked = [];
    navigation.addEventListener("navigate", (event) => {
      window.asked.push(event.destination.url);
      event.preventDefault();
    });
  });
  await page.evaluate(focus);
  for (const each of modifiers) await page.keyboard.down(each);
  await page.keyboard.press("ArrowRight");
  for (const each of modifiers) await page.keyboard.up(each);
  return page.evaluate(() => window.asked);
}

// A film waits for its visitor, then plays.
export function film(visitor, { pages }) {
  return visitor.visit(pages.film, async (page) => {
    const fetched = [];
    page.on("request", (request) => fetched.push(request.url()));
    await page.reload({ waitUntil: "load" });
    const early = fetched.filter((address) => address.endsWith(".mp4"));
    await page.focus("video");
    await page.keyboard.press("Space");
    const plays = () => document.querySelector("video").currentTime > 0.3;
    const gaveUp = () => "how far it came is told below";
    await page.waitForFunction(plays, { timeout: PATIENCE }).catch(gaveUp);
    return { early, ...await page.evaluate(() => {
      const { currentTime, videoWidth, videoHeight, error } = document.querySelector("video");
      return { currentTime, videoWidth, videoHeight, error: error?.message };
    }) };
  });
}

// What captions became; without the policy, so that only the page itself stands in a script's way.
export async function injected(visitor, { hostile, pages }) {
  const addresses = [...Object.keys(hostile), pages.index, pages.tags, pages.home];
  const found = {};
  for (const address of addresses) {
    const look = (page) => page.evaluate(inspect);
    found[address] = await visitor.visit(address, look, { lawless: true });
  }
  return found;
}

function inspect() {
  const every = [...document.querySelectorAll("*")];
  const acts = (each) => [...each.attributes].some(({ name, value }) =>
    /^(on|srcdoc$|autofocus$)/.test(name) || /^\s*(javascript|data):/i.test(value));
  const script = (each) => each.localName === "script" && !each.src.includes("/photos/assets/")
    && each.type !== "application/ld+json"; // data, which no browser runs
  const strange = "iframe, object, embed, form, base, .caption a, .caption img, .said *";
  return {
    caption: document.querySelector(".caption")?.innerText ?? null,
    comment: document.querySelector(".said")?.innerText ?? null,
    strange: every.filter((each) => acts(each) || script(each) || each.matches(strange))
      .map((each) => each.outerHTML.slice(0, 200)),
  };
}

// Follow every link from the index as a browser without scripts does, in two windows.  Of many
// pages that differ by a number or a day alone, the others are reached, but not opened.
export async function unscripted(visitor, { pages }) {
  const waiting = [pages.index];
  const reached = new Set(waiting);
  const opened = [];
  const blank = [];
  let reading = 0;
  const read = async (page, address) => {
    await page.goto(visitor.site + address, { waitUntil: "load" });
    const { links, empty } = await page.evaluate(readPage);
    opened.push(address);
    blank.push(...empty.map((picture) => `${picture} on ${address}`));
    for (const link of links.filter((each) => !reached.has(each))) {
      reached.add(link);
      if (!ALIKE.test(link)) waiting.push(link);
    }
  };
  const follow = async (page) => {
    while (waiting.length || reading) {
      const address = waiting.shift();
      if (address) {
        reading += 1;
        await read(page, address).finally(() => { reading -= 1; });
      } else {
        await pause(20); // the other window may be about to find more
      }
    }
  };
  const walking = [1, 2].map(() => visitor.visit(pages.index, follow, { scripts: false }));
  await Promise.all(walking);
  return { reached: [...reached], opened, blank };
}

const ALIKE = /[/](plain-(?!10[/])\d+|on-this-day[/](?!05-12)\d\d-\d\d)[/]$/;

function readPage() {
  const links = [...document.links]
    .filter((each) => each.origin === location.origin && each.pathname.endsWith("/"))
    .map((each) => each.pathname);
  const empty = [...document.images].filter((each) => !each.complete || !each.naturalWidth);
  return { links: [...new Set(links)], empty: empty.map((each) => each.src) };
}

// Where the addresses that posts had on Instagram lead, with scripts and without.
export async function moved(visitor) {
  const found = {};
  for (const [name, [address, scripts, leads = true]] of Object.entries(OLD)) {
    found[name] = await visitor.visit(address, async (page) => {
      const where = async () => new URL(page.url()).pathname;
      if (leads) return patiently(where, (path) => path.startsWith("/photos/2024/"));
      await pause(500);
      return where();
    }, { scripts });
  }
  return found;
}

// Name → address, whether scripts run, and whether it leads on.  The last two differ by case alone.
const OLD = {
  "a photo": ["/p/boats/", true],
  "a photo, without scripts": ["/p/boats/", false],
  "an album": ["/p/Trip_1/", true],
  "an album, as Instagram writes it": ["/p/Trip_1/?img_index=1", true],
  "a picture of an album": ["/p/Trip_1/?img_index=4", true],
  "no picture of an album": ["/p/Trip_1/?img_index=99", true],
  "a film": ["/reel/trip_1/", true],
  "a film among posts": ["/p/trip_1/", true],
  "posts, without scripts": ["/p/trip_1/", false, false],
};
