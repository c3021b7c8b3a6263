// Lets Lighthouse judge pages of a served site, in one Chromium, and tells what it measured.
// Reads {site, chromium, quality: [address], speed: [address], enough, most, goal} as JSON and
// writes {quality: {address: {scores, failed}}, speed: {address: [run]}, seconds}; what is good
// enough is for the tests to say.
import { text } from "node:stream/consumers";
import lighthouse, { defaultConfig } from "lighthouse";
import { pageFunctions } from "lighthouse/core/lib/page-functions.js";
import puppeteer from "puppeteer-core";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
// What has no weight in a mark is advice, and takes longer to find than the mark.
const WEIGHED = ["total-byte-weight", "network-requests"]; // these are looked at all the same
const advice = Object.values(defaultConfig.categories).flatMap(({ auditRefs }) => auditRefs)
  .filter(({ id, weight }) => !weight && !WEIGHED.includes(id)).map(({ id }) => id);
const BRIEF = { skipAudits: [...new Set(advice)], pauseAfterFcpMs: 0, pauseAfterLoadMs: 0 };
const QUALITY = {
  ...BRIEF,
  onlyCategories: ["accessibility", "best-practices", "seo"],
  // Nothing here is about time, so a page need not be quiet for a while before it is judged.
  networkQuietThresholdMs: 0, cpuQuietThresholdMs: 0,
};
// Everything of such a page is there at once: half a second of quiet is an end, more is a wait.
const SPEED = {
  ...BRIEF, onlyCategories: ["performance"], networkQuietThresholdMs: 500, cpuQuietThresholdMs: 500,
};

// Lighthouse slows the processor down four times, to that of a phone, and warns that this is too
// much below this number of its own benchmark: a slow or busy machine is a part of a phone already.
const EXPECTED_MACHINE = 1000;
const SLOWDOWN = 4;

const asked = JSON.parse(await text(process.stdin));
const found = { quality: {}, speed: {}, seconds: {} };
const browser = await puppeteer.launch({ executablePath: asked.chromium, args: FLAGS });
try {
  for (const address of asked.quality) {
    found.quality[address] = await timed(address, async () => quality(await judge(address, QUALITY)));
  }
  for (const address of asked.speed) {
    found.speed[address] = await timed(`speed of ${address}`, () => runs(address));
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(found));

async function timed(name, work) {
  const start = performance.now();
  const result = await work();
  found.seconds[name] = Math.round(performance.now() - start) / 1000;
  return result;
}

// Whatever else the machine does makes a run slower and never faster: so there are runs until
// enough of them reach the goal, or until there are as many as may be.
async function runs(address) {
  const made = [];
  const good = () => made.filter((run) => run.score >= asked.goal).length;
  while (made.length < asked.most && good() < asked.enough) {
    const machine = await benchmark();
    const cpuSlowdownMultiplier = SLOWDOWN * Math.min(1, machine / EXPECTED_MACHINE);
    const throttling = { cpuSlowdownMultiplier: Math.max(1, cpuSlowdownMultiplier) };
    made.push({ machine, ...speed(await judge(address, { ...SPEED, throttling })) });
  }
  return made;
}

async function benchmark() {
  const page = await browser.newPage();
  try {
    return await page.evaluate(pageFunctions.computeBenchmarkIndex);
  } finally {
    await page.close();
  }
}

async function judge(address, settings) {
  const page = await browser.newPage();
  try {
    const config = {
      extends: "lighthouse:default",
      settings: { ...settings, disableFullPageScreenshot: true },
    };
    const { lhr } = await lighthouse(asked.site + address, { logLevel: "error" }, config, page);
    if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
    return lhr;
  } finally {
    await page.close();
  }
}

function percent(score) {
  return Math.round(score * 100);
}

// The score of each category, and in words what keeps it from being full.
function quality({ categories, audits }) {
  const every = Object.values(categories);
  const failed = every.flatMap(({ auditRefs }) => auditRefs)
    .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
    .map(({ id }) => `${id}: ${audits[id].title} ${seen(audits[id])}`.trim());
  const scores = Object.fromEntries(every.map(({ id, score }) => [id, percent(score)]));
  return { scores, failed };
}

function seen({ details }) {
  const items = details?.items ?? [];
  return items.slice(0, 3).map((item) => item.node?.snippet ?? JSON.stringify(item)).join("; ");
}

// Times are milliseconds on the simulated phone, sizes bytes as they were sent.
function speed({ categories, audits }) {
  const requests = audits["network-requests"].details.items;
  const scripts = requests.filter(({ resourceType }) => resourceType === "Script");
  const value = (id) => Math.round(audits[id].numericValue * 1000) / 1000;
  return {
    score: percent(categories.performance.score),
    shift: value("cumulative-layout-shift"),
    largest: value("largest-contentful-paint"),
    blocked: value("total-blocking-time"),
    weight: value("total-byte-weight"),
    scripts: scripts.reduce((sum, { transferSize }) => sum + transferSize, 0),
    elsewhere: requests.map(({ url }) => url).filter((url) => !url.startsWith(`${asked.site}/`)),
  };
}
