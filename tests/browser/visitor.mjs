import { setTimeout as pause } from "node:timers/promises";

export const PATIENCE = 60_000; // milliseconds; a busy machine takes long for what it does at last

// Try the same again until it succeeds, or for a minute; gives what came of it the last time.
export async function patiently(attempt, succeeded) {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const result = await attempt();
    if (succeeded(result) || performance.now() > end) return result;
    await pause(50);
  }
}

// A visitor of the site, who notes whatever goes wrong on the way.
export class Visitor {
  constructor(browser, site) {
    this.browser = browser;
    this.site = site;
    this.noise = [];
  }

  // Open an address in a window of its own, and give what `look` sees there.
  //   width, height  of the window, in CSS pixels
  //   scripts        whether the page's own scripts run
  //   media          what the person prefers, as in {name: "prefers-color-scheme", value: "dark"}
  //   lawless        whether the site's content security policy is ignored
  //   slow           milliseconds by which every picture comes later
  //   before         a function that runs in the page before its own scripts
  async visit(address, look, options = {}) {
    const { width = 1280, height = 800, scripts = true, media = [], lawless = false } = options;
    const page = await this.browser.newPage();
    try {
      this.#listen(page);
      await page.setViewport({ width, height });
      await page.setJavaScriptEnabled(scripts);
      await page.setBypassCSP(lawless);
      await page.emulateMediaFeatures(media);
      if (options.slow) await delayPictures(page, options.slow);
      if (options.before) await page.evaluateOnNewDocument(options.before);
      await page.goto(this.site + address, { waitUntil: "load" });
      return await look(page);
    } finally {
      await page.close();
    }
  }

  #listen(page) {
    const here = () => page.url().replace(this.site, "");
    const note = (kind, what) => this.noise.push(`${kind} on ${here()}: ${what}`);
    page.on("console", (message) => {
      if (["error", "warn"].includes(message.type())) note("console", message.text());
    });
    page.on("pageerror", (error) => note("script", error.message));
    page.on("dialog", async (dialog) => {
      note("dialog", dialog.message());
      await dialog.dismiss();
    });
    page.on("request", (request) => {
      // Chromium draws the controls of a film from addresses that hold their own pictures.
      const own = request.url().startsWith(`${this.site}/`) || request.url().startsWith("data:");
      if (!own) note("elsewhere", request.url());
    });
    page.on("requestfailed", (request) => {
      // That is what becomes of a request when its page is left.
      const reason = request.failure()?.errorText;
      if (reason !== "net::ERR_ABORTED") note("failed", `${request.url()} (${reason})`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) note(response.status(), response.url());
    });
  }
}

async function delayPictures(page, milliseconds) {
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const wait = request.resourceType() === "image" ? milliseconds : 0;
    setTimeout(() => request.continue().catch(() => "the page was left meanwhile"), wait);
  });
}
