/**
 * How long a worker with a pending call may say nothing before it counts as hung. Every step of work says something
 * (beat.ts): a layer of a network, an image, a piece of a file. The slowest single step that is known, a transformer block
 * for one image on a processor of ten years ago, takes two seconds; what takes minutes is many steps.
 */
export const USUAL_SILENCE_MS = 60_000;

/** Silence is counted in looks, not by the clock: see below. */
const LOOKS = 6;
/** Its script has still to come over what may be a slow line, and speaks only then: times the patience. */
const BEFORE_FIRST_SIGN = 5;

export interface SilenceWatch {
  /** The worker was asked something. Call the result once, when that has been answered. */
  asked(): () => void;
  /** The worker said something. */
  sign(): void;
  stop(): void;
}

/**
 * Calls `onSilence` once when a worker with a pending call has given no sign for `silenceMs`. It looks a few times in that
 * span and counts the looks that found nothing: a computer that slept, or a page that was held up itself, has looked at
 * most once meanwhile, and its workers are not accused of the hours that nobody computed.
 */
export function watchSilence(silenceMs: number, onSilence: () => void): SilenceWatch {
  let owed = 0;
  let quietLooks = 0;
  let heard = false;
  let timer: ReturnType<typeof setInterval> | null = null;
  const rest = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  const look = () => {
    quietLooks++;
    if (quietLooks <= LOOKS * (heard ? 1 : BEFORE_FIRST_SIGN)) return;
    rest();
    onSilence();
  };
  return {
    asked() {
      owed++;
      if (timer === null) {
        quietLooks = 0;
        timer = setInterval(look, silenceMs / LOOKS);
      }
      return () => {
        if (--owed === 0) rest();
      };
    },
    sign() {
      heard = true;
      quietLooks = 0;
    },
    stop: rest,
  };
}
