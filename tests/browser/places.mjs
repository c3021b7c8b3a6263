// The pages that arrange photos by place and by time.

import { assess, bringAxe, tooWide } from "./looks.mjs";
import { Visitor } from "./visitor.mjs";

// Somebody opens the map, walks through it with the keyboard, and closes it again.
export async function openMap(visitor, { pages, tiles }) {
  const own = new Visitor(visitor.browser, visitor.site); // asks others, as is told before
  const found = {};
  for (const [taste, media] of Object.entries(TASTES)) {
    const start = own.noise.length;
    const asked = () => own.noise.slice(start).filter((each) => each.includes(`${tiles}/`)).length;
    found[taste] = await own.visit(pages.map, (page) => walk(page, asked), { media, ...SMALL[taste] });
  }
  const noise = own.noise.filter((each) => !each.includes(tiles));
  return { ...found, noise, failed: await own.visit(pages.map, failing) };
}

const TASTES = {
  light: [],
  dark: [{ name: "prefers-color-scheme", value: "dark" }],
  still: [{ name: "prefers-reduced-motion", value: "reduce" }],
};
const SMALL = { dark: { width: 320, height: 640 } };

async function walk(page, asked) {
  const before = asked();
  await page.focus(".opener button");
  const promised = await page.$eval(".opener", (each) => each.innerText);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".live .pin");
  await page.waitForFunction(() => {
    const shown = [...document.querySelectorAll(".leaflet-tile")];
    return shown.length > 0 && shown.every((each) => each.complete);
  });
  const opened = await page.evaluate(whatIsOpen);
  await bringAxe(page);
  const axed = await page.evaluate(assess);
  const wide = await page.evaluate(tooWide);
  const popup = await openPopup(page, false);
  const inPopup = await page.evaluate(assess);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector(".leaflet-popup")); // it fades
  const back = await page.evaluate(whatIsOpen);
  const shared = await openPopup(page, true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  const closed = await page.evaluate(whatIsOpen);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".live .pin");
  const again = await page.evaluate(whatIsOpen);
  const sizes = await page.evaluate(() => performance.getEntriesByType("resource")
    .filter((each) => /\/(live|leaflet|map)-\w+\.(js|css)/.test(each.name)).map((each) => each.name));
  return {
    asked: [before, asked()], promised, opened, axed: [axed, inPopup], wide, popup, shared, back, closed,
    again, sizes,
  };
}

// The map does not come; what asked for it keeps the focus, and later it does come.
async function failing(page) {
  let refused = 0;
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const refuses = !refused && request.url().includes("/live-");
    if (refuses) refused += 1;
    if (refuses) request.abort("failed");
    else request.continue();
  });
  const told = () => page.evaluate(() => ({
    words: document.querySelector(".opener p").textContent,
    focus: document.activeElement.localName,
    hidden: document.querySelector(".live").hidden,
  }));
  await page.focus(".opener button");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".opener p").textContent.includes("could not"));
  const first = await told();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".live .pin");
  return { refused, first, second: await told() };
}

// Press Tab until a marker of one place, or of several, has the focus; and open it.
async function openPopup(page, several) {
  await page.focus(".live");
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate((wanted) => {
      const it = document.activeElement;
      return it.matches(".pin") && it.ariaLabel.includes(" near it") === wanted ? it.ariaLabel : "";
    }, several);
    if (name) {
      await page.keyboard.press("Enter");
      await page.waitForSelector(".leaflet-popup a");
      return page.evaluate((opener) => ({
        opener,
        focused: document.activeElement.closest(".leaflet-popup") ? document.activeElement.pathname : "",
        words: document.querySelector(".leaflet-popup-content").innerText,
        covered: [...document.querySelectorAll(".leaflet-popup-content *")].filter((each) => {
          const { left, right, top, bottom } = each.getBoundingClientRect();
          const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          return !above?.closest(".leaflet-popup");
        }).length,
        elements: [...new Set([...document.querySelectorAll(".leaflet-popup-content *")].map((each) => each.localName))],
        attributes: [...new Set([...document.querySelectorAll(".leaflet-popup-content *")].flatMap((each) => each.getAttributeNames()))],
      }), name);
    }
  }
  return null;
}

