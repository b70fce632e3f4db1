import { Button, VisuallyHidden } from '@mantine/core';
import { IconCrop, IconMaximize, IconPhotoOff } from '@tabler/icons-react';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { Query, SearchState } from '../../app/search/search.ts';
import { FOLDER_AGAIN } from '../../errors.ts';
import type { CropFrame } from '../../types.ts';
import image from '../components/image.module.css';
import { Name } from '../components/Name.tsx';
import { usePicture } from '../components/Picture.tsx';
import { fileName, formatAmount } from '../format.ts';
import { isFocusFree } from '../frame/keep-focus.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { CropControl, percentBox, useDrawnFrame } from './crop/CropControl.tsx';
import { frameWords, isWhole, seenPart } from './crop/frame.ts';
import styles from './query.module.css';

/** The query and what is known of it; when asked for, with the frame around the part that is searched with. */
export function QueryShown({ query }: { readonly query: Query }) {
  const { cropQuery } = useActions();
  const picture = usePicture(query.hash, 'original');
  const runId = useStore(useWorkspace().search, (state) => state.runId);
  // The crop frame is that of the run's first member; members differ by a few pixels at most.
  const weightsId = useStore(
    useWorkspace().comparison,
    (state) => state.runs.find(({ id }) => id === runId)?.choice.members[0]?.weightsId ?? null,
  );
  const cropPct = useStore(
    useWorkspace().models,
    (state) => state.rows.find((row) => row.weights.id === weightsId)?.cached?.preprocessing.cropPct ?? null,
  );
  const name = fileName(query.name);
  const control = useRef<HTMLDivElement>(null);
  const cropButton = useRef<HTMLButtonElement>(null);
  const [asked, setAsked] = useState(false);
  // A part is embedded from its file; what was dropped cannot be read after a reload, a picture from outside is kept.
  const readable = useStore(useWorkspace().dataset, ({ files }) => files === 'here') || query.image === null;
  const framing = (asked && readable) || query.crop !== null;
  const wasFraming = useRef(framing);
  useEffect(() => {
    // The button that was pressed is gone.
    if (wasFraming.current && !framing && isFocusFree()) cropButton.current?.focus();
    wasFraming.current = framing;
  }, [framing]);
  const crop = useCallback((frame: CropFrame | null) => void cropQuery(frame), [cropQuery]);
  return (
    <div className={styles.shown}>
      <div className={styles.picture}>
        {picture === 'loading' ? (
          <span className={styles.skeleton} />
        ) : picture === null ? (
          <span className={styles.missing}>
            <IconPhotoOff size={32} stroke={1.3} aria-hidden="true" />
            This image can no longer be shown; its neighbours can.
          </span>
        ) : (
          <FramedPicture
            key={query.hash}
            url={picture}
            alt={`Query ${name}`}
            cropPct={cropPct}
            crop={query.crop}
            onCrop={crop}
            onLeave={() => setAsked(false)}
            framing={framing}
            movable={readable}
            focused={asked}
            control={control}
          />
        )}
      </div>
      <div className={styles.words}>
        <Name className={styles.name}>{name}</Name>
        <QueryClass query={query} />
        <VisuallyHidden role="status">{frameWords(query.crop)}</VisuallyHidden>
        {typeof picture !== 'string' || picture === 'loading' ? null : framing ? (
          <Button
            key="whole"
            variant="default"
            size="xs"
            mt={8}
            leftSection={<IconMaximize size={16} aria-hidden="true" />}
            onClick={() => {
              setAsked(false);
              if (query.crop !== null) crop(null);
            }}
          >
            Whole image
          </Button>
        ) : !readable ? (
          <p className={image.keys}>To search with a part of it, its file has to be read: {FOLDER_AGAIN}.</p>
        ) : (
          <Button
            key="part"
            ref={cropButton}
            variant="default"
            size="xs"
            mt={8}
            leftSection={<IconCrop size={16} aria-hidden="true" />}
            onClick={() => setAsked(true)}
          >
            Search with a part
          </Button>
        )}
      </div>
    </div>
  );
}

function QueryClass({ query }: { readonly query: Query }) {
  const className = query.image?.className ?? null;
  const judged = useStore(useWorkspace().search, (state) => (state.status === 'done' ? countJudged(state) : ''));
  if (className === null) return <span className={styles.quiet}>Class unknown</span>;
  return (
    <>
      <span className={styles.class}>
        Class <Name>{className}</Name>
      </span>
      {judged === '' ? null : <span className={styles.quiet}>{judged}</span>}
    </>
  );
}

/** "7 of 10 neighbours are of this class"; empty where no neighbour's class is known. */
function countJudged({ neighbours }: SearchState): string {
  const judged = neighbours.filter((neighbour) => neighbour.correct !== null);
  if (judged.length === 0) return '';
  const right = judged.filter((neighbour) => neighbour.correct === true).length;
  return `${right} of ${formatAmount(judged.length, 'neighbour')} ${right === 1 ? 'is' : 'are'} of this class`;
}

interface FramedPictureProps {
  readonly url: string;
  readonly alt: string;
  /** Share of the shorter side that the model sees; null where the model sees all. */
  readonly cropPct: number | null;
  /** The part that is searched with; null is all of it. */
  readonly crop: CropFrame | null;
  readonly onCrop: (crop: CropFrame | null) => void;
  readonly onLeave: () => void;
  /** Whether the frame is shown. */
  readonly framing: boolean;
  /** Whether another part can be searched with. */
  readonly movable: boolean;
  /** Whether it gets the focus when it comes: it has been asked for by a button that is gone. */
  readonly focused: boolean;
  readonly control: RefObject<HTMLDivElement | null>;
}

/** The query; where it is being cropped, with the frame, outside of which it is dim, and in it the square that the network sees. */
function FramedPicture(props: FramedPictureProps) {
  const { url, alt, cropPct, crop, onCrop, onLeave, framing, movable, focused, control } = props;
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null);
  const [frame, draw] = useDrawnFrame(crop, onCrop);
  // Of the whole image nothing is drawn but the frame around it: a square inside would look as if it were cropped already.
  const square =
    size === null || !framing || cropPct === null || isWhole(frame) ? null : seenPart(frame, cropPct, size);
  const framed = size !== null && framing && movable;
  useEffect(() => {
    if (framed && focused && isFocusFree()) control.current?.focus({ preventScroll: true });
  }, [framed, focused, control]);
  return (
    <div className={styles.framed}>
      <img
        className={styles.image}
        src={url}
        alt={alt}
        draggable={false}
        onLoad={({ currentTarget }) =>
          setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
        }
      />
      {framing && !movable && size !== null ? <div className={styles.seen} style={percentBox(frame)} /> : null}
      {square === null ? null : (
        <div className={styles.square} title="What the model sees" style={percentBox(square)} />
      )}
      {framed ? <CropControl frame={frame} onDraw={draw} onLeave={onLeave} control={control} /> : null}
    </div>
  );
}
