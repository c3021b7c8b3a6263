// What the viewer does: by keyboard, mouse, finger and address.

import { assess, bringAxe } from "./looks.mjs";

const STILL = [{ name: "prefers-reduced-motion", value: "reduce" }];
const DARK = [{ name: "prefers-color-scheme", value: "dark" }];
const LARGE = "[aria-hidden=false] .pswp__img:not(.pswp__img--placeholder)";
const PHONE = { width: 390, height: 780 };

const isOpen = (page) => page.waitForFunction(() => document.activeElement.closest(".pswp"));
const isClosed = (page) => page.waitForFunction(() => !document.querySelector(".pswp"));
const open = async (page) => {
  await page.click("a.view");
  await isOpen(page);
};
const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};

// What can be told of a page at any moment.
function state() {
  const dialog = document.querySelector(".pswp");
  const it = document.activeElement;
  const shown = dialog?.querySelector("[aria-hidden=false] .pswp__zoom-wrap");
  return {
    open: Boolean(dialog),
    hash: location.hash,
    entries: history.length,
    focus: it.getAttribute("aria-label") ?? (it.className || it.localName),
    said: dialog?.querySelector("[role=status]").textContent ?? null,
    inert: [...document.body.children].map((each) => each.inert),
    width: Math.round(shown?.querySelector(".pswp__img:not(.pswp__img--placeholder)")
      ?.getBoundingClientRect().width ?? 0),
  };
}
const look = (page) => page.evaluate(state);

// Open with a key, go round with Tab, zoom, and close.
export function viewing(visitor, { pages }) {
  return visitor.visit(pages.photo, async (page) => {
    const found = { before: await look(page) };
    await page.focus("a.view");
    await press(page, "Enter");
    await isOpen(page);
    found.opened = await look(page);
    found.dialog = await page.evaluate(() => {
      const { role, ariaModal, ariaLabel } = document.activeElement;
      return { role, ariaModal, ariaLabel };
    });
    found.buttons = await page.evaluate(sizesOfButtons);
    found.background = await page.evaluate(() =>
      getComputedStyle(document.querySelector(".pswp__bg")).opacity);
    found.stops = [];
    for (let turn = 0; turn < 5; turn += 1) {
      await press(page, "Tab");
      found.stops.push((await look(page)).focus);
    }
    await page.keyboard.down("Shift");
    await press(page, "Tab");
    await page.keyboard.up("Shift");
    found.backwards = (await look(page)).focus;
    await press(page, "z");
    const larger = (image, width) =>
      document.querySelector(image).getBoundingClientRect().width > width + 10;
    await page.waitForFunction(larger, {}, LARGE, found.opened.width);
    await press(page, "z", "Escape");
    await isClosed(page);
    found.closed = await look(page);
    return found;
  });
}

function sizesOfButtons() {
  const shown = [...document.querySelectorAll(".pswp button")].filter((each) =>
    each.checkVisibility());
  return shown.map((each) => {
    const { width, height } = each.getBoundingClientRect();
    return { name: each.ariaLabel, size: Math.min(width, height) };
  });
}

// Through an album with the arrow keys, and through the history of the browser.
export async function turning(visitor, { pages }) {
  const found = await visitor.visit(pages.album, async (page) => {
    const told = { before: await look(page) };
    await open(page);
    told.first = await look(page);
    await press(page, "ArrowRight", "ArrowRight");
    told.third = await look(page);
    await page.goBack();
    await isClosed(page);
    told.back = await look(page);
    await page.goForward();
    await isOpen(page);
    told.forward = await look(page);
    await page.focus(".pswp__button--arrow--next");
    await press(page, "Enter", "Enter", "Enter", "Enter");
    told.last = await look(page);
    await press(page, "Escape");
    await isClosed(page);
    told.closed = await look(page);
    told.address = await page.evaluate(() => location.pathname);
    return told;
  });
  found.picture = await visitor.visit(pages["picture of the album"], async (page) => {
    await open(page);
    return look(page);
  });
  return found;
}

// Addresses that open the viewer, and clicks that do not.
export async function addressed(visitor, { pages }) {
  const visit = (address) => visitor.visit(address, async (page) => {
    await isOpen(page);
    const opened = await look(page);
    await press(page, "Escape");
    await isClosed(page);
    return { opened, closed: await look(page) };
  });
  const found = {
    third: await visit(`${pages.album}#view-3`),
    beyond: await visit(`${pages.album}#view-99`),
    photo: await visit(`${pages.photo}#view`),
    left: await visitor.visit(pages.photo, modified),
  };
  found.early = await visitor.visit(`${pages.photo}#view`, early, { before: pretend });
  return found;
}

// Whether a click is left to the browser, by the key that is held.
async function modified(page) {
  await page.evaluate(() => addEventListener("click", (event) => {
    window.left = !event.defaultPrevented;
    event.preventDefault();
  }));
  const found = {};
  for (const key of ["Control", "Shift", "Meta", "Alt", "none"]) {
    if (key !== "none") await page.keyboard.down(key);
    await page.click("a.view");
    if (key !== "none") await page.keyboard.up(key);
    found[key] = await page.evaluate(() => window.left);
  }
  return found;
}

// A page that says it is rendered ahead of its visit, until somebody comes.
function pretend() {
  window.ahead = true;
  Object.defineProperty(Document.prototype, "prerendering", { get: () => window.ahead });
}

async function early(page) {
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  const before = await look(page);
  await page.evaluate(() => {
    window.ahead = false;
    document.dispatchEvent(new Event("prerenderingchange"));
  });
  await isOpen(page);
  return { before, after: await look(page) };
}

