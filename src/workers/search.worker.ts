import { AppError } from '../errors.ts';
import { compileSearch } from '../search/simd/instance.ts';
import { simdKernel } from '../search/simd/kernel.ts';
import { searchApi } from './search-api.ts';
import { serve } from './serve.ts';

serve(searchApi(load()));

async function load() {
  const answer = await fetch(new URL('../search/simd/search.wasm', import.meta.url));
  if (!answer.ok)
    throw new AppError('engine-unavailable', 'The search could not be loaded from the app’s server. Reload the page.');
  return simdKernel(await compileSearch(await answer.arrayBuffer()));
}
