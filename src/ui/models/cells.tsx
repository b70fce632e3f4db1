/** The parts of a row, shared by table and cards. */
import { ActionIcon, Checkbox } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCheck,
  IconCircleDashed,
  IconDownload,
  IconPackage,
  IconTrash,
  IconX,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { type DownloadView, isVariant, type ModelRow } from '../../app/models/models.ts';
import type { Weights } from '../../types.ts';
import { ConfirmDelete } from '../components/ConfirmDelete.tsx';
import { Name } from '../components/Name.tsx';
import { Ring } from '../components/Progress.tsx';
import {
  formatBytes,
  formatBytesOf,
  formatCount,
  formatInterval,
  formatRate,
  formatShare,
  formatTimeLeft,
  wholePercent,
} from '../format.ts';
import { useActions } from '../workspace.tsx';
import styles from './models.module.css';
import { VariantForm } from './VariantForm.tsx';
import { limitsOf, parametersWords, provenanceOf, tagOf } from './weights-words.ts';

export function Tick({ row }: { readonly row: ModelRow }) {
  const { tickModel } = useActions();
  return (
    <Checkbox
      size="sm"
      aria-label={`Use ${row.weights.label}`}
      checked={row.ticked}
      onChange={(event) => tickModel(row.weights.id, event.currentTarget.checked)}
    />
  );
}

export function WeightsName({ weights }: { readonly weights: Weights }) {
  const [tag, limits] = [tagOf(weights), limitsOf(weights)];
  return (
    <>
      <span className={styles.title}>
        <Name className={styles.label}>{weights.label}</Name>
        {weights.origin === 'built-in' ? <span className={styles.badge}>Baseline</span> : null}
        {tag === null ? null : <Name className={styles.tag}>{tag}</Name>}
      </span>
      <span className={styles.summary}>{weights.summary}</span>
      <bdi className={styles.provenance}>
        {[parametersWords(weights), provenanceOf(weights)].filter((part) => part !== null).join('; ')}
      </bdi>
      {limits === null ? null : <Limits>{limits}</Limits>}
    </>
  );
}

