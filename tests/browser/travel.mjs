// How a picture travels between two pages: which parts of a view transition are animated.

function note() {
  addEventListener("pagereveal", ({ viewTransition }) => {
    viewTransition?.ready.then(() => {
      const parts = document.getAnimations().map((each) => each.effect.pseudoElement);
      sessionStorage.setItem("parts", JSON.stringify([...new Set(parts)].sort()));
    }, () => "skipped: it is tried again");
  });
}

// A browser that is busy skips a transition: then the same is tried again.
async function travel(visitor, address, selector) {
  const found = {};
  for (let attempt = 0; attempt < 4 && !(found.there && found.back); attempt += 1) {
    Object.assign(found, await visitor.visit(address, async (page) => {
      const told = async () => {
        await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
        const parts = await page.evaluate(() => sessionStorage.getItem("parts"));
        await page.evaluate(() => sessionStorage.removeItem("parts"));
        return parts && JSON.parse(parts);
      };
      await Promise.all([page.waitForNavigation(), page.click(selector)]);
      const there = await told();
      await page.goBack();
      return { there, back: await told() };
    }, { before: note }));
  }
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
  const point = (page) => {
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
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      };
      for (const link of [links[0], links[1]]) {
        await aim(link);
        await stay();
      }
      await aim(links[0]);
      await stay();
      await aim(links[2]);
      await page.mouse.move(1, 1);
      await stay();
      const asked = await page.evaluate(() =>
        [...document.querySelectorAll(".tile > a")].slice(0, 2).map((link) => link.pathname));
      return { fetched, asked };
    };
  };
  const sparing = () => Object.defineProperty(navigator, "connection", { value: { saveData: true } });
  const look = (page) => point(page)();
  return {
    any: await visitor.visit(pages.index, look),
    sparing: await visitor.visit(pages.index, look, { before: sparing }),
  };
}