// Fingers: swipe to the next, swipe down to close, pinch to zoom.
export async function touching(visitor, { pages }) {
  return visitor.visit(pages.album, async (page) => {
    await page.setViewport({ ...PHONE, hasTouch: true, isMobile: true });
    await page.reload({ waitUntil: "load" });
    const client = await page.createCDPSession();
    const found = {};
    await page.tap("a.view");
    await isOpen(page);
    found.before = await look(page);
    await drag(client, [[330, 400]], [[60, 400]]);
    await page.waitForFunction(() => location.hash === "#view-2");
    found.second = (await look(page)).hash;
    await drag(client, [[60, 400]], [[330, 400]]);
    await page.waitForFunction(() => location.hash === "#view-1");
    await page.waitForFunction(resting);
    found.turned = await look(page);
    await drag(client, [[180, 400], [210, 400]], [[60, 400], [330, 400]]);
    found.pinched = await look(page);
    await drag(client, [[60, 400], [330, 400]], [[180, 400], [210, 400]]);
    await page.waitForFunction(resting);
    await drag(client, [[195, 300]], [[195, 700]]);
    await isClosed(page);
    found.closed = await look(page);
    return found;
  });
}

// Whether the slides have come to rest where they belong.
function resting() {
  const { x } = document.querySelector("[aria-hidden=false]").getBoundingClientRect();
  return Math.abs(x) < 1;
}

async function drag(client, from, to) {
  const at = (part) => from.map(([x, y], id) => ({
    x: x + (to[id][0] - x) * part, y: y + (to[id][1] - y) * part, id,
  }));
  const send = (type, touchPoints) => client.send("Input.dispatchTouchEvent", { type, touchPoints });
  await send("touchStart", at(0));
  for (let step = 1; step <= 8; step += 1) {
    await send("touchMove", at(step / 8));
    await new Promise((done) => setTimeout(done, 16));
  }
  await send("touchEnd", []);
}

// Those who asked for rest get the picture at once.
export async function still(visitor, { pages }) {
  const found = {};
  for (const [taste, media] of [["reduced", STILL], ["any", []]]) {
    found[taste] = await visitor.visit(pages.photo, async (page) => {
      await page.evaluate(() => {
        window.moved = [];
        for (const kind of ["transitionrun", "animationstart"]) {
          addEventListener(kind, ({ target }) => {
            if (target.closest(".pswp")) window.moved.push(`${kind}: ${target.className}`);
          });
        }
      });
      await open(page);
      await press(page, "Escape");
      await isClosed(page);
      return page.evaluate(() => window.moved);
    }, { media });
  }
  return found;
}

// An album of a photo, a film, a photo that is lost, and another photo.
export function mixture(visitor, { pages }) {
  return visitor.visit(pages["mixed album"], async (page) => {
    const film = () => {
      const { paused, currentTime, poster, controls, playsInline, textTracks, inert } =
        document.querySelector(".pswp video");
      const tracks = textTracks.length;
      return { paused, currentTime, poster, controls, playsInline, tracks, inert };
    };
    const found = {};
    await open(page);
    found.caption = await page.$eval(".viewer-caption", (each) => each.textContent);
    found.waiting = await page.evaluate(film);
    await press(page, "ArrowRight");
    found.shown = await page.evaluate(film);
    await page.focus(".pswp video");
    await press(page, "Space");
    await page.waitForFunction(() => document.querySelector(".pswp video").currentTime > 0.2);
    await press(page, "ArrowRight");
    found.own = await look(page);
    await page.click(".pswp__button--arrow--next");
    found.left = await page.evaluate(film);
    found.after = await look(page);
    return found;
  });
}

// Where a click leads when the viewer, or only its style, cannot be fetched.
export async function failing(visitor, { pages }) {
  const found = {};
  for (const part of ["viewer-[^/]+[.]js", "photoswipe[.]esm", "viewer-[^/]+[.]css"]) {
    found[part] = await visitor.visit(pages.photo, async (page) => {
      await page.setRequestInterception(true);
      page.on("request", (request) => {
        if (new RegExp(part).test(request.url())) request.abort("aborted");
        else request.continue();
      });
      const to = await page.$eval("a.view", (link) => link.href);
      await Promise.all([page.waitForNavigation(), page.click("a.view")]);
      return { to, at: page.url() };
    });
  }
  return found;
}

// What axe has to say while it is open.
export async function spoken(visitor, { pages }) {
  const found = {};
  for (const kind of ["photo", "mixed album"]) {
    await visitor.visit(pages[kind], async (page) => {
      await bringAxe(page);
      await open(page);
      if (kind !== "photo") await press(page, "ArrowRight");
      found[`${kind}, light`] = await page.evaluate(assess, ".pswp");
      await page.emulateMediaFeatures(DARK);
      await page.setViewport({ width: 400, height: 800 });
      found[`${kind}, dark`] = await page.evaluate(assess, ".pswp");
    });
  }
  return found;
}

// Which files come: on a page, for its viewer, and of what width on a telephone.
export async function fetched(visitor, { pages }) {
  const found = { load: [], viewer: [] };
  await visitor.visit(pages.photo, async (page) => {
    let list = found.load;
    page.on("request", (request) => {
      const path = new URL(request.url()).pathname;
      if (/[.](js|css)$/.test(path)) list.push(path);
    });
    await page.reload({ waitUntil: "load" });
    list = found.viewer;
    await open(page);
    await page.waitForFunction((image) => document.querySelector(image)?.currentSrc, {}, LARGE);
    found.picture = await page.$eval(LARGE, ({ currentSrc, srcset }) => {
      const all = srcset.split(", ").map((each) => each.split(" "));
      return { widths: all.map(([, width]) => parseInt(width)), shown: all.findIndex(
        ([address]) => address === currentSrc) };
    });
  }, PHONE);
  return found;
}
