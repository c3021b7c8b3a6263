// How a picture travels between two pages: which parts of a view transition are animated.

import { patiently } from "./visitor.mjs";

// Every page promises to tell what is animated when it is shown; so does one that is come back to.
function note() {
  const promise = () => {
    window.shown = new Promise((tell) => {
      addEventListener("pagereveal", ({ viewTransition }) => {
        if (!viewTransition) return tell(null);
        const parts = () => document.getAnimations().map((each) => each.effect.pseudoElement);
        viewTransition.ready.then(() => tell([...new Set(parts())].sort()), () => tell(null));
      }, { once: true });
    });
  };
  promise();
  addEventListener("pagehide", promise);
}

// There and back.  Chromium gives a transition up when the next page is not painted within four
// seconds, as on a busy machine: then the same is tried again.
async function travel(visitor, address, selector) {
  const told = (page) => page.evaluate(() => window.shown);
  const found = {};
  await patiently(async () => {
    const went = await visitor.visit(address, async (page) => {
      await Promise.all([page.waitForNavigation(), page.click(selector)]);
      const there = await told(page);
      await page.goBack();
      return { there, back: await told(page) };
    }, { before: note });
    found.there ??= went.there;
    found.back ??= went.back;
    return found;
  }, ({ there, back }) => there && back);
  return found;
}

export async function travels(visitor, { pages }) {
  return {
    index: await travel(visitor, pages.index, ".tile > a"),
    album: await travel(visitor, pages.album, ".tile:nth-child(2) > a"),
    strip: await travel(visitor, pages["picture of the album"], ".strip li:last-child a"),
    neighbour: await travel(visitor, pages.photo, ".beside [rel=next]"),
  };
}

// What is fetched for somebody who points at links of a list: for a moment, again, and in passing;
// and for somebody who pays for every byte.
export async function ahead(visitor, { pages }) {
  const point = (page, awaited) => {
    const fetched = [];
    page.on("request", (request) => {
      const purpose = request.headers()["sec-purpose"] ?? "";
      if (purpose.startsWith("prefetch")) fetched.push(new URL(request.url()).pathname);
    });
    return async () => {
      const links = await page.$$(".tile > a");
      const stay = () => new Promise((done) => setTimeout(done, 400));
      const aim = async (link) => {
        const box = await link.boundingBox();
        return page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      };
      for (const [number, link] of [links[0], links[1]].entries()) {
        await aim(link);
        if (awaited) await patiently(() => fetched.length, (count) => count > number);
        else await stay();
      }
      await aim(links[0]);
      await stay();
      // In passing: within one turn of the page, so that no browser is too slow for it.
      await links[2].evaluate((link) => {
        const over = () => new PointerEvent("pointerover", { bubbles: true });
        for (const passed of [link, document.body]) passed.dispatchEvent(over());
      });
      await stay();
      const asked = await page.evaluate(() =>
        [...document.querySelectorAll(".tile > a")].slice(0, 2).map((link) => link.pathname));
      return { fetched, asked };
    };
  };
  const sparing = () => Object.defineProperty(navigator, "connection", { value: { saveData: true } });
  const look = (awaited) => (page) => point(page, awaited)();
  return {
    any: await visitor.visit(pages.index, look(true)),
    sparing: await visitor.visit(pages.index, look(false), { before: sparing }),
  };
}
