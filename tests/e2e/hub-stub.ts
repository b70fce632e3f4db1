import { createHash } from 'node:crypto';
import type { BrowserContext } from 'playwright';
import { configOf, wholeWeights } from '../tiny-weights.ts';

const DEIT = 'deit_tiny_patch16_224';

/** Answers for the model hub and its store: synthetic weights of DeiT-Tiny. */
export async function stubHub(context: BrowserContext): Promise<void> {
  const weights = Buffer.from(wholeWeights(DEIT));
  const oid = createHash('sha256').update(weights).digest('hex');
  const headers = { 'Access-Control-Allow-Origin': '*' };
  await context.route(/^https:\/\/(huggingface\.co|[\w.-]+\.hf\.co)\//, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith('/api/')) {
      const lfs = { oid, size: weights.length };
      return route.fulfill({ headers, json: [{ type: 'file', path: 'model.safetensors', size: weights.length, lfs }] });
    }
    if (pathname.endsWith('config.json')) return route.fulfill({ headers, json: configOf(DEIT) });
    if (pathname.endsWith('model.safetensors')) {
      return route.fulfill({ headers, contentType: 'application/octet-stream', body: weights });
    }
    return route.abort();
  });
}
