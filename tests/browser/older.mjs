// "Show older photos": the next sheet of a list, below the one that is here.

function state() {
  const it = document.activeElement;
  const tiles = [...document.querySelectorAll(".tile > a.u-url")].map((each) => each.pathname);
  return {
    tiles,
    address: location.pathname,
    title: document.title,
    focus: it.pathname ?? it.localName,
    said: document.querySelector(".pager [role=status]")?.textContent ?? null,
    link: document.querySelector(".pager [rel=next]")?.innerText ?? null,
    headings: [...document.querySelectorAll(".group")].map((group) =>
      group.querySelector("h2")?.innerText ?? ""),
    eager: [...document.images].filter((each) => each.loading !== "lazy").length,
    entries: history.length,
  };
}

const more = async (page) => {
  const before = await page.$$eval(".tile", (tiles) => tiles.length);
  await page.focus(".pager [rel=next]");
  await page.keyboard.press("Enter");
  await page.waitForFunction((count) => document.querySelectorAll(".tile").length > count, {}, before);
};

export async function older(visitor, { pages }) {
  const found = await visitor.visit(pages.index, async (page) => {
    const before = await page.evaluate(state);
    await more(page);
    const after = await page.evaluate(state);
    const seen = await page.evaluate(() => {
      const { top, bottom } = document.activeElement.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
    await page.reload({ waitUntil: "load" });
    return { before, after, seen, reloaded: await page.evaluate(state) };
  });
  const sheets = await visitor.visit(pages.older, (page) => page.evaluate(state));
  found.failed = await visitor.visit(pages.index, failing);
  found.relative = await visitor.visit(pages.index, (page) =>
    page.$eval(".pager [rel=next]", (link) => link.innerText), { before: relate });
  return { ...found, second: sheets };
}

// Make the link relative to its page, as RELATIVE_URLS does, before any script sees it.
function relate() {
  new MutationObserver(() => {
    const link = document.querySelector(".pager [rel=next]");
    if (link && !link.getAttribute("href").startsWith(".")) link.setAttribute("href", "./page/2/");
  }).observe(document, { childList: true, subtree: true });
}

// The sheet does not come; the link is a link again, and leads there.
async function failing(page) {
  await page.setRequestInterception(true);
  let refused = 0;
  page.on("request", (request) => {
    if (request.resourceType() === "fetch") {
      refused += 1;
      request.abort("aborted");
    } else {
      request.continue();
    }
  });
  await page.focus(".pager [rel=next]");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".pager [role=status]").textContent);
  const told = await page.evaluate(state);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  return { told, refused, led: await page.evaluate(() => location.pathname) };
}
