// What the search finds, what it asks for, and how it is used.

import { assess, bringAxe, tooWide } from "./looks.mjs";
import { Visitor } from "./visitor.mjs";

const SETTLED = "/found|no more|Nothing|loaded|The first/i";
// Name → what is typed.
const QUERIES = {
  word: "boats", beginning: "boa", capitals: "BOATS", accents: "nazare", without: "nazar",
  apostrophe: "Peggy’s Cove", inside: "kapitansmutzenabzeichen", hebrew: "עולם", arabic: "مَرْحَبا",
  "short inside": "ats", tag: "#sea", "beginning of a tag": "#boa", "no tag": "#dusk",
  person: "@someone", "no person": "@sea", phrase: '"boats at dusk"', "other order": '"dusk at boats"',
  unclosed: '"at dusk', both: "dusk boats", neither: "boats zeppelin", day: "11 May 2024",
  hostile: "script alert",
};

export async function search(visitor, { pages }) {
  const at = (look, query = "", options = {}) =>
    visitor.visit(pages.search + query, look, options);
  return {
    quiet: await quiet(visitor, pages),
    typed: await at(typeEverything),
    scored: await at((page) => ask(page, "number 10"), ""),
    address: await at(page => result(page), "?q=boats"),
    back: await at(comeBack),
    cleared: await at(clear),
    more: await at(showMore),
    keyboard: await at(byKeyboard),
    submitted: await at(submit),
    accessible: await at(listen),
    widths: await at(measure, "?q=number"),
    again: await at(searchAgain),
    offline: await offline(visitor, pages),
    unscripted: await at(withoutScripts, "", { scripts: false }),
  };
}

// The beginning of a word is searched too: the address says whether the whole of it is.
async function settled(page, words) {
  const asked = (query) => new URLSearchParams(location.search).get("q") === query;
  if (words) await page.waitForFunction(asked, {}, words);
  await page.waitForFunction(`${SETTLED}.test(document.querySelector("[role=status]").textContent)`);
}

async function ask(page, words) {
  await page.$eval("[role=status]", (status) => status.replaceChildren());
  await page.$eval("input[name=q]", (input, text) => {
    input.value = text;
    input.form.requestSubmit();
  }, words);
  return result(page);
}

async function result(page, words) {
  await settled(page, words);
  return page.evaluate(() => ({
    status: document.querySelector("[role=status]").textContent,
    tiles: [...document.querySelectorAll(".rows a")].map(({ pathname }) => pathname),
    alts: [...document.querySelectorAll(".rows img")].map(({ alt }) => alt),
    query: new URLSearchParams(location.search).get("q"),
    value: document.querySelector("input[name=q]").value,
    more: document.querySelector(".more-found").checkVisibility(),
    strange: [...document.querySelectorAll(".rows *")].filter((each) =>
      !/^(A|IMG|LI|SPAN|svg|path|TIME)$/.test(each.nodeName)
      || each.getAttributeNames().some((name) => name.startsWith("on"))).map((each) => each.outerHTML),
  }));
}

// The files of the index that a visit asks for, before anything is typed and after the first key.
async function quiet(visitor, pages) {
  const found = {};
  for (const kind of ["index", "photo", "search"]) {
    found[kind] = await visitor.visit(pages[kind], async (page) => {
      const asked = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.reload({ waitUntil: "networkidle0" });
      const count = (part) => asked.filter((address) => address.includes(part)).length;
      const before = { scripts: count("/search-") - count(".json"), files: count(".json") };
      if (kind !== "search") return before;
      const focus = await page.evaluate(() => document.activeElement.name);
      await page.keyboard.type("b");
      await settled(page);
      return { ...before, focus, after: [count("/search-") - count(".json"), count(".json")] };
    });
  }
  return found;
}

async function typeEverything(page) {
  const found = {};
  for (const [name, words] of Object.entries(QUERIES)) found[name] = await ask(page, words);
  return found;
}

// Where a link led; the address of the search changes too, which puppeteer takes for a navigation.
async function elsewhere(page) {
  await page.waitForFunction(() =>
    document.readyState === "complete" && !location.pathname.endsWith("/search/"));
  return page.evaluate(() => location.pathname);
}

// Search, open the second post found, and come back.
async function comeBack(page) {
  await page.type("input[name=q]", "sea");
  const before = await result(page, "sea");
  const open = () => setTimeout(() => document.querySelectorAll(".rows a")[1].click());
  await page.evaluate(open);
  const there = await elsewhere(page);
  await page.goBack({ waitUntil: "load" });
  return { before, there, after: await result(page) };
}

async function clear(page) {
  const shown = () => page.$eval("[type=reset]", (button) => button.checkVisibility());
  const empty = await shown();
  await ask(page, "boats");
  const filled = await shown();
  await page.click("[type=reset]");
  await page.waitForFunction(() => !document.querySelector(".rows li"));
  return page.evaluate((visible) => ({
    visible, focus: document.activeElement.name, address: location.search,
    value: document.querySelector("input[name=q]").value,
    status: document.querySelector("[role=status]").textContent,
  }), [empty, filled, await shown()]);
}

async function showMore(page) {
  const before = await ask(page, "#many");
  await page.click(".more-found button");
  await page.waitForFunction(() => document.querySelectorAll(".rows li").length > 48);
  const focus = await page.evaluate(() =>
    [...document.querySelectorAll(".rows a")].indexOf(document.activeElement));
  return { before, focus, after: await result(page) };
}

async function byKeyboard(page) {
  await page.keyboard.type("boats");
  await settled(page, "boats");
  const stops = [];
  for (let press = 0; press < 3; press += 1) {
    await page.keyboard.press("Tab");
    stops.push(await page.evaluate(() => {
      const { type, className, pathname } = document.activeElement;
      return pathname ?? (type || className);
    }));
  }
  await page.keyboard.press("Enter");
  return { stops, there: await elsewhere(page) };
}

// Enter searches at once, and does not leave the page.
async function submit(page) {
  await page.evaluate(() => { window.same = true; });
  await page.keyboard.type("boats");
  await page.keyboard.press("Enter");
  const { status } = await result(page, "boats");
  return { status, same: await page.evaluate(() => window.same) };
}

async function listen(page) {
  await bringAxe(page);
  await ask(page, "sea");
  const found = { light: await page.evaluate(assess) };
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  await page.setViewport({ width: 360, height: 800 });
  await ask(page, "zeppelin");
  return { ...found, dark: await page.evaluate(assess) };
}

async function measure(page) {
  await settled(page);
  const found = {};
  for (const width of [320, 768, 1440]) {
    await page.setViewport({ width, height: 800 });
    found[width] = await page.evaluate(tooWide);
  }
  return found;
}

// What the second search asks for, once the first has read every file.
async function searchAgain(page) {
  await ask(page, "zeppelin");
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.setOfflineMode(true);
  const { status } = await ask(page, "zeppelins");
  await page.setOfflineMode(false);
  return { status, asked };
}

// Without a network; what that makes the browser complain about is no noise of the site's.
function offline(visitor, pages) {
  return new Visitor(visitor.browser, visitor.site).visit(pages.search, async (page) => {
    await page.setOfflineMode(true);
    const { status } = await ask(page, "boats");
    await page.setOfflineMode(false);
    return { status, later: (await ask(page, "boats")).status };
  });
}

function withoutScripts(page) {
  return page.evaluate(() => ({
    form: document.querySelector(".search").checkVisibility(),
    said: document.querySelector("noscript").innerText,
    links: [...document.querySelectorAll(".instead a")].map(({ pathname }) => pathname),
  }));
}
