// What a page of the gallery can do beyond its links.  Without it every link leads on by itself.
"use strict";
{
  const find = (selector) => document.querySelector(`.photostream ${selector}`);
  const plain = (event) => !(event.button || event.altKey || event.ctrlKey || event.metaKey
    || event.shiftKey || event.defaultPrevented);

  const bare = (address) => address.split("#")[0];

  // ← and → lead to the neighbours, unless something on the page has its own use for them.
  const BUSY = "input, textarea, select, video, [contenteditable], [role=application], .strip";
  addEventListener("keydown", (event) => {
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const busy = event.target.closest?.(BUSY) || document.querySelector(".pswp");
    const link = rel && !busy && plain(event) && find(`.beside a[rel=${rel}]`);
    if (link) location.assign(link.href);
  });

  // The viewer is fetched when somebody asks for it, be it by an address that ends in "#view-3".
  const follow = () => {
    if (!/^#view(-\d+)?$/.test(location.hash) || !find("[data-view]")) return;
    import("./viewer.js").then((viewer) => viewer.follow(), () => "the page itself is there");
  };
  const open = (link) => import("./viewer.js").then(
    (viewer) => viewer.open(link),
    () => location.assign(link.href),
  );
  addEventListener("hashchange", follow);
  if (document.prerendering) document.addEventListener("prerenderingchange", follow);
  else follow();

  // Whoever points at a link for a moment is about to follow it: its page is fetched ahead, once.
  const WAYS = ".tile > a, .strip a, .beside a, .pager a";
  const ahead = new Set([bare(location.href)]);
  let pointing;
  addEventListener("pointerover", ({ target }) => {
    clearTimeout(pointing);
    const link = target.closest?.(".photostream a");
    if (!link?.matches(WAYS) || ahead.has(bare(link.href)) || navigator.connection?.saveData) return;
    pointing = setTimeout(() => {
      ahead.add(bare(link.href));
      const { href } = link;
      document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href }));
    }, 100);
  });

  // The next sheet of a list comes below the one that is here.  An address that is relative to
  // its page would lead elsewhere then: such links stay as they are.
  const next = find(".h-feed > .pager [rel=next]");
  const status = document.createElement("p");
  const words = next?.innerHTML;
  const show = async () => {
    older = () => {}; // one at a time
    try {
      const answer = await fetch(next.href);
      if (!answer.ok) throw new Error(answer.status);
      append(new DOMParser().parseFromString(await answer.text(), "text/html"));
      older = show;
    } catch {
      older = null;
      next.innerHTML = words;
      status.textContent = "They cannot be shown here now; the link leads to them.";
    }
  };
  let older = next && !next.getAttribute("href").startsWith(".") ? show : null;
  const append = (page) => {
    const [first, ...others] = page.querySelectorAll(".h-feed > .group");
    const tiles = [...page.querySelectorAll(".h-feed .tile")];
    const last = [...document.querySelectorAll(".h-feed > .group")].at(-1);
    const heading = (group) => group.querySelector("h2")?.textContent;
    const { shown, total } = page.querySelector(".pager").dataset;
    const goesOn = heading(first) === heading(last);
    history.replaceState(history.state, "", next.href);
    document.title = page.title;
    for (const each of page.images) {
      each.loading = "lazy";
      each.removeAttribute("fetchpriority");
    }
    if (goesOn) last.querySelector("ul").append(...first.querySelector("ul").children);
    else last.after(first);
    [...document.querySelectorAll(".h-feed > .group")].at(-1).after(...others);
    status.textContent = `${tiles.length} more, ${shown} of ${total} posts`;
    tiles[0].querySelector("a").focus();
    const further = page.querySelector(".pager [rel=next]");
    if (further) next.href = further.getAttribute("href");
    else next.remove();
  };
  if (older) {
    next.textContent = "Show older photos";
    status.className = "quiet";
    status.setAttribute("role", "status");
    next.before(status);
  }

  // From a grid to a photo and back, its picture stays: on both pages it has one name.
  const THUMBS = ".tile > a, .strip a";
  const linkTo = (address, selector) => [...document.querySelectorAll(selector)]
    .find((link) => bare(link.href) === bare(address));
  const leadsTo = (address) => clicked && bare(clicked.href) === bare(address);
  const stage = () => find(".stage :is(img, video)");
  let clicked, named, origin;
  const name = (element) => {
    named?.style.removeProperty("view-transition-name");
    const box = element?.getBoundingClientRect();
    named = box && box.bottom > 0 && box.top < innerHeight ? element : null;
    named?.style.setProperty("view-transition-name", "photo");
  };
  addEventListener("pageswap", ({ viewTransition, activation }) => {
    if (!viewTransition) return;
    const { url } = activation.entry;
    viewTransition.ready.catch(() => "the other page has none");
    // Chromium reports an error where the page that follows is a picture alone.
    if (/[.](?!html?$)\w+$/.test(new URL(url).pathname)) viewTransition.skipTransition();
    const link = leadsTo(url) ? clicked : linkTo(url, ".tile > a");
    // From photo to photo nothing travels, unless the strip below was the way, or is the way back.
    const back = activation.navigationType === "traverse" && origin === bare(url);
    const beside = !back && linkTo(url, ".strip a, .beside a");
    name(link ? link.querySelector("img") : beside ? null : stage());
  });
  addEventListener("pagereveal", ({ viewTransition }) => {
    const from = viewTransition && navigation.activation?.from?.url;
    const link = from && (leadsTo(from) ? clicked : linkTo(from, ".tile > a"));
    name(from && (link?.querySelector("img") ?? stage()));
    viewTransition?.ready.then(() => {
      const came = document.getAnimations().some(({ effect }) =>
        effect.pseudoElement === "::view-transition-old(photo)");
      origin = came && bare(from);
    }, () => "nothing moved");
  });

  addEventListener("click", (event) => {
    const link = event.target.closest?.(".photostream a");
    if (!link || !plain(event)) return;
    if (link.matches(THUMBS)) clicked = link;
    const act = link.matches(".view") ? open : link === next && older;
    if (act) {
      event.preventDefault();
      act(link);
    }
  });
}
