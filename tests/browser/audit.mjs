// Drives Chromium through a built gallery, once, and tells what it saw.
// Reads {site, chromium, pages, hostile, files, noise} as JSON and writes {chapter: findings};
// what is right and what is wrong is for the tests to say.
import { text } from "node:stream/consumers";
import puppeteer from "puppeteer-core";

import { arrows, film, injected, keyboard, moved, unscripted } from "./behaviour.mjs";
import { formats } from "./formats.mjs";
import { credits, everyPage, loading, motion, printed, rows, shifts } from "./looks.mjs";
import { calendar, openMap, stillMap } from "./places.mjs";
import { markup } from "./markup.mjs";
import { search } from "./search.mjs";
import { older } from "./older.mjs";
import { ahead, travels } from "./travel.mjs";
import {
  addressed, failing, fetched, mixture, spoken, still, touching, turning, viewing,
} from "./viewer.mjs";
import { Visitor } from "./visitor.mjs";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
  // A page that is rendered ahead of its visit is one that puppeteer loses sight of.
  "--disable-features=Prerender2",
];
const CHAPTERS = {
  everyPage, credits, printed, rows, shifts, loading, motion,
  keyboard, arrows, film, injected, unscripted, moved,
  search, formats,
  openMap, stillMap, calendar,
  viewing, turning, addressed, touching, still, mixture, failing, spoken, fetched, older, travels, ahead,
};

const asked = JSON.parse(await text(process.stdin));
const found = { seconds: {} };
const browser = await puppeteer.launch({ executablePath: asked.chromium, args: FLAGS, pipe: true });
try {
  const visitor = new Visitor(browser, asked.site);
  for (const [name, chapter] of Object.entries(CHAPTERS)) {
    await tell(name, () => chapter(visitor, asked));
  }
  found.noise = visitor.noise;
  const control = new Visitor(browser, asked.site);
  await tell("control", () => wrongs(control));
} finally {
  await browser.close();
}
await tell("markup", () => markup(asked.files));
process.stdout.write(JSON.stringify(found));

// One chapter that breaks is one test that fails: the others still tell what they found.
async function tell(name, chapter) {
  const start = performance.now();
  try {
    found[name] = await chapter();
  } catch (error) {
    found[name] = { broken: error.stack };
  }
  found.seconds[name] = Math.round(performance.now() - start) / 1000;
}

// What is found on a page where everything is wrong.
async function wrongs(visitor) {
  await visitor.visit("/noise.html", (page) => page.reload(), { lawless: true });
  await visitor.visit("/noise.html", () => null);
  const pages = { noise: "/noise.html" };
  return {
    noise: visitor.noise,
    everyPage: await everyPage(visitor, { pages }),
    markup: await markup([asked.noise]),
  };
}
