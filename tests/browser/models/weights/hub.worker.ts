/** The weights worker against another hub: its address is the worker's name, and behind `#` stands how long a server may say nothing. It pauses briefly, so that failures come soon. */
import { serve } from '../../../../src/workers/serve.ts';
import { weightsApi } from '../../../../src/workers/weights-api.ts';

const { href, hash } = new URL(self.name);
serve(
  weightsApi(new URL(href.slice(0, href.length - hash.length)), {
    attempts: 3,
    pauseMs: 20,
    stallMs: Number(hash.slice(1)),
  }),
);
