import { readFileSync } from 'node:fs';
import { instantiateSearch, type SearchInstance } from '../../../src/search/simd/instance.ts';

export const simdFolder = new URL('../../../src/search/simd/', import.meta.url);
const module = new WebAssembly.Module(readFileSync(new URL('search.wasm', simdFolder)));

/** A fresh instance of the committed binary. */
export const freshInstance = (): SearchInstance => instantiateSearch(module);
