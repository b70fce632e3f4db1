import { Button } from '@mantine/core';
import {
  IconFileZip,
  IconFolderOpen,
  IconPackageImport,
  IconPhotoDown,
  IconShieldLock,
  IconSparkles,
} from '@tabler/icons-react';
import { demoKinds, hands } from '../../app/dataset/demo-results.ts';
import { Failures } from '../components/Notice.tsx';
import { useOpenData } from '../components/open-data.ts';
import { PRIVACY } from '../components/storage-words.ts';
import { useActions } from '../workspace.tsx';
import { DemoCredits } from './DemoCredits.tsx';
import styles from './start.module.css';

/** No data set yet: one large place to drop a folder. */
export function Start() {
  const { openDatasetFile, openFolder, openZip } = useOpenData();
  const { tryDemo } = useActions();
  return (
    <div className={styles.start}>
      <Failures screen="data" />
      <div className={styles.area}>
        <IconPhotoDown size={40} stroke={1.3} className={styles.icon} aria-hidden="true" />
        <h1 className={styles.title}>Drop a folder with training, query and gallery images</h1>
        <p className={styles.text}>
          Each query is compared with every image of the gallery, and the nearest ones are shown.
        </p>
        <div className={styles.ways}>
          <Button
            variant="default"
            leftSection={<IconFolderOpen size={18} aria-hidden="true" />}
            onClick={() => void openFolder()}
          >
            Choose folder
          </Button>
          <Button
            variant="default"
            leftSection={<IconFileZip size={18} aria-hidden="true" />}
            onClick={() => void openZip()}
          >
            Open zip
          </Button>
          <Button
            variant="default"
            leftSection={<IconPackageImport size={18} aria-hidden="true" />}
            title="A .likeness.zip that was exported here or in another browser"
            onClick={() => void openDatasetFile()}
          >
            Import a data set
          </Button>
          <Button leftSection={<IconSparkles size={18} aria-hidden="true" />} onClick={() => void tryDemo()}>
            Try the demo
          </Button>
        </div>
        <p className={styles.text}>
          No images at hand? The demo compares models on {demoKinds} things as {hands.length} sets of emoji draw them,
          in about a minute and without any download.
        </p>
        <DemoCredits />
      </div>
      <div className={styles.notes}>
        <FolderTree />
        <div>
          <h2 className={styles.heading}>What is recognised</h2>
          <ul className={styles.list}>
            <li>
              <code>train</code> or <code>training</code>, <code>query</code>, <code>gallery</code>, in capitals or not;
              a folder around them does no harm.
            </li>
            <li>A folder without these names becomes a gallery, its sub-folders the classes.</li>
            <li>Roles can be changed afterwards. Files that are no images are listed, with the reason.</li>
          </ul>
          <p className={styles.privacy}>
            <IconShieldLock size={18} aria-hidden="true" />
            <span>{PRIVACY}</span>
          </p>
        </div>
      </div>
    </div>
  );
}

/** The expected folders, drawn; `depth` in steps, dim lines are examples. */
const lines: readonly { readonly depth: number; readonly name: string; readonly note: string }[] = [
  { depth: 0, name: 'photos/', note: '' },
  { depth: 1, name: 'training/', note: 'labelled images to learn from' },
  { depth: 2, name: 'apple/', note: 'one folder a class' },
  { depth: 2, name: 'bread/', note: '' },
  { depth: 1, name: 'test/', note: '' },
  { depth: 2, name: 'query/', note: 'images to ask with' },
  { depth: 2, name: 'gallery/', note: 'images to find' },
];

function FolderTree() {
  return (
    <figure className={styles.tree}>
      <figcaption className={styles.caption}>The folders expected</figcaption>
      <ul className={styles.folders}>
        {lines.map((line) => (
          <li key={line.name} className={styles.line} style={{ paddingInlineStart: `${line.depth * 20}px` }}>
            {line.depth === 0 ? null : <span className={styles.branch} aria-hidden="true" />}
            <code>{line.name}</code>
            <span className={styles.note}>{line.note}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
