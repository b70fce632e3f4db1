/** The weights worker against another hub: its address is the worker's name. Impatient, so that failures come soon. */
import { serve } from '../../../../src/workers/serve.ts';
import { weightsApi } from '../../../../src/workers/weights-api.ts';

serve(weightsApi(new URL(self.name), { attempts: 3, pauseMs: 20, stallMs: 700 }));
