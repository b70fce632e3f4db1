import { serve } from '../../../src/workers/serve.ts';

declare global {
  var instances: number | undefined;
}

globalThis.instances = (globalThis.instances ?? 0) + 1;
const own = globalThis.instances;

serve({ instance: () => own });
