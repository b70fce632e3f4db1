import { Button, NativeSelect, SegmentedControl, Slider } from '@mantine/core';
import { IconArrowRight, IconCircleMinus, IconTag } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { CareReport } from '../../app/dataset/care.ts';
import type { ImageRecord } from '../../types.ts';
import { ImageKeys, pressImageKey } from '../components/image-actions.tsx';
import { Name } from '../components/Name.tsx';
import { Thumbnail } from '../components/Picture.tsx';
import panel from '../components/screen.module.css';
import { fileName, formatAmount, formatCount, formatSimilarity } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import {
  comparableBy,
  copySentence,
  currentFindings,
  type Kind,
  kinds,
  kindsOf,
  leakSentence,
  splitWord,
} from './care-words.ts';
import styles from './dataset.module.css';
import { EnlargedImage } from './EnlargedImage.tsx';
import { useEnlargedDecisions } from './image-decisions.tsx';

/** Findings that are shown at once; more come with a press. */
const PAGE = 20;

/** Near-duplicates, likely wrong labels and outliers, each with what can be done about it. */
export function CarePanel() {
  const { lookAfter } = useActions();
  const workspace = useWorkspace();
  const { status, report, weightsId } = useStore(workspace.care);
  const rows = useStore(workspace.models, (state) => state.rows);
  const usable = comparableBy(rows);
  const [picked, setPicked] = useState<string | null>(null);
  const chosen = usable.find(({ weights }) => weights.id === picked) ?? usable[0];

  if (chosen === undefined && report === null) {
    return (
      <p className={styles.none}>
        Embed the images with a model first, on the models screen: from the embeddings follows which images are nearly
        the same, whose labels are likely wrong, and which belong to nothing.
      </p>
    );
  }
  return (
    <div className={styles.care}>
      <div className={styles.careTools}>
        <NativeSelect
          size="xs"
          aria-label="Compare the images by"
          value={chosen?.weights.id ?? ''}
          data={usable.map(({ weights }) => ({ value: weights.id, label: weights.label }))}
          onChange={(event) => setPicked(event.currentTarget.value)}
        />
        <Button
          size="xs"
          loading={status === 'working'}
          onClick={() => chosen !== undefined && void lookAfter(chosen.weights.id)}
        >
          {report === null ? 'Check the data' : 'Check again'}
        </Button>
        <span className={panel.note}>
          {report === null
            ? 'Nothing is changed by it: what is found can be excluded or get another class, and each press can be undone.'
            : `${formatCount(report.compared)} of ${formatAmount(report.available, 'image')} compared by ${rows.find(({ weights }) => weights.id === weightsId)?.weights.label ?? 'a model'}.`}
        </span>
      </div>
      {report === null ? null : <Findings report={report} />}
    </div>
  );
}

