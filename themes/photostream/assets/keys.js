// ← and → follow the page's own links to its neighbours.
addEventListener("keydown", (event) => {
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const busy = event.target.closest?.("input, textarea, select, video, [contenteditable], .strip");
  const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  const link = rel && !busy && !modified && !event.defaultPrevented
    && document.querySelector(`.photostream a[rel=${rel}]`);
  if (link) location.assign(link.href);
});
