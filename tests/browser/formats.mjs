// Which pictures come where there is AVIF, and whether a page looks as it does without.
const SHOWN = "[aria-hidden=false] .pswp__img:not(.pswp__img--placeholder)";
const ending = (address) => address.split(".").at(-1);

function boxes() {
  return [...document.images].map((image) => {
    const { x, y, width, height } = image.getBoundingClientRect();
    return [x, y, width, height];
  });
}

function unwrap() {
  for (const picture of document.querySelectorAll("picture")) {
    picture.replaceWith(picture.querySelector("img"));
  }
}

export async function formats(visitor, { avif }) {
  const found = {};
  for (const [kind, address] of Object.entries(avif)) {
    found[kind] = await visitor.visit(address, async (page) => {
      const sources = await page.$$eval("img", (all) => all.map(({ currentSrc }) => currentSrc));
      const viewed = (await page.$("a.view[data-view]")) ? await view(page) : null;
      const offered = await page.evaluate(boxes);
      await page.evaluate(unwrap);
      return { loaded: sources.map(ending), viewed, offered, plain: await page.evaluate(boxes) };
    });
  }
  return found;
}

async function view(page) {
  await page.click("a.view");
  await page.waitForFunction((image) => document.querySelector(image)?.currentSrc, {}, SHOWN);
  const shown = await page.$eval(SHOWN, ({ currentSrc }) => currentSrc);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector(".pswp"));
  return ending(shown);
}
