import { beforeAll, test } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { cardParity, QUICK_ON_CARD } from './parity.ts';

beforeAll(async () => {
  await openEngine('webgpu');
});

test.each(QUICK_ON_CARD)('%s equals PyTorch on WebGPU', (name) => cardParity(name, 1));
