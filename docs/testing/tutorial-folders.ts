import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RandomStream } from "@featuremap/tensor";
import sharp from "sharp";

type Size = readonly [height: number, width: number];

/** Colours of classes, far enough apart that a few steps of training tell them from each other. */
const colours = [
  [230, 40, 40],
  [40, 90, 230],
  [50, 200, 60],
  [235, 225, 60],
  [200, 60, 210],
  [40, 210, 220],
  [245, 140, 30],
  [25, 25, 25],
  [240, 240, 240],
  [120, 90, 50],
] as const;

/** RGB of a disc in the colour of its class, somewhere on a noisy ground. */
function disc(label: number, index: number, [height, width]: Size): Uint8Array {
  const random = new RandomStream(index).fork(`disc ${label}`);
  const colour = colours[label] ?? [0, 0, 0];
  const radius = Math.min(height, width) * random.uniform(0.25, 0.4);
  const [row, column] = [height * random.uniform(0.4, 0.6), width * random.uniform(0.4, 0.6)];
  const data = new Uint8Array(height * width * 3);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const inside = Math.hypot(Math.floor(pixel / width) - row, (pixel % width) - column) < radius;
    for (let channel = 0; channel < 3; channel++) {
      const level = inside ? (colour[channel] ?? 0) : 128;
      data[pixel * 3 + channel] = Math.min(255, Math.max(0, Math.round(level + random.uniform(-15, 15))));
    }
  }
  return data;
}

function jpeg(label: number, index: number, size: Size): Promise<Buffer> {
  const raw = { width: size[1], height: size[0], channels: 3 } as const;
  return sharp(disc(label, index, size), { raw })
    .jpeg()
    .toBuffer();
}

async function write(folder: string, name: string, contents: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), contents);
}

/** CIFAR-10's binary version: of each picture its class, and its red, its green and its blue values. */
export async function writeCifar(folder: string): Promise<void> {
  const names = [...[1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`), "test_batch.bin"];
  for (const [part, name] of names.entries()) {
    const pictures = Array.from({ length: 40 }, (_, index) => {
      const pixels = disc(index % 10, part * 40 + index, [32, 32]);
      const planes = [0, 1, 2].flatMap((channel) => Array.from(pixels.filter((_value, at) => at % 3 === channel)));
      return [index % 10, ...planes];
    });
    await write(folder, `cifar-10-batches-bin/${name}`, Uint8Array.from(pictures.flat()));
  }
}

/** TensorFlow's photos of flowers as they are unpacked, and one more. */
export async function writeFlowers(folder: string): Promise<void> {
  for (const [label, name] of ["daisy", "dandelion", "roses", "sunflowers", "tulips"].entries()) {
    for (let index = 0; index < 8; index++) {
      await write(folder, `flower_photos/${name}/${index}.jpg`, await jpeg(label, index, [60 + index, 90]));
    }
  }
  await write(folder, "flower_photos/LICENSE.txt", "All photos are under CC-BY.\n");
  await write(folder, "my-flower.jpg", await jpeg(3, 99, [120, 100]));
}

/** Faces of CelebA's size, its two lists, and all three parts. */
export async function writeCelebA(folder: string): Promise<void> {
  const [attributes, parts]: string[][] = [[], []];
  for (let index = 0; index < 60; index++) {
    const name = `${String(index + 1).padStart(6, "0")}.jpg`;
    attributes?.push(`${name} ${index % 3 === 0 ? " 1" : "-1"} ${index % 2 === 0 ? " 1" : "-1"}`);
    parts?.push(`${name} ${index < 40 ? 0 : index < 50 ? 1 : 2}`);
    await write(folder, `celeba/img_align_celeba/${name}`, await jpeg(index % 2, index, [218, 178]));
  }
  const count = attributes?.length ?? 0;
  await write(folder, "celeba/list_attr_celeba.txt", `${count}\nEyeglasses Male \n${attributes?.join("\n") ?? ""}\n`);
  await write(folder, "celeba/list_eval_partition.txt", `${parts?.join("\n") ?? ""}\n`);
}

/** Photos of two classes: of all sizes, some grey, one cut off. */
export async function writePets(folder: string): Promise<void> {
  for (const [label, name] of ["cat", "dog"].entries()) {
    for (let index = 0; index < 20; index++) {
      const photo = await jpeg(label, index, [70 + index, 100 - index]);
      const isGrey = index % 10 === 9;
      await write(folder, `photos/${name}/${index}.jpg`, isGrey ? await sharp(photo).grayscale().toBuffer() : photo);
    }
  }
  await write(folder, "photos/dog/cut-off.jpg", (await jpeg(1, 50, [80, 80])).subarray(0, 200));
}
