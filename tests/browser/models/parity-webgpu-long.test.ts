import { beforeAll, test } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { cardParity, FIXTURES, QUICK, QUICK_ON_CARD } from './parity.ts';

/** With VITE_PARITY=all all networks and both images, else the other quick ones and one image. */
const all = import.meta.env['VITE_PARITY'] === 'all';
const PATIENCE_MS = 1_800_000;

beforeAll(async () => {
  await openEngine('webgpu');
});

test.each(all ? FIXTURES : QUICK.filter((name) => !QUICK_ON_CARD.includes(name)))(
  '%s equals PyTorch on WebGPU',
  (name) => cardParity(name, all ? 2 : 1),
  PATIENCE_MS,
);
