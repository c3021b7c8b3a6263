// What can be seen of a page without touching it.

import { patiently } from "./visitor.mjs";

const DARK = [{ name: "prefers-color-scheme", value: "dark" }];
const STILL = [{ name: "prefers-reduced-motion", value: "reduce" }];
const EVERY_WIDTH = [320, 360, 768, 1920, 1440];

// Every page, by axe in the light and in the dark, and what reaches beyond its right edge at each
// width.  Nothing here needs the focus, so that two windows share the work.
export async function everyPage(visitor, { pages }) {
  const found = { accessibility: {}, widths: {} };
  const waiting = Object.entries(pages);
  const judge = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [kind, address] = next;
      await visitor.visit(address, async (page) => {
        for (const width of EVERY_WIDTH) {
          await page.setViewport({ width, height: 800 });
          found.widths[`${kind}, ${width}`] = await page.evaluate(tooWide);
        }
        await bringAxe(page);
        found.accessibility[`${kind}, light`] = await page.evaluate(assess);
        await page.emulateMediaFeatures(DARK);
        await page.setViewport({ width: 400, height: 800 });
        found.accessibility[`${kind}, dark`] = await page.evaluate(assess);
      }, { before: stay });
    }
  };
  await Promise.all([judge(), judge()]);
  return found;
}

// A page that leads elsewhere is looked at as well.
function stay() {
  window.navigation.addEventListener("navigate", (event) => event.preventDefault());
}

// Bring axe into a page by its address: the browser keeps what it made of it for the next page.
export async function bringAxe(page) {
  await page.addScriptTag({ url: new URL("/axe.js", page.url()).href });
}