function Findings({ report }: { readonly report: CareReport }) {
  const { decide } = useActions();
  const images = useStore(useWorkspace().dataset, (state) => state.images);
  const dataset = useStore(useWorkspace().dataset, (state) => state.dataset);
  const [kind, setKind] = useState<Kind>('pairs');
  const [thresholds, setThresholds] = useState<Readonly<Record<Kind, number>>>(() => ({
    pairs: kinds.pairs.usual,
    suspects: kinds.suspects.usual,
    outliers: kinds.outliers.usual,
  }));
  const [shown, setShown] = useState(PAGE);
  const [enlarged, setEnlarged] = useState<string | null>(null);
  const decisions = useEnlargedDecisions();
  const found = useMemo(() => currentFindings(report, images, thresholds), [report, images, thresholds]);
  const exclude = (image: ImageRecord) => void decide({ kind: 'exclude', paths: [image.path] });
  const about = kinds[kind];
  const concerned = useMemo(() => {
    const all = {
      pairs: found.pairs.flatMap(({ a, b }) => [a, b]),
      suspects: found.suspects.map(({ image }) => image),
      outliers: found.outliers.map(({ image }) => image),
    }[kind];
    return [...new Map(all.map((image) => [image.path, image])).values()];
  }, [found, kind]);
  /** Whether it says anything which split an image is in. */
  const split = new Set(images.map((image) => image.split)).size > 1;
  const tile = (image: ImageRecord) => (
    <button
      type="button"
      className={styles.pairTile}
      onClick={() => setEnlarged(image.path)}
      onKeyDown={(event) => {
        pressImageKey(decisions.actionsOn(image, { enlarge: () => setEnlarged(image.path) }), event);
      }}
    >
      <span className={styles.pairPicture}>
        <Thumbnail hash={image.hash} alt={`Enlarge ${fileName(image.path)}`} fit="contain" />
      </span>
      <span className={styles.pairCaption}>
        <Name>{fileName(image.path)}</Name>
        {image.className === null ? null : <Name>{image.className}</Name>}
        {split ? <span className={panel.note}>{splitWord(image.split)}</span> : null}
      </span>
    </button>
  );
  const out = (image: ImageRecord, label = 'Exclude') => (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<IconCircleMinus size={14} aria-hidden="true" />}
      aria-label={`${label} ${fileName(image.path)}`}
      onClick={() => exclude(image)}
    >
      {label}
    </Button>
  );
  const count = found[kind].length;
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="What was found"
        value={kind}
        onChange={(value) => {
          setKind(value);
          setShown(PAGE);
        }}
        data={(dataset ? kindsOf(dataset) : []).map((value) => ({
          value,
          label: `${kinds[value].label} ${formatCount(found[value].length)}`,
        }))}
      />
      <p className={styles.careText}>
        {about.explanation}
        {kind === 'pairs' && dataset ? leakSentence(dataset) : ''} <ImageKeys />
      </p>
      <div className={styles.threshold}>
        <span>{about.threshold(thresholds[kind])}</span>
        <Slider
          size="sm"
          className={styles.thresholdSlider}
          thumbLabel={about.label}
          label={null}
          min={about.range[0]}
          max={about.range[1]}
          step={0.01}
          value={thresholds[kind]}
          onChange={(value) => setThresholds((before) => ({ ...before, [kind]: value }))}
        />
      </div>
      {count === 0 ? <p className={styles.none}>Nothing of this kind, with this threshold.</p> : null}
      <ul className={styles.findings} data-kind={kind} aria-label={about.label} hidden={count === 0}>
        {kind === 'pairs'
          ? found.pairs.slice(0, shown).map(({ a, b, correlation }) => (
              <li key={`${a.path} ${b.path}`} className={styles.finding}>
                <p className={styles.findingHead}>{copySentence(a, b, correlation)}</p>
                <div className={styles.pair}>
                  <div>
                    {tile(a)}
                    {out(a)}
                  </div>
                  <div>
                    {tile(b)}
                    {out(b)}
                  </div>
                </div>
              </li>
            ))
          : kind === 'suspects'
            ? found.suspects.slice(0, shown).map(({ image, suggested, score }) => (
                <li key={image.path} className={styles.finding}>
                  {tile(image)}
                  <p className={styles.findingHead}>
                    <IconArrowRight size={14} aria-hidden="true" /> <Name>{suggested}</Name> {formatSimilarity(score)}
                  </p>
                  <div className={styles.findingButtons}>
                    <Button
                      size="compact-xs"
                      leftSection={<IconTag size={14} aria-hidden="true" />}
                      aria-label={`${fileName(image.path)} is of ${suggested}`}
                      onClick={() => void decide({ kind: 'class', paths: [image.path], className: suggested })}
                    >
                      Set this class
                    </Button>
                    {out(image)}
                  </div>
                </li>
              ))
            : found.outliers.slice(0, shown).map(({ image, similarity }) => (
                <li key={image.path} className={styles.finding}>
                  {tile(image)}
                  <p className={styles.findingHead}>similarity to its nearest {formatSimilarity(similarity)}</p>
                  {out(image)}
                </li>
              ))}
      </ul>
      {count > shown ? (
        <Button size="xs" variant="default" onClick={() => setShown(shown + PAGE)}>
          Show {formatCount(Math.min(PAGE, count - shown))} more of {formatCount(count)}
        </Button>
      ) : null}
      <EnlargedImage images={concerned} path={enlarged} onMove={setEnlarged} decisions={decisions} />
    </>
  );
}
