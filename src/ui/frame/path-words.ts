import type { StepName } from '../../app/settings/path.ts';

/** What each step is called, and what is done there: the end of a sentence that begins with “Next:”. */
export const stepWords: Readonly<Record<StepName, { readonly label: string; readonly sentence: string }>> = {
  data: { label: 'Data', sentence: 'open a folder of images, or try the demo.' },
  models: { label: 'Models', sentence: 'embed the images with a model; Colour and gradient needs no download.' },
  comparison: { label: 'Comparison', sentence: 'compare a model frozen with itself fine-tuned, or with others.' },
  search: { label: 'Search', sentence: 'see which model is best in the dashboard, and search with an image.' },
  dashboard: { label: 'Dashboard', sentence: 'see which model is best, and where it fails.' },
};

/** Where there are no classes to compare models by. */
export const plainSentences: Partial<Record<StepName, string>> = {
  search: 'search with an image, or see on the map what is alike.',
  dashboard: 'see on the map what is alike, and name it.',
};
