import { AppError, quoted } from '../errors.ts';
import { compareNames } from '../names.ts';

/** An image as label files know it. */
export interface LabelledImage {
  /** As it lies below the folder that the labels are of. */
  readonly path: string;
  /** Null where it is unknown: the image is listed without a label. */
  readonly className: string | null;
  /** Upright size in pixels; null where unknown. */
  readonly width: number | null;
  readonly height: number | null;
}

export const LABEL_FORMATS = ['fiftyone', 'coco'] as const;
export type LabelFormat = (typeof LABEL_FORMATS)[number];

/** The text of a label file. Throws AppError 'bad-argument' where a format cannot say it. */
export const labelsJson = (images: readonly LabelledImage[], format: LabelFormat): string =>
  `${JSON.stringify(format === 'coco' ? coco(images) : fiftyOne(images))}\n`;

/** labels.json of a FiftyOneImageClassificationDataset: its images are named without their endings. */
function fiftyOne(images: readonly LabelledImage[]) {
  const { names, codeOf } = classesOf(images);
  const labels = new Map<string, number | null>();
  for (const { path, className } of images) {
    const key = path.replace(/\.[^./]*$/, '');
    if (labels.has(key)) {
      const sentence = `FiftyOne names images without their endings, and there are two of ${quoted(key)}. Rename one of them.`;
      throw new AppError('bad-argument', sentence);
    }
    labels.set(key, codeOf(className));
  }
  return { classes: names, labels: Object.fromEntries(labels) };
}

/** COCO's annotations: an image's class is that of a box around all of it; where its size is unknown there is no box. */
function coco(images: readonly LabelledImage[]) {
  const { names, codeOf } = classesOf(images);
  const listed = images.map(({ path, width, height }, i) => ({
    id: i + 1,
    file_name: path,
    ...(width === null || height === null ? {} : { width, height }),
  }));
  const annotations = images.flatMap(({ className, width, height }, i) => {
    const code = codeOf(className);
    if (code === null) return [];
    const box = width === null || height === null ? {} : { bbox: [0, 0, width, height], area: width * height };
    return [{ image_id: i + 1, category_id: code + 1, ...box, iscrowd: 0 }];
  });
  return {
    info: { description: 'Classes of whole images, written by Likeness' },
    images: listed,
    annotations: annotations.map((annotation, i) => ({ id: i + 1, ...annotation })),
    categories: names.map((name, i) => ({ id: i + 1, name })),
  };
}

function classesOf(images: readonly LabelledImage[]) {
  const names = [...new Set(images.flatMap(({ className }) => className ?? []))].sort(compareNames);
  const codes = new Map(names.map((name, code) => [name, code]));
  return { names, codeOf: (name: string | null) => (name === null ? null : (codes.get(name) ?? null)) };
}
