// The contestant that a Node service would be: sharp, one thread, cold and hot previews from clones of one input.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const sharp = createRequire(process.argv[2] + '/')('sharp');
const sides = process.argv[3].split(',').map(Number);
sharp.concurrency(1);
sharp.cache(false);

for await (const line of createInterface({ input: process.stdin })) {
  const image = readFileSync(line.trim());
  const before = process.cpuUsage();
  for (const side of sides) {
    await sharp(image).rotate().resize(side, side, { fit: 'inside' }).jpeg({ quality: 85 }).toBuffer();
  }
  const spent = process.cpuUsage(before);
  console.log((spent.user + spent.system) / 1000);
}
