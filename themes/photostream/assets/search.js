// The search page: reads the files of the years, the newest first, until there is enough to show.
// What they hold is text, and goes into the page as text.
// So many posts at once; so many milliseconds after a key.
const PAGE = 48;
const PATIENCE = 150;
const $ = (selector) => document.querySelector(`.photostream ${selector}`);
const form = $(".search");
const input = form.elements.q;
const list = $(".rows");
const more = $(".more-found");
const { gallery, files } = form.dataset;
const years = files.split(" ");
// The posts of each file.
const read = new Map();
const LETTERS = { ß: "ss", ı: "i", ø: "o", æ: "ae", œ: "oe", ł: "l", đ: "d", þ: "th", ς: "σ" };
// The number of the newest search: what an older one finds is not shown.
let turn = 0;
let waiting, terms, pool, at, shown;

// One form for all spellings: small letters without accents.  The Japanese marks make other letters.
const fold = (text) => text.toLowerCase().normalize("NFKD")
  .replace(/(?![\u3099\u309a])(?=\p{M})[\p{sc=Zinh}\p{sc=Hebr}]|\u0640/gu, "").normalize()
  .replace(/[ßıøæœłđþς]/g, (letter) => LETTERS[letter]);
const spaced = (text) => ` ${fold(text)
  .replace(/[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}]+/gu, " ").trim()} `;

const parse = (query) => [...query.normalize("NFKC").replace(/[“”„«»]/g, '"')
  .matchAll(/([#@]?)(?:"([^"]*)"?|([^\s"]+))/g)]
  .map(([, kind, phrase, word]) => ({ kind, words: spaced(phrase ?? word).trim() }))
  .filter(({ words }) => words);

// What is written in each place, and what a word is worth there.
const placesOf = ([, day, , alt, title = "", tags = [], place = "", people = [], words = ""]) => [
  ["#", 8, tags], ["@", 8, people], ["", 8, [title]], ["", 7, [place]], ["", 3, [alt]], ["", 2, [words]], ["", 1, [day]],
].map(([kind, worth, texts]) => [kind, worth, texts.map(spaced)]);

// A whole name is worth more than a word of it, and that more than how one begins.  The letters of
// scripts without capitals match anywhere: many put no space between words.
function fit(text, words, anywhere) {
  if (text === ` ${words} `) return 4;
  if (text.includes(` ${words} `)) return 3;
  if (text.includes(` ${words}`)) return 2;
  return anywhere && text.includes(words) ? 1 : 0;
}

function worthOf(places, { kind, words }) {
  const anywhere = /\p{Lo}|\p{Extended_Pictographic}/u.test(words) || (!kind && words.length > 3);
  return Math.max(0, ...places.filter((place) => !kind || place[0] === kind)
    .flatMap(([, worth, texts]) => texts.map((text) => worth * fit(text, words, anywhere))));
}

function find(post) {
  post.places ??= placesOf(post.row);
  const worths = terms.map((term) => worthOf(post.places, term));
  post.worth = worths.reduce((sum, each) => sum + each);
  return worths.every(Boolean);
}

async function postsOf(file) {
  if (!read.has(file)) {
    say("Searching…");
    read.set(file, (await (await fetch(gallery + file)).json()).map((row) => ({ row })));
  }
  return read.get(file);
}

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

function mark(number, said) {
  const made = $("#search-marks").content.children[number].cloneNode(true);
  made.append(said);
  return made;
}

function picture(base, alt, ratio, sources) {
  const address = (name) => base + encodeURIComponent(name);
  const [width] = sources.at(-1);
  return element("img", {
    alt, width, height: Math.round(width / ratio), loading: "lazy",
    sizes: `auto, (max-width: 40rem) ${Math.round(ratio * 180)}px, ${Math.round(ratio * 300)}px`,
    srcset: sources.map(([wide, name]) => `${address(name)} ${wide}w`).join(),
    src: address(sources[0][1]),
  });
}

function tile({ row: [address, day, dateTime, alt, title, , , , , ratio, colour, sources, folder, album, clock, owner] }) {
  const link = element("a", { href: `${gallery}${address}/` }, sources?.length
    ? picture(`${gallery}${folder || address}/`, alt, ratio, sources)
    : mark(4, alt));
  if (album) link.append(mark(0, album));
  if (clock) link.append(mark(1, clock));
  if (title) link.append(mark(2, title));
  const made = element("li", { className: "tile" }, link, element("time", { className: "unseen", dateTime }, day));
  if (owner) made.append(mark(3, owner));
  made.style.setProperty("--r", ratio);
  made.style.setProperty("--c", colour);
  return made;
}

const say = (text) => $("[role=status]").replaceChildren(text);

function summary() {
  const all = shown + pool.length;
  if (!all) return `Nothing found for “${input.value.trim()}”. Try other words, or the lists below.`;
  if (!pool.length) return `${all} post${all > 1 ? "s" : ""} found`;
  return `The first ${shown} posts; there are more`;
}

async function show(wanted = PAGE) {
  const mine = turn;
  more.hidden = true;
  try {
    while (at < years.length && pool.length <= wanted) {
      const posts = await postsOf(years[at]);
      if (mine !== turn) return;
      at += 1;
      pool.push(...posts.filter(find));
    }
  } catch {
    if (mine === turn) say("The search could not be loaded. Try again when you are online.");
    return;
  }
  pool.sort((one, other) => other.worth - one.worth);
  const tiles = pool.splice(0, wanted).map(tile);
  if (!shown) list.replaceChildren();
  list.append(...tiles);
  if (shown) tiles[0].firstChild.focus();
  shown += tiles.length;
  more.hidden = !pool.length;
  say(summary());
}

async function search(wanted) {
  const query = input.value.trim();
  turn += 1;
  history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
  form.elements.clear.hidden = !query;
  [terms, pool, at, shown] = [parse(query), [], 0, 0];
  if (terms.length) return show(wanted);
  list.replaceChildren();
  more.hidden = true;
  return say("");
}

function soon(milliseconds) {
  clearTimeout(waiting);
  waiting = setTimeout(search, milliseconds);
}

input.oninput = () => soon(PATIENCE);
form.onsubmit = (event) => {
  event.preventDefault();
  soon(0);
};
form.onreset = () => {
  soon(0);
  input.focus();
};
more.onclick = () => show();
// Whoever comes back finds the same photos at the same place.
list.onclick = () => history.replaceState({ shown, top: scrollY }, "");

const before = history.state;
if (input.value) search(before?.shown).then(() => before && scrollTo(0, before.top));
