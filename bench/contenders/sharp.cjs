// sharp as one writes it first: two sizes of each picture, as many at once as there are CPUs.
//
//     NODE_PATH=… node sharp.cjs ORIGINALS OUTPUT

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const sharp = require("sharp");

const [originals, output] = process.argv.slice(2);
const waiting = fs.readdirSync(originals).filter((name) => name.endsWith(".jpg")).sort();

async function worker() {
  while (waiting.length) {
    const name = waiting.pop();
    const picture = sharp(path.join(originals, name)).rotate();
    await Promise.all([1080, 400].map((width) => picture.clone()
      .resize({ width, withoutEnlargement: true })
      .webp({ quality: 80 })
      .toFile(path.join(output, `${path.parse(name).name}-${width}.webp`))));
  }
}

sharp.concurrency(1);
sharp.cache(false);
fs.mkdirSync(output);
Promise.all(os.cpus().map(worker)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