/** What a licence forbids: said before anything is downloaded. */
export function Limits({ children }: { readonly children: ReactNode }) {
  return (
    <span className={styles.limits}>
      <IconAlertTriangle size={14} className={styles.limitsIcon} aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}

interface OfImages {
  readonly row: ModelRow;
  /** Images of the data set. */
  readonly images: number;
}

export function WeightsState({ row, images }: OfImages) {
  const { weights, download, cached, partialBytes } = row;
  if (download !== null) return <Downloading download={download} label={weights.label} />;
  if (row.embedding) {
    return (
      <State icon={<Ring percent={images === 0 ? null : wholePercent(row.embedded / images)} />} text="Embedding">
        {row.imagesPerSecond === null ? null : formatRate(row.imagesPerSecond, 'images')}
      </State>
    );
  }
  if (weights.origin === 'built-in' || weights.origin === 'own') {
    return <State icon={<IconPackage size={16} className={styles.ready} aria-hidden="true" />} text="Ready" />;
  }
  if (cached !== null) {
    return <State icon={<IconCheck size={16} className={styles.ready} aria-hidden="true" />} text="Cached" />;
  }
  if (partialBytes > 0) {
    return (
      <State icon={<IconCircleDashed size={16} aria-hidden="true" />} text={formatBytesOf(partialBytes, weights.bytes)}>
        will continue
      </State>
    );
  }
  return <State icon={<IconCircleDashed size={16} aria-hidden="true" />} text="Not downloaded" />;
}

function Downloading({ download, label }: { readonly download: DownloadView; readonly label: string }) {
  const { receivedBytes, totalBytes, bytesPerSecond, secondsLeft } = download;
  const percent = totalBytes === null || totalBytes === 0 ? null : wholePercent(receivedBytes / totalBytes);
  const rest = [
    bytesPerSecond === null ? null : formatRate(bytesPerSecond, 'bytes'),
    secondsLeft === null ? null : formatTimeLeft(secondsLeft),
  ].filter((part) => part !== null);
  return (
    <div
      role="progressbar"
      aria-label={`Download of ${label}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      aria-valuetext={formatBytesOf(receivedBytes, totalBytes)}
    >
      <State icon={<Ring percent={percent} />} text={formatBytesOf(receivedBytes, totalBytes)}>
        {rest.length === 0 ? null : rest.join(', ')}
      </State>
    </div>
  );
}

interface StateProps {
  readonly icon: ReactNode;
  readonly text: string;
  readonly children?: ReactNode;
}

function State({ icon, text, children = null }: StateProps) {
  return (
    <span className={styles.state}>
      <span className={styles.icon}>{icon}</span>
      <span>
        {text}
        {children === null ? null : <span className={styles.second}>{children}</span>}
      </span>
    </span>
  );
}

export function Embedded({ row, images }: OfImages) {
  return (
    <>
      {formatCount(row.embedded)} / {formatCount(images)}
      {row.imagesPerSecond === null || row.embedding ? null : (
        <span className={styles.second}>{formatRate(row.imagesPerSecond, 'images')}</span>
      )}
    </>
  );
}

interface ScoreProps {
  readonly share: number | undefined;
  readonly interval?: readonly [number, number] | undefined;
}

/** Per cent with one digit, the 95 % interval under it. */
export function Score({ share, interval }: ScoreProps) {
  if (share === undefined) {
    return (
      <span className={styles.none} role="img" aria-label="not measured yet">
        –
      </span>
    );
  }
  return (
    <>
      {formatShare(share)}
      {interval === undefined ? null : <span className={styles.second}>{formatInterval(interval)}</span>}
    </>
  );
}

/** Downloads weights ahead of embedding, or removes them from the cache; of a variant, takes it out of the list. */
export function WeightsAction({ row }: { readonly row: ModelRow }) {
  const { unlistVariant } = useActions();
  const { weights } = row;
  if (weights.origin === 'built-in' || row.embedding) return null;
  if (weights.origin === 'own') return <DeleteVectors weights={weights} />;
  if (isVariant(weights)) {
    return (
      <ActionIcon
        variant="subtle"
        color="gray"
        c="dimmed"
        aria-label={`Take ${weights.label} out of the list`}
        title="Take out of the list; its features stay"
        onClick={() => void unlistVariant(weights.id)}
      >
        <IconX size={18} aria-hidden="true" />
      </ActionIcon>
    );
  }
  return (
    <span className={styles.actions}>
      <VariantForm weights={weights} />
      {row.download === null ? <CacheAction row={row} /> : null}
    </span>
  );
}

function DeleteVectors({ weights }: { readonly weights: Weights }) {
  const { removeOwnVectors } = useActions();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="dimmed"
        aria-label={`Delete the vectors ${weights.label}`}
        title="Delete these vectors"
        onClick={() => setAsking(true)}
      >
        <IconTrash size={18} aria-hidden="true" />
      </ActionIcon>
      <ConfirmDelete
        opened={asking}
        title="Delete these vectors?"
        confirm="Delete the vectors"
        onConfirm={() => void removeOwnVectors(weights.id)}
        onClose={() => setAsking(false)}
      >
        The vectors leave this browser, those for other data sets too, and the model leaves the list. Results that were
        computed with them are kept; to search or compare with them again, import your file again.
      </ConfirmDelete>
    </>
  );
}

function CacheAction({ row: { weights, cached } }: { readonly row: ModelRow }) {
  const { downloadWeights, removeWeights } = useActions();
  const [asking, setAsking] = useState(false);
  if (cached === null) {
    return (
      <ActionIcon
        variant="subtle"
        color="gray"
        c="dimmed"
        aria-label={`Download ${weights.label} now`}
        title="Download now"
        onClick={() => void downloadWeights(weights.id)}
      >
        <IconDownload size={18} aria-hidden="true" />
      </ActionIcon>
    );
  }
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="dimmed"
        aria-label={`Remove the cached weights of ${weights.label}`}
        title="Remove the cached weights"
        onClick={() => setAsking(true)}
      >
        <IconTrash size={18} aria-hidden="true" />
      </ActionIcon>
      <ConfirmDelete
        opened={asking}
        title="Remove these weights?"
        confirm="Remove the weights"
        onConfirm={() => void removeWeights(weights.id)}
        onClose={() => setAsking(false)}
      >
        {formatBytes(cached.bytes)} of {weights.label} leave this browser. Features computed with them are kept;{' '}
        {weights.origin === 'local'
          ? 'to embed more images, import your file again.'
          : 'to embed more images, they are downloaded again.'}
      </ConfirmDelete>
    </>
  );
}
