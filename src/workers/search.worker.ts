import { AppError } from '../errors.ts';
import classesBinary from '../search/classes/classes.wasm?url&no-inline';
import { simdClasses } from '../search/classes/simd.ts';
import codesBinary from '../search/codes/codes.wasm?url&no-inline';
import { simdCodes } from '../search/codes/simd.ts';
import { compileSearch } from '../search/simd/instance.ts';
import { simdKernel } from '../search/simd/kernel.ts';
import { searchApi } from './search-api.ts';
import { serve } from './serve.ts';

serve(searchApi(load(), loadCodes));

async function load() {
  const [search, classes] = await Promise.all([
    compiled(new URL('../search/simd/search.wasm', import.meta.url)),
    compiled(classesBinary),
  ]);
  return simdKernel(search, simdClasses(classes));
}

async function loadCodes() {
  return simdCodes(await compiled(codesBinary));
}

async function compiled(url: string | URL): Promise<WebAssembly.Module> {
  const answer = await fetch(url);
  if (!answer.ok)
    throw new AppError('engine-unavailable', 'The search could not be loaded from the app’s server. Reload the page.');
  return compileSearch(await answer.arrayBuffer());
}
