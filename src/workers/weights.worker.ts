import { usualPatience } from '../models/weights/retry.ts';
import { HUB } from '../models/weights/sources.ts';
import { serve } from './serve.ts';
import { weightsApi } from './weights-api.ts';

serve(weightsApi(HUB, usualPatience));