export async function assess(part = "html") {
  const { violations, incomplete } = await window.axe.run(part, {
    resultTypes: ["violations", "incomplete"],
    rules: { "target-size": { enabled: true } }, // WCAG 2.2, which axe does not ask for by itself
  });
  const why = ({ any, all, none }) => [...any, ...all, ...none].map((each) => each.message);
  const told = (results) => results.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target} ${why(node)}`));
  return { violations: told(violations), incomplete: told(incomplete) };
}

export function tooWide() {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const beyond = [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > root.clientWidth + 0.5)
    .map((each) => `${each.tagName}.${each.className}`);
  return [`${root.scrollWidth} px`, ...beyond];
}

// Somebody else's photos among the others: whether their name can be read, on a telephone too.
export async function credits(visitor, { pages }) {
  const found = {};
  for (const kind of ["index", "day", "home"]) {
    await visitor.visit(pages[kind], async (page) => {
      for (const width of [320, 768, 1440]) {
        await page.setViewport({ width, height: 800 });
        found[`${kind}, ${width}`] = await page.evaluate(readCredits);
      }
    });
  }
  return found;
}

function readCredits() {
  const box = (each) => each.getBoundingClientRect();
  return [...document.querySelectorAll(".tile .by")].map((each) => {
    const [own, tile] = [box(each), box(each.closest(".tile"))];
    const others = [...each.closest(".tile").querySelectorAll("a .mark")].map(box);
    return {
      words: each.innerText.replace(/\s+/g, " "),
      cut: each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight,
      inside: own.left >= tile.left && own.right <= tile.right && own.bottom <= tile.bottom,
      covered: others.some((other) => other.left < own.right && other.bottom > own.top),
    };
  });
}

// Whether what a background tells comes out of a printer.
export async function printed(visitor, { pages }) {
  const found = {};
  for (const [name, [kind, selector, part]] of Object.entries(TOLD_BY_COLOUR)) {
    found[name] = await visitor.visit(pages[kind], (page) => page.evaluate((wanted, pseudo) => {
      const styles = [...document.querySelectorAll(wanted)].map((each) =>
        getComputedStyle(each, pseudo).printColorAdjust);
      return { count: styles.length, kept: styles.every((each) => each === "exact") };
    }, selector, part));
  }
  found.letters = await visitor.visit(pages.tags, async (page) => {
    await page.$eval(".photostream", (gallery) => gallery.insertAdjacentHTML("beforeend",
      "<section class='letters'><details><summary>A</summary><a href='/'>#a</a></details></section>"));
    const seen = () => page.$eval(".letters a", (link) => link.checkVisibility());
    const shown = await seen();
    await page.emulateMediaType("print");
    return { shown, printed: await seen() };
  });
  return found;
}

const TOLD_BY_COLOUR = {
  marks: ["index", ".mark", null],
  bars: ["archive", ".bars a", "::before"],
  position: ["place", ".locator span", null],
};

// The rows of every grid: each tile's height, and how far the row ends from the edge.
export async function rows(visitor, { pages }) {
  const found = {};
  for (const kind of ["index", "year", "album"]) {
    await visitor.visit(pages[kind], async (page) => {
      for (const width of [360, 768, 1280, 1920]) {
        await page.setViewport({ width, height: 800 });
        found[`${kind}, ${width}`] = await page.evaluate(measureRows);
      }
    });
  }
  return found;
}

function measureRows() {
  return [...document.querySelectorAll(".rows")].map((list) => {
    const edge = list.getBoundingClientRect().right;
    const grid = new Map();
    for (const tile of list.children) {
      const { top, height, right } = tile.getBoundingClientRect();
      const row = grid.get(Math.round(top)) ?? { heights: [], left: 0 };
      row.heights.push(height);
      row.left = edge - right;
      grid.set(Math.round(top), row);
    }
    return [...grid.values()];
  });
}

// How much the page jumps about while pictures arrive late and the reader scrolls on.
export async function shifts(visitor, { pages }) {
  const found = {};
  for (const [kind, width] of SHIFTING) {
    const options = { width, slow: 150, before: countShifts };
    found[`${kind}, ${width}`] = await visitor.visit(pages[kind], watchShifts, options);
  }
  return found;
}

const SHIFTING = [
  ["index", 360], ["index", 1280], ["photo", 360], ["photo", 1280], ["album", 768], ["film", 360],
  ["picture of the album", 360],
];

function countShifts() {
  window.jumps = [];
  const note = (list) => list.getEntries().forEach((entry) => window.jumps.push(entry.value));
  new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
}

async function watchShifts(page) {
  await page.evaluate(settle);
  for (let step = 0; step < 2; step += 1) {
    await page.evaluate(() => scrollBy(0, innerHeight));
    await page.evaluate(settle);
  }
  const jumps = await page.evaluate(() => window.jumps.slice());
  // The control: something pushes the page down, and has to be noticed.
  await page.evaluate(() => {
    scrollTo(0, 0);
    document.body.insertAdjacentHTML("afterbegin", "<p style='height:200px'></p>");
  });
  await page.evaluate(settle);
  const all = await page.evaluate(() => window.jumps.length);
  return { jumps, noticed: all > jumps.length };
}

// Wait until the pictures at hand are there, and two more frames are painted.
async function settle() {
  const near = [...document.images].filter((each) => each.loading !== "lazy");
  await Promise.all(near.map((each) => each.complete || new Promise((done) => {
    each.addEventListener("load", done);
    each.addEventListener("error", done);
  })));
  await new Promise((done) => setTimeout(done, 200));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}

// Which pictures of the index a telephone fetches before anybody scrolls.
export function loading(visitor, { pages }) {
  return visitor.visit(pages.index, async (page) => {
    await page.evaluate(settle);
    return page.evaluate(() => [...document.images].map((each) => ({
      way: each.loading, fetched: each.currentSrc !== "" && each.complete,
    })));
  }, { width: 360, height: 700 });
}

// What moves, for those who mind and for those who do not.  Chromium gives a transition up when
// the next page is not painted within four seconds, as on a busy machine; it never makes one that
// was refused, so that four times are enough to see that there is none.
export async function motion(visitor, { pages }) {
  const found = {};
  const moved = ({ transition }) => transition === "yes";
  for (let attempt = 0; attempt < 4 && !(found.reduced && moved(found.reduced)); attempt += 1) {
    found.reduced = await opening(visitor, pages, STILL);
  }
  found.any = await patiently(() => opening(visitor, pages, []), moved);
  return found;
}

// Follow a picture of the index, and note what moved on the way.
function opening(visitor, pages, media) {
  return visitor.visit(pages.index, async (page) => {
    await page.hover(".tile > a");
    const moving = await page.evaluate(whatMoves);
    await Promise.all([page.waitForNavigation(), page.click(".tile > a")]);
    const transition = await page.evaluate(() => sessionStorage.getItem("transition"));
    return { moving: [...moving, ...await page.evaluate(whatMoves)], transition };
  }, { media, before: noteTransition });
}

function noteTransition() {
  addEventListener("pagereveal", (event) => {
    sessionStorage.setItem("transition", event.viewTransition ? "yes" : "no");
  });
}

function whatMoves() {
  const styles = [...document.querySelectorAll("*")].flatMap((each) =>
    [null, "::before", "::after"].map((part) => [each, getComputedStyle(each, part)]));
  const lasts = (durations) => durations.split(", ").some((each) => each !== "0s");
  const moving = styles.filter(([, style]) =>
    style.animationName !== "none" || lasts(style.transitionDuration));
  const running = document.getAnimations().map((each) => `running: ${each.constructor.name}`);
  return [...new Set(moving.map(([each]) => `${each.tagName}.${each.className}`)), ...running];
}
