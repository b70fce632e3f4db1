import { Button, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconFileZip,
  IconFolderOpen,
  IconFolderQuestion,
  IconPackageExport,
  IconPackageImport,
  IconTags,
} from '@tabler/icons-react';
import { useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { canScore } from '../../app/comparison/comparison.ts';
import type { Dataset } from '../../types.ts';
import { Explain } from '../components/Explain.tsx';
import { Failures, Notice } from '../components/Notice.tsx';
import { useOpenData } from '../components/open-data.ts';
import { ScreenHeader } from '../components/ScreenHeader.tsx';
import { formatCount, formatSentence } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { ClassPanel } from './ClassPanel.tsx';
import { comparableBy } from './care-words.ts';
import { countClasses } from './class-counts.ts';
import { DecisionBar } from './DecisionBar.tsx';
import { DemoPanel } from './DemoPanel.tsx';
import styles from './dataset.module.css';
import { FilesNotice } from './FilesNotice.tsx';
import { Folders } from './Folders.tsx';
import { type PartName, Parts } from './Parts.tsx';
import { PlainPanel } from './PlainPanel.tsx';

function ExportButton() {
  const { exportDataset } = useActions();
  return (
    <span className={styles.export}>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPackageExport size={16} aria-hidden="true" />}
        onClick={() => void exportDataset()}
      >
        Export
      </Button>
      <Explain term="export">
        <p>
          One file, a .likeness.zip, with the list of images, roles, labels, thumbnails, features, trained heads and
          results. Imported in another browser, the data set is there as it is here, and can be searched without
          computing again.
        </p>
        <p>The photos themselves are not in it: open their folder there to see them large, or to add a model.</p>
      </Explain>
    </span>
  );
}

export default function DatasetView({ dataset }: { readonly dataset: Dataset }) {
  const { openDatasetFile, openFolder, openGroundTruth, openZip } = useOpenData();
  // Deferred: while files are read, the list changes often, and grouping 20,000 images must not hold a scroll up.
  const images = useDeferredValue(useStore(useWorkspace().dataset, (state) => state.images));
  const classes = useMemo(() => countClasses(images), [images]);
  const plain = useMemo(() => images.length > 1 && !canScore(images), [images]);
  const [part, setPart] = useState<PartName | null>(null);
  const parts = useRef<HTMLDivElement>(null);
  /** Counts how often a part was asked for from above: they lie below all that leads to them. */
  const [asked, setAsked] = useState(0);
  useLayoutEffect(() => {
    if (asked > 0) parts.current?.scrollIntoView({ block: 'start' });
  }, [asked]);
  const show = (name: PartName): void => {
    setPart(name);
    setAsked((before) => before + 1);
  };
  const { lookAfter } = useActions();
  const workspace = useWorkspace();
  const findCopies = (): void => {
    show('care');
    const [best] = comparableBy(workspace.models.getState().rows);
    // What was found before is shown again.
    if (best && workspace.care.getState().report === null) {
      // Before, the page may have been too short to bring it up.
      void lookAfter(best.weights.id).then(() => setAsked((before) => before + 1));
    }
  };

  return (
    <div className={styles.view}>
      <ScreenHeader
        title="Data"
        actions={
          <>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconFolderOpen size={16} aria-hidden="true" />}
              onClick={() => void openFolder()}
            >
              Choose folder
            </Button>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconFileZip size={16} aria-hidden="true" />}
              onClick={() => void openZip()}
            >
              Open zip
            </Button>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconTags size={16} aria-hidden="true" />}
              title="Labels of images: ground_truth.json, or a table with a column of files and one of classes"
              onClick={() => void openGroundTruth()}
            >
              Add ground truth
            </Button>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPackageImport size={16} aria-hidden="true" />}
              title="A .likeness.zip that was exported here or in another browser"
              onClick={() => void openDatasetFile()}
            >
              Import
            </Button>
            <ExportButton />
          </>
        }
      />
      <Failures screen="data" />
      {dataset.demo ? <DemoPanel /> : null}
      {plain ? <PlainPanel images={dataset.counts.gallery} onCheck={findCopies} /> : null}
      <FilesNotice />
      <FolderNotices />
      <Facts dataset={dataset} onShowProblems={() => show('problems')} />
      <div className={styles.panels}>
        <Folders folders={dataset.folders} />
        <ClassPanel classes={classes} />
      </div>
      <DecisionBar />
      <div ref={parts} className={styles.parts}>
        <Parts dataset={dataset} images={images} part={part} onChange={setPart} />
      </div>
    </div>
  );
}

/** More of them stand among the problems: a screen full of notices goes unread. */
const MOST = 6;

/** What folders and classes leave open, each with the buttons that decide it. */
function FolderNotices() {
  const { decide } = useActions();
  const notices = useStore(useWorkspace().dataset, (state) => state.notices);
  return notices.slice(0, MOST).map(({ kind, path, reason, action, offers }) => (
    <Notice
      key={`${kind} ${path}`}
      tone="warning"
      icon={<IconFolderQuestion size={20} aria-hidden="true" />}
      action={
        offers.length === 0
          ? undefined
          : offers.map(({ label, choice }) => (
              <Button key={label} size="xs" variant="default" onClick={() => void decide(choice)}>
                {formatSentence(label)}
              </Button>
            ))
      }
    >
      {formatSentence(reason)} {formatSentence(`${action.charAt(0).toUpperCase()}${action.slice(1)}.`)}
    </Notice>
  ));
}

interface FactsProps {
  readonly dataset: Dataset;
  readonly onShowProblems: () => void;
}

function Facts({ dataset, onShowProblems }: FactsProps) {
  const { counts, problems } = dataset;
  return (
    <dl className={styles.facts}>
      <Fact name="Classes" value={dataset.classes.length} />
      <Fact name="Training" value={counts.training} />
      <Fact name="Query" value={counts.query} />
      <Fact name="Gallery" value={counts.gallery} />
      <div className={styles.fact}>
        <dt>Problems</dt>
        <dd>
          {problems.length === 0 ? (
            '0'
          ) : (
            <UnstyledButton
              className={styles.problems}
              aria-label={`${formatCount(problems.length)}, show the problems`}
              onClick={onShowProblems}
            >
              <IconAlertTriangle size={18} aria-hidden="true" />
              {formatCount(problems.length)}
            </UnstyledButton>
          )}
        </dd>
      </div>
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{formatCount(value)}</dd>
    </div>
  );
}
