import { plainCodes } from '../search/codes/plain.ts';
import { plainKernel } from '../search/plain/kernel.ts';
import { searchApi } from './search-api.ts';
import { serve } from './serve.ts';

serve(searchApi(Promise.resolve(plainKernel), async () => plainCodes));