function whatIsOpen() {
  const it = document.activeElement;
  const region = document.querySelector(".live");
  const button = document.querySelector(".opener button");
  const pins = [...region.querySelectorAll(".pin")];
  const boxes = pins.map((each) => each.getBoundingClientRect());
  const whole = region.getBoundingClientRect();
  return {
    focus: it.matches(".pin") ? "pin" : it.matches(".live") ? "map" : it.localName,
    hidden: region.hidden,
    name: region.ariaLabel,
    expanded: button.ariaExpanded,
    button: button.textContent,
    popups: document.querySelectorAll(".leaflet-popup").length,
    pins: pins.map((each) => each.ariaLabel),
    inside: boxes.every((box) => box.left >= whole.left && box.right <= whole.right
      && box.top >= whole.top && box.bottom <= whole.bottom),
    small: [...region.querySelectorAll("a, [role=button]")].filter((each) => {
      const { width, height } = each.getBoundingClientRect();
      return Math.min(width, height) < 24;
    }).length,
    animated: Boolean(region.querySelector(".leaflet-zoom-anim, .leaflet-fade-anim"))
      || region.matches(".leaflet-fade-anim"),
    beneath: document.querySelector(".world")?.checkVisibility() ?? null,
  };
}

// The map that nobody opened: every dot is in the picture, and no two targets lie on one another.
export async function stillMap(visitor, { pages }) {
  const found = {};
  for (const width of [320, 768, 1440]) {
    found[width] = await visitor.visit(pages.map, (page) => page.evaluate(measureDots), { width });
  }
  const look = (page) => page.$eval(".opener", (each) => each.checkVisibility());
  found.unscripted = await visitor.visit(pages.map, look, { scripts: false });
  return found;
}

function measureDots() {
  const world = document.querySelector(".world");
  const whole = world.getBoundingClientRect();
  const box = (each) => each.getBoundingClientRect();
  const inside = (each) => each.left >= whole.left && each.right <= whole.right
    && each.top >= whole.top && each.bottom <= whole.bottom;
  const targets = [...world.querySelectorAll("a")].filter((each) => each.checkVisibility()).map(box);
  const meet = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5
    && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
  return {
    dots: [...world.querySelectorAll("circle")].map(box).map(inside),
    targets: targets.map((each) => inside(each) && each.width >= 24),
    overlapping: targets.flatMap((one, n) => targets.slice(n + 1).filter((other) => meet(one, other))).length,
    height: whole.height,
    width: whole.width,
  };
}

// The calendar on some days of a visitor's life.
export async function calendar(visitor, { pages }) {
  const found = {};
  for (const [name, moment] of Object.entries(MOMENTS)) {
    const before = `{
      const moment = ${moment.getTime()};
      const Real = Date;
      window.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(moment); }
      };
    }`;
    found[name] = await visitor.visit(pages.days, (page) => page.evaluate(readCalendar), { before, width: 320 });
  }
  found.unscripted = await visitor.visit(pages.days, (page) => page.evaluate(readCalendar), { scripts: false });
  return found;
}

const MOMENTS = {
  "a day with posts": new Date(2026, 4, 12, 0, 5),
  "a day without": new Date(2026, 6, 3, 23, 55),
  "the last day of a year": new Date(2025, 11, 31, 12),
  "a leap day": new Date(2028, 1, 29, 12),
};

function readCalendar() {
  const today = document.querySelector(".today");
  return {
    words: today.innerText,
    leads: today.querySelector("a")?.pathname ?? "",
    marked: [...document.querySelectorAll("[aria-current=date]")].map((each) =>
      `${parseInt(each.textContent, 10)} ${each.closest("section").querySelector("h2").textContent}`),
    days: document.querySelectorAll(".calendar li").length,
    links: [...document.querySelectorAll(".calendar a")].map((each) => [each.pathname, each.textContent]),
    // It has room from the start for what the script says: more would push the calendar down.
    jump: today.offsetHeight > parseFloat(getComputedStyle(today).minHeight),
  };
}
