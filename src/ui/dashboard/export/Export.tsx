import { Button } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';
import styles from './Export.module.css';
import { EmbeddingsExport, LabelsExport, ProjectorExport, RankingExport, useRankable } from './ImageExports.tsx';
import { BundleExport, FiguresExport, ReportExport, TableExport } from './RunExports.tsx';

/** Everything that can be taken away, one row an export: what it is, its options, its button. */
export default function Export() {
  const none = useStore(useWorkspace().comparison, ({ runs }) => runs.length === 0);
  // Where no image has a class there are embeddings and neighbours, and no result to tell.
  const scored = useStore(useWorkspace().comparison, ({ runs }) =>
    runs.some(({ result }) => result.test !== null || result.validation !== null),
  );
  const rankable = useRankable();
  const labelled = useStore(useWorkspace().dataset, ({ images }) => images.some(({ className }) => className !== null));
  if (none) {
    return (
      <EmptyState
        icon={<IconFileExport size={40} stroke={1.2} aria-hidden="true" />}
        title="Nothing to take away yet"
        action={
          <Button component="a" href="#/comparison">
            Go to Comparison
          </Button>
        }
      >
        Reports, tables, rankings and embeddings are made from finished runs.
      </EmptyState>
    );
  }
  return (
    <div className={styles.exports}>
      <p className={styles.note}>
        Files are written in this tab and handed to the browser’s downloads. Nothing is sent anywhere.
      </p>
      {scored ? (
        <>
          <ReportExport />
          <TableExport />
          <FiguresExport />
        </>
      ) : null}
      {scored || rankable ? <RankingExport /> : null}
      <EmbeddingsExport />
      {labelled ? <LabelsExport /> : null}
      <ProjectorExport />
      {scored ? <BundleExport /> : null}
    </div>
  );
}
